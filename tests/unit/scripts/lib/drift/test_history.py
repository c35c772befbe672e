"""Earlier reports: read, passed over, put in order; and what became of each stack."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.lib.drift.history import History, oldest_first, read_history, with_report
from scripts.lib.drift.model import Checked, DriftReport, Failure, Plane
from scripts.lib.drift.report_json import write_document
from scripts.lib.errors import InputError
from tests.unit.scripts.lib.drift.reports import CLEAN, FULL, weeks


def write(folder: Path, name: str, report: DriftReport) -> None:
    stream = io.StringIO()
    write_document(report, stream)
    (folder / name).write_text(stream.getvalue())


def test_reports_come_oldest_first_whatever_their_files_are_called(tmp_path: Path) -> None:
    for name, report in zip("cab", weeks(3), strict=True):
        write(tmp_path, f"{name}.json", report)
    assert read_history(tmp_path) == History(weeks(3))


def test_corrupt_and_foreign_files_are_told_and_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "good.json", FULL)
    (tmp_path / "half.json").write_text('{"format": 1, "when": "2026-')
    (tmp_path / "other.json").write_text('{"version": 4}')
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "notes.txt").write_text("not asked for")
    found = read_history(tmp_path)
    assert found.reports == (FULL,)
    assert len(found.passed_over) == 3
    assert all(line.startswith("Passed over: report ") for line in found.passed_over)
    assert all(line.isprintable() for line in found.passed_over)


def test_a_folder_that_is_not_there_has_no_reports(tmp_path: Path) -> None:
    assert read_history(tmp_path / "none") == History()


def test_fails_for_what_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be read: Not a directory"):
        read_history(tmp_path / "file")


def test_reports_of_other_accounts_and_regions_are_told_and_left_out() -> None:
    other = (
        replace(CLEAN, when="2026-01-01T00:00:00Z", account_id="999999999999"),
        replace(CLEAN, when="2026-01-02T00:00:00Z", region="eu-north-1"),
        replace(CLEAN, when="2026-01-03T00:00:00Z"),
    )
    found = with_report(History(other), FULL)
    assert found.reports == (other[2], FULL)
    assert found.passed_over == ("Passed over: 2 reports of another account or Region.",)


def test_the_new_report_counts_and_what_is_of_later_does_not() -> None:
    later = replace(CLEAN, when="2027-01-01T00:00:00Z")
    same = replace(CLEAN, when=FULL.when)
    assert with_report(History((same, later)), FULL).reports == (FULL,)


def report(when: str, *stacks: str, failed: str = "") -> DriftReport:
    checks = tuple(
        Checked(
            Plane.TERRAFORM,
            stack,
            failures=(Failure(Plane.TERRAFORM, stack, "x"),) * (stack == failed),
        )
        for stack in stacks
    )
    return DriftReport(when, "1", "r", checks)


def test_stacks_checked_longest_ago_come_first_and_those_never_before_all() -> None:
    reports = [report("2026-01-03", "a", "b"), report("2026-01-01", "c", "a")]
    assert oldest_first(["a", "b", "c", "new", "newer"], reports) == (
        "new",
        "newer",
        "c",
        "a",
        "b",
    )


def test_a_check_that_failed_is_none() -> None:
    reports = [report("2026-01-01", "a", "b"), report("2026-01-02", "a", "b", failed="b")]
    assert oldest_first(["a", "b"], reports) == ("b", "a")


def test_other_planes_do_not_count_as_a_stack_checked() -> None:
    launched = DriftReport("2026-01-02", "1", "r", (Checked(Plane.LAUNCHED, "a"),))
    assert oldest_first(["b", "a"], [report("2026-01-01", "b"), launched]) == ("a", "b")
