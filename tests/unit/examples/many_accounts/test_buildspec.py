"""The build's own command, run by bash as CodeBuild would, with the example's rights."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.sandbox import Sandbox
from tests.unit.examples.many_accounts.material import FOLDER, NAMES, buildspec, command, policy

ROOT = FOLDER.parents[1]
ACCOUNT = NAMES["account"]
MEMBER = f"arn:aws:iam::{ACCOUNT}:role/{NAMES['member_role']}"

ASKED_ELSEWHERE = {
    # In an account of few roles they are asked for one by one.
    "iam:GetRole",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:GetRolePolicy",
    # Of spaces so old that their list does not say whether they are shared.
    "sagemaker:DescribeSpace",
}


def build(
    hub: Sandbox, folder: Path, mode: str, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run the build's phase as the build's role, in a folder of its own."""
    role = f"arn:aws:iam::{ACCOUNT}:role/{NAMES['build_role']}"
    keys = hub.service_session("codebuild.amazonaws.com", role, "build")
    for name in ("scripts", ".venv"):
        if not (folder / name).exists():
            (folder / name).symlink_to(ROOT / name)
    environment = hub.process_environment() | {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
        "MODE": mode,
        "ACCOUNT_ID": ACCOUNT,
        "ROLE_ARN": MEMBER,
    }
    (folder / "ledger").mkdir(exist_ok=True)
    return subprocess.run(  # noqa: S603 - the command under test
        ["/bin/bash", "-c", command("build")],
        cwd=folder,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def writes(hub: Sandbox) -> set[str]:
    return {
        call.operation
        for call in hub.journal()
        if not call.operation.startswith(("Get", "List", "Describe", "AssumeRole"))
    }


def test_plan_with_changes_is_a_build_that_succeeds(hub: Sandbox, tmp_path: Path) -> None:
    done = build(hub, tmp_path, "plan")

    assert (done.returncode, done.stderr) == (0, "")
    assert f"Account {ACCOUNT}" in done.stdout
    assert " planned" in done.stdout
    assert writes(hub) == set()


@dataclass(frozen=True, slots=True)
class Applied:
    """A build that applied: where, and how it ended."""

    hub: Sandbox
    folder: Path
    done: "subprocess.CompletedProcess[str]"


@pytest.fixture(scope="module")
def applied(prepared: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    """The account after the first build that applies: not to be written to."""
    folder = tmp_path_factory.mktemp("applied")
    with prepared.fork() as copy:
        copy.clear_journal()
        copy.enforce(True)
        yield Applied(copy, folder, build(copy, folder, "apply"))


def test_apply_needs_no_more_than_the_members_policy(applied: Applied) -> None:
    assert applied.done.returncode == 0, applied.done.stdout + applied.done.stderr
    assert writes(applied.hub) == {
        "EnableSagemakerServicecatalogPortfolio",
        "AssociatePrincipalWithPortfolio",
    }
    assert [each.operation for each in applied.hub.decisions() if not each.allowed] == []
    assert [file.name for file in (applied.folder / "ledger").glob("*.json")] == [
        f"{ACCOUNT}-{NAMES['region']}.json"
    ]


def test_second_apply_changes_nothing(applied: Applied) -> None:
    with applied.hub.fork() as again:
        again.clear_journal()
        assert build(again, applied.folder, "apply").returncode == 0
        assert again.journal()
        assert writes(again) == set()


def test_members_policy_holds_nothing_that_is_not_asked_for(applied: Applied) -> None:
    asked = {each.action for each in applied.hub.decisions() if "PostApply" in each.principal}
    allowed = {action for each in policy("member")["Statement"] for action in each["Action"]}
    assert asked - {"sts:GetCallerIdentity"} == allowed - ASKED_ELSEWHERE
    assert allowed > ASKED_ELSEWHERE


@pytest.mark.parametrize(
    ("mode", "variables"),
    [
        ("destroy", {}),
        ("", {}),
        ("plan", {"ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/None"}),
        ("apply", {"ROLE_ARN": "; touch /tmp/hostile"}),
        ("apply; touch /tmp/hostile", {}),
    ],
)
def test_what_cannot_be_done_is_a_build_that_fails(
    hub: Sandbox, tmp_path: Path, mode: str, variables: dict[str, str]
) -> None:
    done = build(hub, tmp_path, mode, **variables)

    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert writes(hub) == set()
    assert not Path("/tmp/hostile").exists()  # noqa: S108


def test_installs_what_the_makefile_installs() -> None:
    version = re.search(r"^PIPENV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert version is not None
    assert buildspec()["phases"]["install"]["commands"] == [
        f"pip install --quiet pipenv=={version[1]}",
        "PIPENV_VENV_IN_PROJECT=1 pipenv sync",
    ]


def test_command_needs_no_package_of_the_developers() -> None:
    told = subprocess.run(  # noqa: S603
        [
            str(ROOT / ".venv/bin/python"),
            "-c",
            "import sys, scripts.post_apply; print(*{name.split('.')[0] for name in sys.modules})",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert {"boto3", "typer"} <= set(told.stdout.split())
    assert not {"moto", "pytest", "hypothesis", "yaml", "mypy"} & set(told.stdout.split())


def test_ledger_of_one_account_is_fetched_before_and_kept_after() -> None:
    phases = buildspec()["phases"]

    place = '"s3://$BUCKET/ledger/$ACCOUNT_ID/"'
    assert phases["pre_build"]["commands"] == ["mkdir -p ledger", f"aws s3 sync {place} ledger/"]
    assert phases["post_build"]["commands"] == [f"aws s3 sync ledger/ {place}"]
    assert list(phases) == ["install", "pre_build", "build", "post_build"]
    assert buildspec()["version"] == 0.2
    assert buildspec()["env"] == {"shell": "bash"}
