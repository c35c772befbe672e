import io
import json

from scripts.lib.accounts.model import AccountResult, AccountsReport, SkippedAccount, Target
from scripts.lib.accounts.report import summary, write_accounts_json, write_accounts_text
from scripts.lib.changes import Finding, Outcome, Severity, Status
from scripts.lib.report import write_json
from tests.unit.scripts.lib.accounts.estate import (
    FIRST,
    HUB,
    SECOND,
    THIRD,
    Step,
    report_of,
    target,
)

PLANNED = report_of(FIRST, outcomes=(Outcome(Step(), Status.PLANNED),) * 2)
FINDINGS = (
    Finding(Severity.ERROR, "role-b", "is gone"),
    Finding(Severity.WARNING, "role-c", "odd"),
    Finding(Severity.WARNING, "role-d", "odd"),
)
WRONG = report_of(SECOND, findings=FINDINGS, region="us-east-1")
QUIET = report_of(THIRD)

REPORT = AccountsReport(
    (
        AccountResult(target(FIRST, "dev"), PLANNED),
        AccountResult(target(SECOND, "prod", "us-east-1"), WRONG),
        AccountResult(target(THIRD), QUIET),
        AccountResult(target(HUB, "hub"), error="AssumeRole: AccessDenied: no"),
        AccountResult(target("444444444444", "late", "eu-west-1"), started=False),
    ),
    (SkippedAccount("555555555555", "old", "SUSPENDED"),),
)


def text(report: AccountsReport) -> str:
    stream = io.StringIO()
    write_accounts_text(report, stream)
    return stream.getvalue()


def document(report: AccountsReport) -> dict[str, object]:
    stream = io.StringIO()
    write_accounts_json(report, stream)
    assert stream.getvalue().endswith("}\n")
    return dict(json.loads(stream.getvalue()))


def test_text_begins_with_a_line_for_each_account() -> None:
    table, _, rest = text(REPORT).partition("\n\n")

    assert table == (
        "  Accounts\n"
        "    Account       Name  Region     Result       Changes    Findings             Error\n"
        "    111111111111  dev   eu-west-1  changes      2 planned  none                 -\n"
        "    222222222222  prod  us-east-1  failed       none       2 warnings, 1 error  -\n"
        "    333333333333  -     eu-west-1  ok           none       none                 -\n"
        "    123456789012  hub   -          failed       -          -                    "
        "AssumeRole: AccessDenied: no\n"
        "    444444444444  late  eu-west-1  not started  -          -                    -"
    )
    assert rest.startswith(
        "  Not active, left out\n"
        "    Account       Name  State\n"
        "    555555555555  old   SUSPENDED\n"
        "\n"
        "Account 111111111111, Region eu-west-1 (dry run)\n"
    )


def test_details_are_of_those_with_changes_or_errors() -> None:
    told = text(REPORT)

    assert "Account 111111111111, Region eu-west-1 (dry run)" in told
    assert "Account 222222222222, Region us-east-1 (dry run)" in told
    assert "role-b" in told
    assert "Account 333333333333" not in told


def test_of_an_account_with_warnings_alone_they_are_all_that_is_shown() -> None:
    odd = report_of(FIRST, findings=FINDINGS[1:])
    told = text(
        AccountsReport((AccountResult(target(FIRST), odd), AccountResult(target(SECOND), WRONG)))
    )

    assert (
        "\n\n  Warnings\n"
        "    Account       Region     What    Message\n"
        "    111111111111  eu-west-1  role-c  odd\n"
        "    111111111111  eu-west-1  role-d  odd\n"
        "\nAccount 222222222222, Region us-east-1"
    ) in told
    assert "Account 111111111111, Region" not in told
    assert "Warnings" not in text(REPORT)


def test_text_ends_with_what_became_of_how_many() -> None:
    expected = (
        "Accounts: 1 ok, 1 changes, 2 failed, 1 not started. Left out: 1 not active. "
        "Put right what failed and run again: what is done stays done."
    )

    assert summary(REPORT) == expected
    assert text(REPORT).endswith(f"\n\n{expected}\n")
    quiet = AccountsReport((AccountResult(target(THIRD), QUIET),))
    assert summary(quiet) == "Accounts: 1 ok."


def test_control_characters_of_names_and_errors_stay_out() -> None:
    hostile = Target(FIRST, "\x1b[2J", f"arn:aws:iam::{FIRST}:role/R")

    told = text(AccountsReport((AccountResult(hostile, error="a\x07b"),)))

    assert "?[2J" in told
    assert "a?b" in told
    assert "\x1b" not in told


def test_json_holds_every_account_in_order() -> None:
    data = document(REPORT)

    assert data["exit_code"] == 1
    accounts = data["accounts"]
    assert isinstance(accounts, list)
    assert [
        (each["account_id"], each["name"], each["region"], each["status"], each["error"])
        for each in accounts
    ] == [
        (FIRST, "dev", "eu-west-1", "changes", None),
        (SECOND, "prod", "us-east-1", "failed", None),
        (THIRD, "", "eu-west-1", "ok", None),
        (HUB, "hub", None, "failed", "AssumeRole: AccessDenied: no"),
        ("444444444444", "late", "eu-west-1", "not started", None),
    ]
    assert data["skipped"] == [{"account_id": "555555555555", "name": "old", "state": "SUSPENDED"}]


def test_json_of_an_account_is_the_one_that_it_has_alone() -> None:
    alone = io.StringIO()
    write_json(WRONG, alone)
    accounts = document(REPORT)["accounts"]

    assert isinstance(accounts, list)
    assert accounts[1]["report"] == json.loads(alone.getvalue())
    assert accounts[3]["report"] is None
