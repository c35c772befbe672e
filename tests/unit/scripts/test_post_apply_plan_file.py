"""A plan in a file, approved and applied by the real command."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.post_apply_command import ASSOCIATE, ROLE, ROLES, principals, run, writes
from tests.unit.scripts.products import make_product, write_outputs

BEN = ROLE + "CustomRoleBen"


@pytest.fixture
def approved(account: Sandbox, tmp_path: Path) -> Path:
    """The plan for the whole account as found."""
    file = tmp_path / "plan.json"
    planned = run(account, "plan", "--out", str(file))
    assert planned.returncode == 2
    assert writes(account) == []
    return file


def document(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def test_just_the_plan_is_applied_and_a_second_time_nothing(
    account: Sandbox, approved: Path
) -> None:
    domain = account.client("sagemaker").list_domains()["Domains"][0]["DomainId"]
    account.client("iam").create_role(RoleName="Later", AssumeRolePolicyDocument="{}")
    account.client("sagemaker").create_user_profile(
        DomainId=domain,
        UserProfileName="later",
        UserSettings={"ExecutionRole": ROLE + "Later"},
    )
    account.clear_journal()

    applied = run(account, "apply", str(approved))

    assert (applied.returncode, applied.stdout.count(" done")) == (0, 8)
    assert principals(account) == ROLES
    assert not [call for call in account.journal() if call.operation == "DescribeUserProfile"]
    account.clear_journal()
    assert run(account, "apply", str(approved)).returncode == 0
    assert writes(account) == []


def test_a_plan_that_was_carried_out_in_part_is_finished(account: Sandbox, approved: Path) -> None:
    assert run(account, "apply", "--role", BEN).returncode == 0
    account.clear_journal()

    assert run(account, "apply", str(approved)).returncode == 0

    assert principals(account) == ROLES
    assert writes(account) == [ASSOCIATE] * 4


def test_fails_when_a_role_of_the_plan_is_gone(account: Sandbox, approved: Path) -> None:
    iam = account.client("iam")
    iam.detach_role_policy(
        RoleName="CustomRoleBen", PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    )
    iam.delete_role(RoleName="CustomRoleBen")
    account.clear_journal()

    refused = run(account, "apply", str(approved))

    assert (refused.returncode, refused.stdout, writes(account)) == (1, "", [])
    assert refused.stderr.startswith("error: the account has changed since it was planned for: ")
    assert "CustomRoleBen: does not exist" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_fails_when_it_takes_a_write_that_nobody_approved(account: Sandbox, tmp_path: Path) -> None:
    assert run(account, "apply", "--role", BEN).returncode == 0
    file = tmp_path / "plan.json"
    assert run(account, "plan", "--out", str(file)).returncode == 2
    account.client("sagemaker").disable_sagemaker_servicecatalog_portfolio()
    account.clear_journal()

    refused = run(account, "apply", str(file))

    assert (refused.returncode, writes(account)) == (1, [])
    assert "the plan does not have: enable SageMaker's portfolio" in refused.stderr


def test_versions_are_part_of_the_plan(account: Sandbox, tmp_path: Path) -> None:
    product = make_product(account)
    outputs = write_outputs(tmp_path / "outputs.json", product, guidance="DEPRECATED")
    file = tmp_path / "plan.json"
    choice = ("--role", BEN, "--outputs", str(outputs))
    assert run(account, "plan", *choice, "--out", str(file)).returncode == 2

    assert run(account, "apply", str(file)).returncode == 0

    assert run(account, "plan", *choice).returncode == 0


def test_the_file_names_its_account_and_changes_and_is_the_same_each_time(
    account: Sandbox, approved: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.json"
    run(account, "plan", "--out", str(again))

    assert again.read_bytes() == approved.read_bytes()
    found = document(approved)
    assert (found["format"], found["account_id"], found["region"]) == (
        1,
        "123456789012",
        "eu-west-1",
    )
    assert [change["action"] for change in found["changes"]] == [
        "enable-portfolio",
        "await-portfolio",
        *["associate-role"] * 5,
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _: "", " is empty"),
        (lambda text: text[: len(text) // 2], ": the file: Invalid JSON"),
        (lambda text: text.replace("CustomRoleBen", "CustomRoleEva"), " was changed since it was"),
        (lambda text: text.replace("associate-role", "delete-role"), ": changes.2: Input tag"),
        (lambda text: text.replace('"format": 1', '"format": 2'), ": format: Input should be 1"),
        (lambda _: "[1]", ": the file: Input should be an object"),
    ],
)
def test_fails_when_the_file_is_no_plan_as_it_was_written(
    account: Sandbox, approved: Path, change: Any, said: str
) -> None:
    approved.write_text(change(approved.read_text()))

    refused = run(account, "apply", str(approved))

    assert (refused.returncode, refused.stdout, writes(account)) == (1, "", [])
    assert f"error: plan file {approved}{said}" in refused.stderr


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}, "not of 123456789012, us"),
    ],
)
def test_fails_in_another_region(
    account: Sandbox, approved: Path, environment: dict[str, str], said: str
) -> None:
    refused = run(account, "apply", str(approved), **environment)

    assert (refused.returncode, refused.stdout, writes(account)) == (1, "", [])
    assert said in refused.stderr


@pytest.mark.parametrize("choice", [["--role", BEN], ["--user", "ben"], ["--outputs", "o.json"]])
def test_fails_when_more_is_asked_for_than_the_plan(
    account: Sandbox, approved: Path, choice: list[str]
) -> None:
    refused = run(account, "apply", str(approved), *choice)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "a plan file says what is to be done" in refused.stderr
