"""What a report does to the issues: opened, updated, reopened and closed, or left alone."""

from dataclasses import replace

import pytest

from scripts.lib.drift.issues import LABEL, Step, issue_changes
from scripts.lib.drift.model import Checked, DriftReport, Failure, Plane
from scripts.lib.drift.report_markdown import marker, stack_markdown
from scripts.lib.github import Issue
from tests.unit.scripts.lib.drift.reports import CLEAN, FULL

ALPHA, VISION = "notebook-alpha", "notebook-vision"


def issue(stack: str, number: int = 1, *, state: str = "open", body: str | None = None) -> Issue:
    title = f"Drift of stack {stack}" if stack else "Drift of the account"
    text = stack_markdown(FULL, stack) if body is None else body
    return Issue(number, title, text, state, (LABEL,))


def steps(report: DriftReport, *issues: Issue) -> list[tuple[Step, str, int | None]]:
    found = issue_changes(report, issues)
    return [(change.step, change.stack, change.number) for change in found]


def test_each_stack_that_drifted_gets_an_issue_and_no_other() -> None:
    """network-main is ignored, audit failed: neither is an issue."""
    assert steps(FULL) == [
        (Step.OPEN, ALPHA, None),
        (Step.OPEN, VISION, None),
        (Step.OPEN, "", None),
    ]
    of_vision = issue_changes(FULL, ())[1]
    assert of_vision.title == "Drift of stack notebook-vision"
    assert of_vision.body.startswith(marker(VISION) + "\n")
    assert "aws_kms_key.Key_Resource_1A2B" in of_vision.body
    assert "by-hand" not in of_vision.body


def test_the_same_drift_a_day_later_changes_nothing() -> None:
    later = replace(FULL, when="2026-04-01T04:00:00Z")
    known = (issue(ALPHA, 1), issue(VISION, 2), issue("", 3))
    assert steps(later, *known) == []
    through_github = replace(known[1], body=known[1].body.strip().replace("\n", "\r\n"))
    assert steps(later, known[0], through_github, known[2]) == []


def test_other_drift_updates_the_body_without_a_comment() -> None:
    known = (issue(ALPHA, 1), issue(VISION, 2, body=marker(VISION) + "\nolder"), issue("", 3))
    (change,) = issue_changes(FULL, known)
    assert (change.step, change.number, change.comment) == (Step.UPDATE, 2, "")


def test_what_is_mended_is_closed_with_a_comment_and_what_comes_again_reopened() -> None:
    (change,) = issue_changes(CLEAN, [issue(VISION)])
    assert change.step is Step.CLOSE
    assert change.comment == "Nothing has drifted any more, as of 2026-03-31T04:00:00Z."
    closed = [issue(stack, n, state="closed") for n, stack in enumerate((ALPHA, VISION, ""), 1)]
    assert steps(CLEAN, *closed) == []
    assert {change.step for change in issue_changes(FULL, closed)} == {Step.REOPEN}


def failing(plane: Plane, stack: str) -> DriftReport:
    checks = tuple(
        replace(check, failures=(Failure(plane, stack, "no answer"),))
        if check.plane is plane and check.stack in ("", stack)
        else check
        for check in CLEAN.checks
    )
    return replace(CLEAN, checks=checks)


@pytest.mark.parametrize(
    ("plane", "stack", "closed"),
    [
        (Plane.TERRAFORM, VISION, False),
        (Plane.TERRAFORM, ALPHA, True),
        (Plane.LAUNCHED, "", False),
        (Plane.LAUNCHED, VISION, False),
        (Plane.LAUNCHED, ALPHA, True),
        (Plane.PORTFOLIO, "", True),
    ],
)
def test_a_failed_check_closes_no_issue_that_it_could_have_found_drift_of(
    plane: Plane, stack: str, closed: bool
) -> None:
    found = steps(failing(plane, stack), issue(VISION))
    assert found == ([(Step.CLOSE, VISION, 1)] if closed else [])


@pytest.mark.parametrize("left_out", Plane)
def test_a_plane_that_was_not_checked_closes_no_issue_that_it_is_of(left_out: Plane) -> None:
    checks = tuple(check for check in CLEAN.checks if check.plane is not left_out)
    found = steps(replace(CLEAN, checks=checks), issue(VISION), issue("", 2))
    closed = {stack for _, stack, _ in found}
    assert (
        closed
        == {
            Plane.TERRAFORM: {""},
            Plane.PORTFOLIO: {VISION},
            Plane.LAUNCHED: set(),
        }[left_out]
    )


def test_a_stack_that_was_not_checked_keeps_its_issue() -> None:
    assert steps(CLEAN, issue("notebook-gone")) == []


def test_drift_is_told_although_another_check_failed() -> None:
    checks = (
        *FULL.checks,
        Checked(Plane.LAUNCHED, "", failures=(Failure(Plane.LAUNCHED, VISION, "no"),)),
    )
    assert (Step.OPEN, VISION, None) in steps(replace(FULL, checks=checks))


def test_an_issue_that_somebody_forged_is_not_taken_for_ours() -> None:
    """The marker can be written by anybody, the label only by those who may write."""
    forged = replace(issue(VISION), labels=("question",))
    assert (Step.OPEN, VISION, None) in steps(FULL, forged)
    quoted = issue(VISION, body=f"> {marker(VISION)}")
    assert (Step.OPEN, VISION, None) in steps(FULL, quoted)


def test_of_two_issues_of_a_stack_the_older_open_one_goes_on() -> None:
    known = [issue(VISION, 1, state="closed"), issue(VISION, 2), issue(VISION, 3)]
    found = [step for step in steps(FULL, *known) if step[1] == VISION]
    assert found == [(Step.CLOSE_DOUBLE, VISION, 3)]


@pytest.mark.parametrize("name", ["a --> <b>", "a b", "@org/team", "ä", "%20", "--"])
def test_a_stack_of_any_name_finds_its_issue_again(name: str) -> None:
    checks = tuple(
        replace(check, stack=name, drifts=tuple(replace(d, stack=name) for d in check.drifts))
        if check.stack == VISION
        else check
        for check in FULL.checks
    )
    report = replace(FULL, checks=checks)
    made = next(change for change in issue_changes(report, ()) if change.stack == name)
    again = Issue(9, made.title, made.body, "open", (LABEL,))
    assert name not in [change.stack for change in issue_changes(report, [again])]
