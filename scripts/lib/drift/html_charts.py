"""Small charts as inline SVG: no script, nothing from elsewhere, and a title on every mark.

What a colour says, a height says too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scripts.lib.drift.html_text import text
from scripts.lib.drift.trend import Day, State, Strip

WIDTH: Final = 720
HEIGHT: Final = 150
LEFT, BOTTOM, TOP = 34, 24, 10
WIDEST_BAR: Final = 22.0

CELL: Final = 9
STRIP_HEIGHT: Final = 24

CLASSES: Final = {
    State.UNSEEN: ("unseen", 2),
    State.CLEAN: ("clean", 6),
    State.LOW: ("low", 11),
    State.MEDIUM: ("medium", 16),
    State.HIGH: ("high", 22),
    State.FAILED: ("failed", 22),
}
"""The class of a state's mark, and its height."""


def bars(days: Sequence[Day]) -> str:
    """Return a chart of the findings that alarm, day by day."""
    most = _ceiling(max((day.counts.alarms for day in days), default=0))
    step = (WIDTH - LEFT) / max(len(days), 1)
    wide = min(WIDEST_BAR, step * 0.7)
    parts = [*_grid(most)]
    for number, day in enumerate(days):
        middle = LEFT + step * (number + 0.5)
        parts.append(_stack(day, middle - wide / 2, wide, most))
    parts += _dates(days, step)
    said = "; ".join(f"{day.date}: {day.counts.alarms}" for day in days)
    return (
        f'<svg class="bars" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{text(f"Findings by day. {said}")}">{"".join(parts)}</svg>'
    )


def strip(row: Strip) -> str:
    """Return one stack's states as a row of marks."""
    marks = []
    for number, (found, when) in enumerate(zip(row.states, row.when, strict=True)):
        name, high = CLASSES[found]
        x, y = number * CELL, STRIP_HEIGHT - high - 1
        marks.append(
            f'<rect class="{name}" x="{x}" y="{y}" width="{CELL - 2}" height="{high}" rx="1.5">'
            f"<title>{text(f'{when}: {found}')}</title></rect>"
        )
    wide = max(len(row.states), 1) * CELL
    seen = [found for found in row.states if found is not State.UNSEEN]
    drifted = sum(found not in (State.CLEAN, State.FAILED) for found in seen)
    failed = seen.count(State.FAILED)
    said = f"{len(seen)} checks, {drifted} with drift, {failed} failed"
    return (
        f'<svg class="strip" width="{wide}" height="{STRIP_HEIGHT}" '
        f'viewBox="0 0 {wide} {STRIP_HEIGHT}" role="img" aria-label="{text(said)}">'
        f"{''.join(marks)}</svg>"
    )


def _stack(day: Day, x: float, wide: float, most: int) -> str:
    number = day.counts
    title = (
        f"{day.date}: {number.alarms} ({number.high} high, {number.medium} medium, "
        f"{number.low} low)" + f", {number.failed} checks failed" * bool(number.failed)
    )
    y, parts = float(HEIGHT - BOTTOM), []
    for name, count in (("high", number.high), ("medium", number.medium), ("low", number.low)):
        if count:
            high = count / most * (HEIGHT - BOTTOM - TOP)
            y -= high
            parts.append(
                f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" '
                f'height="{max(high - 1, 1):.1f}" rx="2"/>'
            )
    if not number.alarms:
        name = "failed" if number.failed else "clean"
        parts.append(
            f'<rect class="{name}" x="{x:.1f}" y="{HEIGHT - BOTTOM - 3}" width="{wide:.1f}" '
            'height="2.5" rx="1"/>'
        )
    return f"<g><title>{text(title)}</title>{''.join(parts)}</g>"


def _grid(most: int) -> list[str]:
    lines = []
    for value in (0, most // 2, most) if most > 1 else (0, most):
        y = HEIGHT - BOTTOM - value / most * (HEIGHT - BOTTOM - TOP)
        lines.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value}</text>'
        )
    return lines


def _dates(days: Sequence[Day], step: float) -> list[str]:
    """The first day and the last: with one bar a day, the rest can be counted."""
    if not days:
        return []
    y = HEIGHT - 6
    if len(days) == 1:
        x = f"{LEFT + step / 2:.1f}"
        date = text(days[0].date)
        return [f'<text class="tick" x="{x}" y="{y}" text-anchor="middle">{date}</text>']
    return [
        f'<text class="tick" x="{LEFT}" y="{y}">{text(days[0].date)}</text>',
        f'<text class="tick" x="{WIDTH}" y="{y}" text-anchor="end">{text(days[-1].date)}</text>',
    ]


def _ceiling(most: int) -> int:
    """Return a round number that is not less, and even, so that its half is one as well."""
    if most <= 1:
        return max(most, 1)
    for unit in (2, 4, 10, 20, 40, 100, 200, 400, 1_000, 4_000, 10_000):
        if most <= unit:
            return unit
    return most + most % 2
