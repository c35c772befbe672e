"""Making a comment as long as it may be: what matters less is given up first.

A document is a tree of pieces. Each has a level, and is rendered only if it has a chance to be
shown, so that a plan of thousands of changes costs little more than what is shown of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

GITHUB_LIMIT: Final = 65_536
"""GitHub: "Body is too long (maximum is 65536 characters)". Whether it counts characters, UTF-16
units or bytes differs from one of its interfaces to the next; bytes are the most of the three."""

LEAST_LIMIT: Final = 4_000
"""The verdict, the fingerprints and the note on what is left out always have room in it."""

NOTE_RESERVE: Final = 2_000
TRIES: Final = 20
"""Pieces that may turn out too long before all that matters less is given up."""


class Level(IntEnum):
    """What is shown first; given up from the last to the first. ``label`` is for people."""

    DANGER = 1
    FINGERPRINT = 2
    HIGH = 3
    STACK = 4
    LOSS = 5
    NOTICE = 6
    SCRIPT = 7
    ROW = 8
    RIGHTS = 9
    FINDING = 10
    OUTPUT = 11
    LOW = 12
    ATTRIBUTES = 13
    CREATED = 14
    DRIFT = 15
    ACKNOWLEDGED = 16
    PICTURE = 17

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final[Mapping[Level, str]] = {
    Level.DANGER: "what to look at first",
    Level.FINGERPRINT: "fingerprints of the single stacks",
    Level.HIGH: "high risks",
    Level.STACK: "stacks",
    Level.LOSS: "destroyed, replaced or risky resources",
    Level.NOTICE: "notices",
    Level.SCRIPT: "changes by the script",
    Level.ROW: "other resources",
    Level.RIGHTS: "changes of rights",
    Level.FINDING: "explanations",
    Level.OUTPUT: "outputs",
    Level.LOW: "explanations of low risks",
    Level.ATTRIBUTES: "changed attributes",
    Level.CREATED: "attributes of new resources",
    Level.DRIFT: "changes outside Terraform",
    Level.ACKNOWLEDGED: "acknowledged findings",
    Level.PICTURE: "pictures",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part that is shown as a whole or not at all."""

    level: Level
    render: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Box:
    """What goes around pieces; shown as soon as one of them is."""

    head: Callable[[], str]
    tail: str
    content: Sequence[Piece | Box]


Node = Piece | Box
Note = Callable[[Counter[Level]], str]


@dataclass(slots=True)
class _Fitting:
    """What has been chosen so far; texts by the node's id."""

    room: int
    texts: dict[int, str]
    chosen: set[int] = field(default_factory=set)
    left_out: Counter[Level] = field(default_factory=Counter)

    def text(self, node: Node) -> str:
        known = self.texts.get(id(node))
        if known is None:
            known = node.render() if isinstance(node, Piece) else node.head()
            self.texts[id(node)] = known
        return known

    def take(self, piece: Piece, boxes: tuple[Box, ...]) -> bool:
        """Choose a piece with the boxes around it, if there is room for all of it."""
        closed = [box for box in boxes if id(box) not in self.chosen]
        cost = size(self.text(piece))
        for box in closed:
            cost += size(self.text(box)) + size(box.tail)
        if cost > self.room:
            return False
        self.room -= cost
        self.chosen.update(map(id, (piece, *closed)))
        return True

    def is_open(self, boxes: tuple[Box, ...]) -> bool:
        """Tell whether the innermost box is shown already, by something else in it."""
        return bool(boxes) and id(boxes[-1]) in self.chosen

    def written(self, nodes: Iterable[Node]) -> Iterator[str]:
        for node in nodes:
            if id(node) in self.chosen:
                yield self.texts[id(node)]
                if isinstance(node, Box):
                    yield from self.written(node.content)
                    yield node.tail


def size(text: str) -> int:
    """Return how long GitHub may find ``text``."""
    return len(text.encode("utf-8"))


def fit(top: str, nodes: Sequence[Node], bottom: str, limit: int, note: Note) -> str:
    """Return ``top``, what there is room for of ``nodes``, and ``bottom``.

    Levels are filled in their order, each into the room that those before it have left; ``note``
    says after ``top`` what is left out. It gets how many pieces of each level those are, and may
    be NOTE_RESERVE long.

    Raises:
        ValueError: ``limit`` is less than LEAST_LIMIT.
    """
    if limit < LEAST_LIMIT:
        raise ValueError(f"limit: {limit}, at least {LEAST_LIMIT} is needed")
    by_level: defaultdict[Level, list[tuple[Piece, tuple[Box, ...]]]] = defaultdict(list)
    _collect(nodes, (), by_level)
    texts: dict[int, str] = {}
    room = limit - size(top) - size(bottom)
    fitting = _fill(by_level, _Fitting(room, texts))
    noted = ""
    if fitting.left_out:
        fitting = _fill(by_level, _Fitting(room - NOTE_RESERVE, texts))
        noted = note(fitting.left_out)
    return "".join((top, noted, *fitting.written(nodes), bottom))


def _collect(
    nodes: Iterable[Node],
    boxes: tuple[Box, ...],
    by_level: defaultdict[Level, list[tuple[Piece, tuple[Box, ...]]]],
) -> None:
    for node in nodes:
        if isinstance(node, Piece):
            by_level[node.level].append((node, boxes))
        else:
            _collect(node.content, (*boxes, node), by_level)


def _fill(
    by_level: Mapping[Level, list[tuple[Piece, tuple[Box, ...]]]], fitting: _Fitting
) -> _Fitting:
    misses = 0
    for level in Level:
        for piece, boxes in by_level.get(level, ()):
            if misses <= TRIES:
                if fitting.take(piece, boxes):
                    continue
                misses += 1
            if level is not Level.STACK or not fitting.is_open(boxes):
                fitting.left_out[level] += 1
    return fitting
