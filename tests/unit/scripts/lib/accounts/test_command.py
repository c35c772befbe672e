"""The real command ``post_apply`` in many accounts, in a process of its own."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Hold, Refuse
from tests.unit.scripts.lib.accounts.estate import FIRST, ROLE_NAME, SECOND, principals, role_arn
from tests.unit.scripts.post_apply_command import run, start

ROLES = ("DomainRole", "UserRole")


@pytest.fixture
def listed(tmp_path: Path) -> str:
    file = tmp_path / "accounts.txt"
    file.write_text(f"{SECOND} two\n{FIRST} one\n")
    return str(file)


def document(estate: Sandbox, *arguments: str, **environment: str) -> tuple[int, Any]:
    done = run(estate, *arguments, "--format", "json", **environment)
    return done.returncode, json.loads(done.stdout)


def test_plans_and_applies_in_each_account_of_a_file(estate: Sandbox, listed: str) -> None:
    where = ("--accounts", listed, "--role-name", ROLE_NAME)

    code, planned = document(estate, "plan", *where)
    assert (code, planned["exit_code"]) == (2, 2)
    assert [(each["account_id"], each["name"]) for each in planned["accounts"]] == [
        (SECOND, "two"),
        (FIRST, "one"),
    ]
    assert principals(estate, FIRST) == set()

    done = run(estate, "apply", *where, "--parallel", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    for account_id, name in ((FIRST, "one"), (SECOND, "two")):
        roles = {role_arn(account_id, role) for role in ROLES}
        assert principals(estate, account_id) == roles
        for role in roles:
            assert f"{account_id} {name}: done: associate {role}" in done.stderr
    assert done.stdout.endswith("\nAccounts: 2 ok.\n")

    assert run(estate, "plan", *where).returncode == 0


def test_a_failure_is_one_accounts_own(estate: Sandbox, listed: str) -> None:
    with estate.faults(Refuse("AssumeRole", "AccessDenied")) as proxy:
        code, told = document(
            estate,
            *("apply", "--accounts", listed, "--role-name", ROLE_NAME, "--parallel", "1"),
            AWS_ENDPOINT_URL=proxy.endpoint,
        )

    assert (code, told["exit_code"]) == (1, 1)
    assert [each["status"] for each in told["accounts"]] == ["failed", "ok"]
    assert told["accounts"][0]["error"].startswith("AssumeRole: AccessDenied")
    assert principals(estate, FIRST) == {role_arn(FIRST, role) for role in ROLES}
    assert principals(estate, SECOND) == set()


def test_works_in_each_active_account_of_the_organization(estate: Sandbox) -> None:
    client = estate.client("organizations")
    client.create_organization(FeatureSet="ALL")
    for name in ("kept", "closed"):
        client.create_account(Email=f"{name}@example.com", AccountName=name)
    ids = {each["Name"]: each["Id"] for each in client.list_accounts()["Accounts"]}
    client.close_account(AccountId=ids["closed"])

    _, told = document(estate, "plan", "--organization", "--role-name", ROLE_NAME)

    assert {each["account_id"] for each in told["accounts"]} == {ids["kept"], ids["master"]}
    assert told["skipped"] == [
        {"account_id": ids["closed"], "name": "closed", "state": "SUSPENDED"}
    ]


def test_ctrl_c_reports_what_was_done(estate: Sandbox, listed: str) -> None:
    hold = Hold(forwards=True)

    def first_of_the_list(operation: str, call: int) -> Hold | None:
        # The first such call is about the caller itself.
        return hold if (operation, call) == ("GetCallerIdentity", 2) else None

    with estate.faults(first_of_the_list) as proxy:
        process = start(
            estate,
            *("plan", "--accounts", listed, "--role-name", ROLE_NAME, "--parallel", "1"),
            AWS_ENDPOINT_URL=proxy.endpoint,
        )
        assert hold.reached.wait(30)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert process.stderr.readline() == (
            "interrupted: waiting for 1 under way; again to report now\n"
        )
        hold.release.set()
        out, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "Accounts: 1 failed, 1 not started." in out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("12345\n", ":1: '12345' is not an account's id: expected 12 digits"),
        ("", ": lists no account"),
        (f"{FIRST}\n{FIRST}\n", f":2: account {FIRST} is listed at 1 already"),
    ],
)
def test_a_bad_file_is_one_line_before_anything_is_asked(
    estate: Sandbox, tmp_path: Path, content: str, told: str
) -> None:
    file = tmp_path / "accounts"
    file.write_text(content)

    done = run(estate, "plan", "--accounts", str(file), "--role-name", ROLE_NAME)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: accounts file {file}{told}\n"
    assert estate.journal() == []
