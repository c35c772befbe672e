"""Where two synthesised outputs differ, and which of the differences are expected.

JSON is compared value by value, so its layout does not count; everything else byte by byte.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

Files = Mapping[str, bytes]
"""An output folder: the content of each file by its path in the folder, with ``/``."""

Place = tuple[str | int, ...]
"""The keys and indices that lead to a value."""

SHOWN = 120
"""Characters of a value that are shown; JSON reports have them all."""

_PLAIN_KEY = re.compile(r"[\w-]+", re.ASCII)


class Missing(Enum):
    """What stands for a value that one side does not have; JSON has no such value."""

    ABSENT = "(absent)"


ABSENT = Missing.ABSENT


@dataclass(frozen=True)
class Difference:
    """A value that the two sides do not share, in a file; an empty path means the whole file."""

    file: str
    path: Place
    pinned: Any
    other: Any

    @property
    def where(self) -> str:
        return f"{self.file}: {dotted(self.path)}" if self.path else self.file

    def __str__(self) -> str:
        pinned, other = _excerpts(_text(self.pinned), _text(self.other))
        return f"{self.where}: {pinned} -> {other}"


@dataclass(frozen=True)
class Expected:
    """A difference that has a reason: where it is, and just which values the sides have."""

    files: str
    """Pattern of the files' paths; ``*`` stands for any characters."""
    path: Place
    pinned: Any
    other: Any
    reason: str

    def explains(self, difference: Difference) -> bool:
        return (
            fnmatchcase(difference.file, self.files)
            and difference.path == self.path
            and difference.pinned == self.pinned
            and difference.other == self.other
        )


@dataclass(frozen=True)
class Comparison:
    """What was found: the differences without a reason, those with one, and how much was read."""

    unexpected: tuple[Difference, ...]
    expected: tuple[tuple[Difference, Expected], ...]
    files: int
    values: int

    @property
    def is_equal(self) -> bool:
        return not self.unexpected


def compare(pinned: Files, other: Files, expected: Sequence[Expected] = ()) -> Comparison:
    """Compare two outputs; each difference is expected if one of ``expected`` explains it."""
    found = tuple(differences(pinned, other))
    reasons = [
        (each, next((known for known in expected if known.explains(each)), None)) for each in found
    ]
    return Comparison(
        unexpected=tuple(each for each, known in reasons if known is None),
        expected=tuple((each, known) for each, known in reasons if known is not None),
        files=len(pinned.keys() | other.keys()),
        values=sum(_count(_content(name, pinned[name])) for name in pinned),
    )


def differences(pinned: Files, other: Files) -> Iterator[Difference]:
    """Yield every difference, by file and by place."""
    for name in sorted(pinned.keys() | other.keys()):
        if name not in pinned:
            yield Difference(name, (), ABSENT, other[name])
        elif name not in other:
            yield Difference(name, (), pinned[name], ABSENT)
        elif pinned[name] != other[name]:
            sides = _content(name, pinned[name]), _content(name, other[name])
            yield from _within(name, (), *sides)


def dotted(path: Place) -> str:
    """Return a path as people write it: ``resource.aws_iam_role.R.tags[0]."//"``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            key = step if _PLAIN_KEY.fullmatch(step) else json.dumps(step)
            text += f".{key}" if text else key
    return text


def described(content: bytes) -> str:
    """Return what is said of a whole file instead of its content."""
    return f"({len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()[:12]})"


def _within(file: str, path: Place, pinned: Any, other: Any) -> Iterator[Difference]:
    match pinned, other:
        case dict(), dict():
            for key in sorted(pinned.keys() | other.keys()):
                values = pinned.get(key, ABSENT), other.get(key, ABSENT)
                yield from _within(file, (*path, key), *values)
        case list(), list():
            for index in range(max(len(pinned), len(other))):
                values = (_at(pinned, index), _at(other, index))
                yield from _within(file, (*path, index), *values)
        case _ if type(pinned) is not type(other) or pinned != other:  # True is no 1
            yield Difference(file, path, pinned, other)


def _at(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else ABSENT


def _content(name: str, content: bytes) -> Any:
    """The value of a JSON file; of any other, its bytes."""
    if not name.endswith(".json"):
        return content
    try:
        return json.loads(content)
    except ValueError:
        return content


def _count(value: Any) -> int:
    """How many values there are that hold no others."""
    match value:
        case dict() if value:
            return sum(map(_count, value.values()))
        case list() if value:
            return sum(map(_count, value))
        case _:
            return 1


def _text(value: Any) -> str:
    match value:
        case Missing():
            return str(value.value)
        case bytes():
            return described(value)
        case _:
            return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _excerpts(pinned: str, other: str) -> tuple[str, str]:
    """Both texts, cut down to where they begin to differ."""
    pairs = enumerate(zip(pinned, other, strict=False))
    same = next((at for at, (one, two) in pairs if one != two), min(len(pinned), len(other)))
    start = max(0, same - SHOWN // 2) if max(len(pinned), len(other)) > SHOWN else 0
    return _excerpt(pinned, start), _excerpt(other, start)


def _excerpt(text: str, start: int) -> str:
    end = start + SHOWN
    return ("..." if start else "") + text[start:end] + ("..." if end < len(text) else "")
