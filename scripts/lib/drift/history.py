"""Earlier reports of a folder: what was, day by day, and which stack was looked at last when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.lib.drift.model import DriftReport, Plane
from scripts.lib.drift.report_json import read_report
from scripts.lib.errors import InputError, one_line


@dataclass(frozen=True, slots=True)
class History:
    """The reports, oldest first, and one line for each file that was passed over."""

    reports: tuple[DriftReport, ...] = ()
    passed_over: tuple[str, ...] = ()


def read_history(directory: Path) -> History:
    """Return the reports of a folder's JSON files; a folder that is not there has none.

    Raises:
        InputError: it is no folder, or cannot be read.
    """
    try:
        paths = sorted(path for path in directory.iterdir() if path.suffix == ".json")
    except FileNotFoundError:
        return History()
    except OSError as exc:
        raise InputError(f"history {one_line(directory)} cannot be read: {exc.strerror}") from exc
    reports: list[DriftReport] = []
    passed_over: list[str] = []
    for path in paths:
        try:
            reports.append(read_report(path))
        except InputError as exc:
            passed_over.append(f"Passed over: {exc}.")
    return History(tuple(sorted(reports, key=lambda report: report.when)), tuple(passed_over))


def with_report(history: History, report: DriftReport) -> History:
    """Return what is of the report's account and Region, with the report as the newest.

    Of a moment that is in it already, the report given counts.
    """
    earlier: list[DriftReport] = []
    strangers = 0
    for each in history.reports:
        if report.account_id and (each.account_id, each.region) != (
            report.account_id,
            report.region,
        ):
            strangers += 1
        elif each.when < report.when:
            earlier.append(each)
    passed_over = history.passed_over
    if strangers:
        plural = "s" * (strangers > 1)
        passed_over += (f"Passed over: {strangers} report{plural} of another account or Region.",)
    return History((*earlier, report), passed_over)


def oldest_first(stacks: Iterable[str], reports: Sequence[DriftReport]) -> tuple[str, ...]:
    """Return the stacks, those first that were checked longest ago or never.

    A check that failed does not count. Where two are alike their given order stays.
    """
    last: dict[str, str] = {}
    for report in reports:
        for check in report.checks:
            if check.plane is Plane.TERRAFORM and not check.failures:
                last[check.stack] = max(last.get(check.stack, ""), report.when)
    return tuple(sorted(stacks, key=lambda stack: last.get(stack, "")))
