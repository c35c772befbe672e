"""What a report comes to, and what of it is of one stack."""

from dataclasses import replace

import pytest

from scripts.lib.drift.model import Checked, DriftReport, Failure, Plane
from scripts.lib.drift.summary import Counts, counts, headline, is_checked, part_of, stacks_of
from scripts.lib.plan_review.model import Risk
from tests.unit.scripts.lib.drift.reports import CLEAN, FAILURE, FULL, NOTEBOOK, TAGS


def test_counts() -> None:
    assert counts(FULL) == Counts(high=2, medium=1, low=1, ignored=1, failed=1)
    assert counts(FULL).alarms == 4
    assert [counts(FULL).of(risk) for risk in Risk] == [1, 1, 2]
    assert counts(CLEAN) == Counts()


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ((), "Nothing drifted."),
        ((Checked(Plane.LAUNCHED, "", (NOTEBOOK,)),), "1 drifted (1 high)."),
        ((Checked(Plane.TERRAFORM, "a", (TAGS,)),), "Nothing drifted, 1 ignored."),
        (
            (Checked(Plane.TERRAFORM, "a", failures=(FAILURE, FAILURE)),),
            "2 checks could not be made.",
        ),
    ],
)
def test_headlines(checks: tuple[Checked, ...], said: str) -> None:
    assert headline(DriftReport("", "", "", checks)) == said


def test_a_failed_check_is_never_called_nothing_drifted() -> None:
    report = DriftReport("", "", "", (Checked(Plane.TERRAFORM, "a", failures=(FAILURE,)),))
    assert "Nothing drifted" not in headline(report)


def test_stacks_are_those_that_anything_is_said_of() -> None:
    expected = ("audit", "network-main", "notebook-alpha", "notebook-vision", "")
    assert stacks_of(FULL) == expected
    failing = Checked(Plane.LAUNCHED, "", failures=(Failure(Plane.LAUNCHED, "late", "x"),))
    assert stacks_of(DriftReport("", "", "", (failing,))) == ("late", "")


def test_a_part_has_what_is_of_its_stack_whichever_check_found_it() -> None:
    part = part_of(FULL, "notebook-alpha")
    assert part.drifts == (NOTEBOOK,)
    assert [(check.plane, check.stack) for check in part.checks] == [
        (Plane.TERRAFORM, "notebook-alpha"),
        (Plane.LAUNCHED, ""),
    ]
    parts = [part_of(FULL, stack) for stack in stacks_of(FULL)]
    assert sum(len(each.drifts) for each in parts) == len(FULL.drifts)
    assert sum(len(each.failures) for each in parts) == len(FULL.failures)


def test_checked_is_what_every_check_was_made_of() -> None:
    assert all(is_checked(CLEAN, stack) for stack in stacks_of(CLEAN))
    assert not is_checked(CLEAN, "never-heard-of")
    assert not is_checked(FULL, "audit")
    assert is_checked(FULL, "notebook-vision")


def test_launched_products_that_could_not_be_looked_at_leave_every_stack_unchecked() -> None:
    checks = tuple(
        replace(check, failures=(Failure(Plane.LAUNCHED, "", "no answer"),))
        if check.plane is Plane.LAUNCHED
        else check
        for check in CLEAN.checks
    )
    report = replace(CLEAN, checks=checks)
    assert not any(is_checked(report, stack) for stack in stacks_of(report))
