"""How it went: by day, and stack by stack."""

from dataclasses import replace

from scripts.lib.drift.html_charts import bars, strip
from scripts.lib.drift.model import DriftReport
from scripts.lib.drift.summary import Counts
from scripts.lib.drift.trend import DAYS, Day, State, days, state, strips
from tests.unit.scripts.lib.drift.reports import CLEAN, FULL, weeks


def test_a_day_is_its_last_report() -> None:
    early = replace(CLEAN, when="2026-03-31T01:00:00Z")
    assert days([early, FULL]) == (Day("2026-03-31", Counts(2, 1, 1, 1, 1)),)


def test_the_last_days_are_shown() -> None:
    found = days(weeks(DAYS + 20))
    assert len(found) == DAYS
    assert found[-1].date == "2026-03-31"


def test_states_of_stacks() -> None:
    expected = {
        "audit": State.FAILED,
        "network-main": State.CLEAN,
        "notebook-alpha": State.HIGH,
        "notebook-vision": State.HIGH,
        "": State.LOW,
        "never-heard-of": State.UNSEEN,
    }
    assert {stack: state(FULL, stack) for stack in expected} == expected


def test_a_strip_has_a_state_for_each_report_and_tells_when_it_was_seen() -> None:
    before = replace(CLEAN, when="2026-03-30T04:00:00Z")
    found = {row.stack: row for row in strips([before, FULL])}
    assert found["audit"].states == (State.CLEAN, State.FAILED)
    assert found["audit"].last_seen == before.when
    assert found["notebook-vision"].last_seen == FULL.when
    assert list(found)[-1] == ""


def test_a_stack_that_was_never_checked_was_never_seen() -> None:
    only_failed = replace(FULL, checks=FULL.checks[3:4])
    (row,) = strips([only_failed])
    assert (row.stack, row.last_seen) == ("audit", "")


def test_charts_of_nothing_and_of_much_stay_in_their_frame() -> None:
    for found in ([], [Day("2026-01-01", Counts())], [Day("2026-01-01", Counts(high=12_345))]):
        chart = bars(found)
        assert "nan" not in chart
        assert 'height="-' not in chart
        assert 'y="-' not in chart
    (row, *_) = strips([FULL])
    assert strip(row).count("<rect") == 1
    empty = DriftReport("2026-01-01T00:00:00Z", "1", "r")
    assert strips([empty]) == ()
