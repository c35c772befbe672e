"""Patterns of actions, resources and condition values: what one matches and another does not.

A pattern is text with ``*`` (any characters) and ``?`` (one). Policy variables stand for a text
that is not known here but the same wherever they occur in one request: a symbol that only itself
and ``*`` match.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

MARKS = "\ufdd0\ufdd1\ufdd2\ufdd3"
"""Noncharacters of Unicode that stand, in a key, for a literal star, a literal question mark, and
the two ends of a variable. A document that holds one of them is refused."""

_STAR, _ONE, _OPEN, _CLOSE = tuple(MARKS)
_ANY_TEXT, _ANY_CHARACTER = "**", "??"
_LITERAL = str.maketrans({"*": _STAR, "?": _ONE})
_VARIABLE = re.compile(r"\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}")
_SYMBOL = re.compile(f"{_OPEN}[^{_CLOSE}]*{_CLOSE}")
_RUN_OF_STARS = re.compile(r"\*{2,}")

STEPS = 50_000
"""How much one comparison may cost: a step is one or two microseconds."""


@dataclass(slots=True)
class Budget:
    """What a comparison may still cost; past it every question has the cautious answer."""

    steps: int = STEPS
    spent: int = field(default=0, init=False)

    def spend(self, steps: int = 1) -> bool:
        """Tell whether there was enough left for ``steps``."""
        self.spent += steps
        return self.spent <= self.steps

    @property
    def is_exhausted(self) -> bool:
        """Tell whether some answer was given for lack of steps."""
        return self.spent > self.steps


@dataclass(frozen=True, slots=True)
class Pattern:
    """What matches, whatever the spelling. ``text`` is how the document wrote it."""

    key: str
    text: str = field(compare=False)

    def __str__(self) -> str:
        return self.text

    @property
    def is_wild(self) -> bool:
        """Tell whether more than one text matches."""
        return "*" in self.key or "?" in self.key

    @property
    def beginning(self) -> str | None:
        """Return what texts begin with if that is all that is asked of them, else None."""
        head = self.key[:-1]
        return head if self.key.endswith("*") and "*" not in head and "?" not in head else None

    @property
    def has_variables(self) -> bool:
        """Tell whether a part of it is known only when a request is made."""
        return _OPEN in self.key


EVERYTHING = Pattern("*", "*")


@lru_cache(maxsize=4096)
def pattern(
    text: str, *, variables: bool = False, wild: bool = True, any_case: bool = False
) -> Pattern:
    """Return the pattern of a document's text.

    Args:
        variables: ``${...}`` is a policy variable.
        wild: ``*`` and ``?`` are wildcards.
        any_case: upper and lower case are the same.
    """
    spelled = text.lower() if any_case else text
    key, at = "", 0
    for found in _VARIABLE.finditer(spelled) if variables else ():
        key += _plain(spelled[at : found.start()], wild) + _symbol(found)
        at = found.end()
    key += _plain(spelled[at:], wild)
    return Pattern(_RUN_OF_STARS.sub("*", key), text)


def _plain(text: str, wild: bool) -> str:
    return text if wild else text.translate(_LITERAL)


def _symbol(found: re.Match[str]) -> str:
    name, default = found.groups()
    if name in ("*", "?", "$"):
        return str(name).translate(_LITERAL)
    rest = "" if default is None else "," + default.translate(_LITERAL)
    return f"{_OPEN}{name.lower().translate(_LITERAL)}{rest}{_CLOSE}"


def covered(part: Pattern, wholes: Sequence[Pattern], budget: Budget) -> bool:
    """Tell whether all that ``part`` matches is matched by one or another of ``wholes``.

    Exact, but for False when the budget is used up.
    """
    keys = [whole.key for whole in wholes]
    if part.key in keys or "*" in keys:
        return True
    if budget.is_exhausted:
        return False
    # A text of the part with characters that no pattern names in the place of its wildcards is
    # matched by stars alone; who matches it matches all of the part, unless it counts by "?".
    fresh = _SYMBOL.sub(_OPEN, part.key)
    simple, others = [], []
    for key in keys:
        if "?" in key or _OPEN in key:
            others.append(key)
        elif "*" in key:
            simple.append(key)
    if any(_matches_by_stars(key, fresh) for key in simple):
        return True
    candidates = [key for key in others if _may_begin_alike(part.key, key)]
    if not candidates:
        return False
    literals = [key for key in keys if "?" not in key and _OPEN not in key]
    return _included(_tokens(part.key), [*candidates, *literals], budget)


def disjoint(one: Pattern, other: Pattern, budget: Budget) -> bool:
    """Tell whether nothing is matched by both, whatever the variables stand for.

    False when the budget is used up.
    """
    if not _may_begin_alike(one.key, other.key):
        return True
    first, second = _tokens(one.key), _tokens(other.key)
    return not _meet(_loosened(first), _loosened(second), budget)


def _matches_by_stars(whole: str, text: str) -> bool:
    """Tell whether a pattern whose only wildcards are stars matches a text."""
    first, *middle, last = whole.split("*")
    at, end = len(first), len(text) - len(last)
    if at > end or not text.startswith(first) or not text.endswith(last):
        return False
    for each in middle:
        found = text.find(each, at, end)
        if found < 0:
            return False
        at = found + len(each)
    return True


def _may_begin_alike(one: str, other: str) -> bool:
    """Tell whether the literal beginnings of two patterns leave room for a text of both."""
    for pair in zip(one, other, strict=False):
        if "*" in pair or _OPEN in pair:
            return True
        if pair[0] != pair[1] and "?" not in pair:
            return False
    return True


@lru_cache(maxsize=8192)
def _tokens(key: str) -> tuple[str, ...]:
    """Literals are one character long, wildcards and variables more."""
    tokens: list[str] = []
    at = 0
    while at < len(key):
        char = key[at]
        if char == _OPEN:
            end = key.index(_CLOSE, at)
            tokens.append(key[at : end + 1])
            at = end
        elif char == "*":
            tokens.append(_ANY_TEXT)
        else:
            tokens.append(_ANY_CHARACTER if char == "?" else char)
        at += 1
    return tuple(tokens)


def _loosened(tokens: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_ANY_TEXT if token[0] == _OPEN else token for token in tokens)


class _Wholes:
    """Several patterns read at once: a set of states is one integer, a bit for each state."""

    __slots__ = ("_accepting", "_endless", "_letters", "_ones", "_spans", "_stars", "start")

    def __init__(self, keys: Sequence[str]) -> None:
        self.start = self._accepting = self._endless = self._stars = self._ones = 0
        self._letters: dict[str, int] = {}
        self._spans: list[int] = []
        base = 0
        for key in keys:
            tokens = _tokens(key)
            for at, token in enumerate(tokens, base):
                self._add(token, 1 << at)
            end = base + len(tokens)
            self.start |= 1 << base
            self._accepting |= 1 << end
            if tokens and tokens[-1] == _ANY_TEXT:
                self._endless |= 1 << (end - 1)
            self._spans.append(((1 << (len(tokens) + 1)) - 1) << base)
            base = end + 1
        self.start = self._settled(self.start)

    def _add(self, token: str, bit: int) -> None:
        if token == _ANY_TEXT:
            self._stars |= bit
        elif token == _ANY_CHARACTER:
            self._ones |= bit
        else:
            self._letters[token] = self._letters.get(token, 0) | bit

    @property
    def letters(self) -> list[str]:
        """One of each kind: the literals that occur, and "" for any other."""
        return ["", *(token for token in self._letters if token[0] != _OPEN)]

    def after(self, states: int, token: str) -> int:
        """Return the states after one literal, or one variable."""
        taken = states & self._letters.get(token, 0)
        if token[:1] != _OPEN:
            taken |= states & self._ones
        return self._settled((taken << 1) | (states & self._stars))

    def accepts(self, states: int) -> bool:
        return bool(states & self._accepting)

    def accepts_whatever_follows(self, states: int) -> bool:
        return bool(states & self._endless)

    def _settled(self, states: int) -> int:
        """Pass over stars, and forget what comes before the last star reached of a pattern.

        From there on everything is matched that the earlier states would match.
        """
        states |= (states & self._stars) << 1
        if not states & self._stars:
            return states
        kept = 0
        for span in self._spans:
            mine = states & span
            stars = mine & self._stars
            kept |= mine >> (stars.bit_length() - 1) << (stars.bit_length() - 1) if stars else mine
        return kept


def _included(part: tuple[str, ...], keys: Sequence[str], budget: Budget) -> bool:
    """Walk all ways through ``part``, looking for a text that none of ``keys`` matches."""
    if not budget.spend(len(part) + sum(map(len, keys))):
        return False
    wholes = _Wholes(keys)
    letters = wholes.letters
    seen: set[tuple[int, int]] = set()
    waiting = [(0, wholes.start)]
    while waiting:
        at, states = waiting.pop()
        if wholes.accepts_whatever_follows(states) or (at, states) in seen:
            continue
        if not states or (at == len(part) and not wholes.accepts(states)):
            return False
        seen.add((at, states))
        if at == len(part):
            continue
        token = part[at]
        is_star = token == _ANY_TEXT
        read = letters if is_star or token == _ANY_CHARACTER else [token]
        if not budget.spend(len(read) * len(keys)):
            return False
        then = at if is_star else at + 1
        waiting.extend((then, wholes.after(states, letter)) for letter in read)
        if is_star:
            waiting.append((at + 1, states))
    return True


def _meet(one: tuple[str, ...], other: tuple[str, ...], budget: Budget) -> bool:
    """Tell whether a text is matched by both: walk them side by side."""
    seen: set[tuple[int, int]] = set()
    waiting = [(0, 0)]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if here == (len(one), len(other)) or not budget.spend():
            return True
        waiting.extend(_steps(one, other, *here))
    return False


def _steps(
    one: tuple[str, ...], other: tuple[str, ...], at: int, to: int
) -> Iterator[tuple[int, int]]:
    first = one[at] if at < len(one) else ""
    second = other[to] if to < len(other) else ""
    if first == _ANY_TEXT:
        yield at + 1, to
    if second == _ANY_TEXT:
        yield at, to + 1
    if not first or not second:
        return
    if first == _ANY_TEXT:
        yield at, to + 1
    elif second == _ANY_TEXT:
        yield at + 1, to
    elif first == second or _ANY_CHARACTER in (first, second):
        yield at + 1, to + 1
