"""Reading JSON that should have a certain form: what has not is said, and passed over."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.lib.plan_review.printable import excerpt

MOST_NOTES = 50


@dataclass(slots=True)
class Notes:
    """What could not be made sense of: the first ones as they are, the others counted."""

    lines: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, line: str) -> None:
        """Keep a line; it must not quote values, which may be secret."""
        if len(self.lines) < MOST_NOTES:
            self.lines.append(line)
        else:
            self.more += 1

    def wrong(self, where: str, value: object, expected: str) -> None:
        """Say what there is and what should be."""
        self.add(f"{excerpt(where)} is {kind_of(value)}, expected: {expected}")

    def warnings(self) -> tuple[str, ...]:
        """Return all of them, one line each."""
        more = (f"{self.more:,} more of this kind",) if self.more else ()
        return (*self.lines, *more)


def mapping(value: object, where: str, notes: Notes) -> Mapping[str, Any]:
    """Return an object; an empty one if it is missing, null or something else."""
    if isinstance(value, dict):
        return value
    if value is not None:
        notes.wrong(where, value, "an object")
    return {}


def sequence(value: object, where: str, notes: Notes) -> Sequence[Any]:
    """Return a list; an empty one if it is missing, null or something else."""
    if isinstance(value, list):
        return value
    if value is not None:
        notes.wrong(where, value, "a list")
    return ()


def text(value: object, where: str, notes: Notes, default: str = "") -> str:
    """Return a string that can be written as UTF-8; ``default`` if it is none."""
    if isinstance(value, str):
        return whole(value)
    if value is not None:
        notes.wrong(where, value, "a string")
    return default


def flag(value: object, where: str, notes: Notes, *, default: bool) -> bool:
    """Return a boolean; ``default`` if it is none."""
    if isinstance(value, bool):
        return value
    if value is not None:
        notes.wrong(where, value, "true or false")
    return default


def whole(string: str) -> str:
    """Return ``string`` with half surrogate pairs replaced: JSON can hold them, UTF-8 cannot."""
    if string.isascii():
        return string
    return string.encode("utf-8", "replace").decode("utf-8")


def kind_of(value: object) -> str:
    """Say which kind of JSON value it is, without quoting it."""
    if isinstance(value, float) and not math.isfinite(value):
        return "no number"
    return _KINDS.get(type(value), "no JSON")


_KINDS = {
    type(None): "null",
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a string",
    dict: "an object",
    list: "a list",
}
