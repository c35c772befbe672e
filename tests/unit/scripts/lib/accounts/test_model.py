import pytest

from scripts.lib.accounts.model import (
    AccountEntry,
    AccountResult,
    AccountsReport,
    AccountStatus,
    SkippedAccount,
    Target,
    targets_of,
)
from scripts.lib.changes import Finding, Outcome, Severity, Status
from scripts.lib.errors import InputError
from tests.unit.scripts.lib.accounts.estate import FIRST, HUB, SECOND, Step, report_of, target

PLANNED = report_of(FIRST, outcomes=(Outcome(Step(), Status.PLANNED),))
DONE = report_of(FIRST, outcomes=(Outcome(Step(), Status.DONE),))
HALF = report_of(FIRST, outcomes=(Outcome(Step(), Status.DONE), Outcome(Step(), Status.FAILED)))
WRONG = report_of(FIRST, findings=(Finding(Severity.ERROR, "role", "is gone"),))


@pytest.mark.parametrize(
    ("given", "resource"),
    [
        ("JumpStartPostApply", "role/JumpStartPostApply"),
        ("team/ml/JumpStart", "role/team/ml/JumpStart"),
        ("/team/JumpStart", "role/team/JumpStart"),
        ("a+b=c,d.e@f_g-1", "role/a+b=c,d.e@f_g-1"),
    ],
)
def test_role_is_of_the_account_and_the_callers_partition(given: str, resource: str) -> None:
    targets = targets_of([AccountEntry(FIRST, "one")], partition="aws-cn", role_name=given)

    assert targets == (Target(FIRST, "one", f"arn:aws-cn:iam::{FIRST}:{resource}", None),)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "/",
        "team/",
        "//role",
        "two words",
        "new\nline",
        "a" * 65,
        f"arn:aws:iam::{FIRST}:role/JumpStart",
        "rôle",
        "*",
    ],
)
def test_fails_when_the_role_name_is_none(given: str) -> None:
    with pytest.raises(InputError, match=r"^--role-name .* is not the name of a role: expected"):
        targets_of([AccountEntry(FIRST)], partition="aws", role_name=given)


def test_role_of_an_entry_wins_and_needs_no_role_name() -> None:
    own = f"arn:aws:iam::{FIRST}:role/Own"

    for name in (None, "Other"):
        targets = targets_of([AccountEntry(FIRST, role_arn=own)], partition="aws", role_name=name)
        assert [each.role_arn for each in targets] == [own]


def test_each_region_is_a_run_of_its_own_in_order() -> None:
    entries = [AccountEntry(SECOND, regions=("us-east-1", "eu-west-1")), AccountEntry(FIRST)]

    targets = targets_of(entries, partition="aws", role_name="R")

    assert [(each.account_id, each.region) for each in targets] == [
        (SECOND, "us-east-1"),
        (SECOND, "eu-west-1"),
        (FIRST, None),
    ]


def test_fails_when_nothing_says_which_role() -> None:
    entries = [AccountEntry(HUB, role_arn=f"arn:aws:iam::{HUB}:role/R"), AccountEntry(FIRST)]

    with pytest.raises(InputError) as caught:
        targets_of(entries, partition="aws", role_name=None)

    assert str(caught.value) == f"account {FIRST} names no role to assume: give --role-name"


@pytest.mark.parametrize(
    "arn", [f"arn:aws:iam::{SECOND}:role/R", f"arn:aws-cn:iam::{FIRST}:role/R"]
)
def test_fails_when_the_role_is_of_elsewhere(arn: str) -> None:
    with pytest.raises(InputError) as caught:
        targets_of([AccountEntry(FIRST, role_arn=arn)], partition="aws", role_name=None)

    assert str(caught.value) == (
        f"'{arn}' is not a role of account {FIRST}: expected arn:aws:iam::{FIRST}:role/..."
    )


def test_fails_when_there_is_no_account() -> None:
    with pytest.raises(InputError, match="the list is empty"):
        targets_of([], partition="aws", role_name="R")


def test_target_is_told_by_what_is_known_of_it() -> None:
    assert str(target(FIRST)) == FIRST
    assert str(target(FIRST, "dev\nteam", "eu-west-1")) == f"{FIRST} dev team eu-west-1"


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (AccountResult(target(FIRST), report_of(FIRST)), AccountStatus.OK),
        (AccountResult(target(FIRST), DONE), AccountStatus.OK),
        (AccountResult(target(FIRST), PLANNED), AccountStatus.CHANGES),
        (AccountResult(target(FIRST), HALF), AccountStatus.FAILED),
        (AccountResult(target(FIRST), WRONG), AccountStatus.FAILED),
        (AccountResult(target(FIRST), error="denied"), AccountStatus.FAILED),
        (AccountResult(target(FIRST), started=False), AccountStatus.NOT_STARTED),
    ],
)
def test_status_is_what_the_report_says(result: AccountResult, status: AccountStatus) -> None:
    assert result.status is status


OK, CHANGES, FAILED, LATER = (
    AccountResult(target(FIRST), DONE),
    AccountResult(target(FIRST), PLANNED),
    AccountResult(target(FIRST), error="denied"),
    AccountResult(target(FIRST), started=False),
)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ((OK, OK), 0),
        ((OK, CHANGES), 2),
        ((CHANGES, FAILED, OK), 1),
        ((CHANGES, LATER), 1),
        ((OK, AccountResult(target(FIRST), WRONG)), 1),
    ],
)
def test_exit_code_is_that_of_the_worst_account(
    results: tuple[AccountResult, ...], expected: int
) -> None:
    assert AccountsReport(results).exit_code == expected


def test_an_account_left_out_is_no_failure() -> None:
    assert AccountsReport((OK,), (SkippedAccount(SECOND, "old", "SUSPENDED"),)).exit_code == 0
