"""Attributes before and after, as a coloured difference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from scripts.lib.plan_review.markdown.escape import (
    NAME_LIMIT,
    VALUE_LIMIT,
    clipped,
    code_block,
    value_lines,
    visible,
)
from scripts.lib.plan_review.model import AttributeChange

SHOWN: Final = 60
"""Attributes of one resource."""

CONTEXT: Final = 60
"""Characters before the first difference of two long values."""

FORCES: Final = "  # forces the replacement"
HIDDEN: Final = "  # sensitive"
UNKNOWN: Final = "(known when it is applied)"


def attributes_block(changes: Iterable[AttributeChange]) -> str:
    """Return a block of code with a line for what goes and one for what comes."""
    changes = tuple(changes)
    lines = [line for change in changes[:SHOWN] for line in _lines(change)]
    if len(changes) > SHOWN:
        lines.append(f"  and {len(changes) - SHOWN} more attributes")
    return code_block(lines, "diff")


def _lines(change: AttributeChange) -> Iterable[str]:
    name = clipped(visible(clipped(change.path, NAME_LIMIT)), NAME_LIMIT)
    before, after = _around_difference(change.before, change.after)
    if change.unknown:
        after = UNKNOWN
    note = (FORCES if change.forces_replacement else "") + (HIDDEN if change.sensitive else "")
    if before is not None:
        yield from _signed("-", name, before, note if after is None else "")
    if after is not None:
        yield from _signed("+", name, after, note)
    if before is None and after is None:
        yield f"  {name}{note}"


def _signed(sign: str, name: str, value: str, note: str) -> Iterable[str]:
    lines = value_lines(value)
    if len(lines) == 1:
        return [f"{sign} {name} = {lines[0]}{note}"]
    return [f"{sign} {name} ={note}", *(f"{sign}     {line}" for line in lines)]


def _around_difference(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Leave out what two long values have in common at their start."""
    if before is None or after is None or max(len(before), len(after)) <= VALUE_LIMIT:
        return before, after
    same = _in_common(before, after)
    if same <= 2 * CONTEXT:
        return before, after
    start = same - CONTEXT
    return f"…{before[start:]}", f"…{after[start:]}"


def _in_common(before: str, after: str) -> int:
    """Return how many characters both begin with."""
    known, unknown = 0, min(len(before), len(after)) + 1
    while unknown - known > 1:
        middle = (known + unknown) // 2
        if before.startswith(after[:middle]):
            known = middle
        else:
            unknown = middle
    return known
