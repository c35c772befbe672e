"""What the comparison found, for people and for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tools.engine_parity.compare import ABSENT, Comparison, Difference, Expected, described, dotted
from tools.engine_parity.parity import Result

EXIT_EQUAL, EXIT_DIFFERENT = 0, 2


def exit_code(result: Result) -> int:
    return EXIT_EQUAL if result.holds else EXIT_DIFFERENT


def as_text(result: Result, pinned: str, other: str) -> str:
    """Return the report for people; ``pinned`` and ``other`` say what the engines are."""
    return "\n".join(_lines(result, pinned, other))


def as_json(result: Result, pinned: str, other: str) -> str:
    """Return the report for machines, every value whole; what is absent is left out.

    Of files that are not JSON there is the size and a digest."""
    report = {
        "pinned": pinned,
        "other": other,
        "stacks": result.stacks,
        "renamed": {"places": result.renamed.places, "files": result.renamed.files},
        "compared": {"files": result.comparison.files, "values": result.comparison.values},
        "expected": [
            _record(difference) | {"reason": known.reason}
            for difference, known in result.comparison.expected
        ],
        "differences": [_record(each) for each in result.comparison.unexpected],
        "slim": result.slim
        and {
            "warnings": result.slim.warnings,
            "differences": [_record(each) for each in result.slim.comparison.unexpected],
        },
        "exit_code": exit_code(result),
    }
    return json.dumps(report, indent=2, default=described)


def _lines(result: Result, pinned: str, other: str) -> Iterator[str]:
    comparison, renamed = result.comparison, result.renamed
    yield f"Pinned engine: {pinned}"
    yield f"Other engine:  {other}"
    yield (
        f"Source: {renamed.places} imports renamed in {renamed.files} of its files,"
        " nothing else changed"
    )
    yield f"Stacks: {', '.join(result.stacks)}"
    yield f"Compared: {comparison.values} values in {comparison.files} files"
    yield ""
    yield from _expected(comparison)
    yield from _unexpected("Differences", comparison)
    if result.slim is not None:
        title = "Other engine, differences of slim bindings from stock"
        yield from _unexpected(title, result.slim.comparison)
        yield from (f"  not used: {warning}" for warning in result.slim.warnings)


def _expected(comparison: Comparison) -> Iterator[str]:
    """A line for each reason: it holds for many stacks."""
    by_reason: dict[Expected, list[Difference]] = {}
    for difference, known in comparison.expected:
        by_reason.setdefault(known, []).append(difference)
    yield f"Expected differences: {len(comparison.expected)}"
    for known, found in by_reason.items():
        where = f"{known.files}: {dotted(known.path)}"
        yield f"  {where}: {known.pinned} -> {known.other} ({len(found)}x; {known.reason})"


def _unexpected(title: str, comparison: Comparison) -> Iterator[str]:
    yield f"{title}: {len(comparison.unexpected) or 'none'}"
    yield from (f"  {difference}" for difference in comparison.unexpected)


def _record(difference: Difference) -> dict[str, Any]:
    sides = {"pinned": difference.pinned, "other": difference.other}
    shown = {side: value for side, value in sides.items() if value is not ABSENT}
    return {"file": difference.file, "path": list(difference.path), **shown}
