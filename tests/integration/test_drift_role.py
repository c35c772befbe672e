"""The role of the scheduled drift check is enough for all planes, and holds no more.

Its policy is in the repository. One check of everything is made with it in force, of a deployment
in which something was launched both ways; then what was decided is compared with what is granted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scripts.lib.clients import Account, open_session
from scripts.lib.drift.model import DriftReport, Plane
from scripts.lib.drift.run import Ask, check, choose, stacks_in
from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage
from scripts.lib.jumpstart.ledger_file import LedgerFile
from scripts.lib.terraform import terraform_environment
from scripts.sandbox import Sandbox
from scripts.sandbox.decisions import Decided
from tests.integration.conftest import Deployment, copied
from tests.integration.rights.granted import granted, needed, of_role, used
from tests.integration.rights.world import PERSON, PROJECT_IDS, await_record, end_user_role, launch
from tests.integration.running_provider import installed_provider, running_provider

ROLE = "SageMakerDriftCheck"
POLICY = Path(__file__).parents[2] / "examples/drift-role/policy.json"
STACKS = ("network-main", "notebook-quickstart", "notebook-vision", "jumpstart")
READS = ("Describe", "Get", "List", "Lookup", "Search", "Scan", "Decrypt")
"""What an action that writes nothing begins with."""

UNSEEN = {
    "ReadFurtherVersions": "no product of the sandbox's deployment has a second version",
    "ReadAudit": "it has no trail",
    "ReadStateInS3": "it keeps its state in files",
    "DecryptStateInS3": "it keeps its state in files",
}
"""Statements that this check cannot use, and why: each is of a choice that it does not make."""

ALLOWED_TWICE = "ReadKeys"
"""A key's own policy speaks as well: it leaves the roles of the account to their policies."""


@dataclass(frozen=True)
class Day:
    """One check of everything, as the role.

    ``before_exempt`` is one of a project whose data bucket does not let the role in yet.
    """

    report: DriftReport
    before_exempt: DriftReport
    decisions: list[Decided]
    writes: list[str]


def policy() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(POLICY.read_text(encoding="utf-8"))
    return document


def launch_both(sandbox: Sandbox) -> None:
    sandbox.pace_notebooks(0)
    for project in PROJECT_IDS:
        session = sandbox.client("sts").assume_role(
            RoleArn=end_user_role(project), RoleSessionName=PERSON
        )["Credentials"]
        catalog = sandbox.client("servicecatalog", credentials=session)
        record = launch(catalog, project, f"checked-{project}")
        assert await_record(catalog, record)["RecordDetail"]["Status"] == "SUCCEEDED"


def associate(sandbox: Sandbox, directory: Path) -> Path:
    """Enable SageMaker's portfolio and write down one association, as post_apply does."""
    sandbox.client("sagemaker").enable_sagemaker_servicecatalog_portfolio()
    catalog = sandbox.client("servicecatalog")
    while not (found := catalog.list_accepted_portfolio_shares()["PortfolioDetails"]):
        pass
    arn = end_user_role("quickstart")
    catalog.associate_principal_with_portfolio(
        PortfolioId=found[0]["Id"], PrincipalARN=arn, PrincipalType="IAM"
    )
    directory.mkdir()
    file = LedgerFile(directory, Account(sandbox.account_id, "aws", sandbox.region))
    file.write(Ledger.of([Entry(found[0]["Id"], arn, Stage.MADE, "")]))
    return directory


def exempt(sandbox: Sandbox) -> None:
    """Let the role into the data buckets, as naming it in ``deployers`` does."""
    s3, arn = sandbox.client("s3"), f"arn:aws:iam::{sandbox.account_id}:role/{ROLE}"
    for bucket in (f"{project}-notebook-" for project in PROJECT_IDS):
        (name,) = [
            each["Name"] for each in s3.list_buckets()["Buckets"] if each["Name"].startswith(bucket)
        ]
        document = json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])
        (exempted,) = [
            statement["Condition"]["ArnNotLike"]
            for statement in document["Statement"]
            if "ArnNotLike" in statement.get("Condition", {})
        ]
        known = exempted["aws:PrincipalArn"]
        exempted["aws:PrincipalArn"] = [*([known] if isinstance(known, str) else known), arn]
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps(document))


def as_role(sandbox: Sandbox) -> Mapping[str, str]:
    """Make the role with the policy, and return the environment of a session of it."""
    iam, root = sandbox.client("iam"), f"arn:aws:iam::{sandbox.account_id}:root"
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": root}}
    made = iam.create_role(
        RoleName=ROLE, AssumeRolePolicyDocument=json.dumps({"Statement": [statement]})
    )
    iam.put_role_policy(RoleName=ROLE, PolicyName="drift", PolicyDocument=json.dumps(policy()))
    session = sandbox.client("sts").assume_role(
        RoleArn=made["Role"]["Arn"], RoleSessionName="drift"
    )["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
        "AWS_SESSION_TOKEN": session["SessionToken"],
    }


@pytest.fixture(scope="module")
def day(applied: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    directory = tmp_path_factory.mktemp("role")
    with copied(applied, directory) as deployment, pytest.MonkeyPatch.context() as patch:
        sandbox = deployment.sandbox
        launch_both(sandbox)
        ledger = associate(sandbox, directory / "ledger")
        session = as_role(sandbox)
        environment = {**sandbox.process_environment(os.environ), **session}
        for name, value in {**sandbox.environment(), **session}.items():
            patch.setenv(name, value)
        stacks = stacks_in(deployment.directory / "cdktf.out")
        ask = Ask(choose(stacks, STACKS), ledger=ledger, ask_cloudtrail=True, parallel=1)
        binary = installed_provider(stacks[0].directory)
        own = terraform_environment(environment, directory)
        with running_provider(binary, own) as attached:
            project = Ask(choose(stacks, ["notebook-vision"]), (Plane.TERRAFORM,))
            before_exempt = check(open_session(), project, attached, progress=lambda _: None)
            exempt(sandbox)
            sandbox.clear_decisions()
            sandbox.clear_journal()
            report = check(open_session(), ask, attached, progress=lambda _: None)
        writes = [
            f"{call.service}:{call.operation}"
            for call in sandbox.journal()
            if not call.operation.startswith((*READS, "Head", "AssumeRole"))
        ]
        yield Day(report, before_exempt, of_role(sandbox.decisions(), ROLE), writes)


def test_nothing_that_the_check_takes_is_refused(day: Day) -> None:
    assert day.decisions
    assert [each for each in day.decisions if not each.allowed] == []
    assert day.report.failures == ()
    assert len(day.report.checks) == len(STACKS) + 2


def test_a_bucket_that_may_not_be_looked_at_is_an_error_and_no_drift(day: Day) -> None:
    """The provider calls it deleted."""
    assert day.before_exempt.drifts == ()
    (failure,) = day.before_exempt.failures
    assert failure.reason.startswith("bucket vision-notebook-")
    assert "may not be looked at" in failure.reason


def test_nothing_drifted_but_what_let_the_role_in(day: Day) -> None:
    """See ``exempt``."""
    told = [drift.subject.partition("_Policy")[0] for drift in day.report.drifts]
    assert told == ["aws_s3_bucket_policy.Bucket"] * len(PROJECT_IDS)


def test_every_right_is_used_but_those_of_other_choices(day: Day) -> None:
    unused = granted(policy()) - used(day.decisions)
    assert {right.sid for right in unused} == set(UNSEEN)
    assert not {right for right in used(day.decisions) if right.sid in UNSEEN}


def test_without_any_right_that_is_used_something_is_refused(day: Day) -> None:
    left = {right.sid for right in used(day.decisions) - needed(day.decisions)}
    assert left == {ALLOWED_TWICE}


def test_no_right_writes() -> None:
    assert [
        action
        for statement in policy()["Statement"]
        for action in statement["Action"]
        if not action.partition(":")[2].startswith(READS) or "*" in action
    ] == []


def test_nothing_is_written(day: Day) -> None:
    assert day.writes == []
