"""Attributes before and after, as a coloured difference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from scripts.lib.plan_review.markdown.escape import NAME_LIMIT, code_block, value_lines
from scripts.lib.plan_review.model import AttributeChange
from scripts.lib.plan_review.shown import shown

SHOWN: Final = 60
"""Attributes of one resource."""

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
    name = shown(change.path, NAME_LIMIT)
    before, after = change.before, UNKNOWN if change.unknown else change.after
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
