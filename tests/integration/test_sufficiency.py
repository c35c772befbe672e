"""The roles of a launch are exactly enough: nothing they must do is refused, nothing is left over.

Both ways: all of the work is done with policies in force, and what it used is compared with what
the roles are granted; then rights are taken away, and the work fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox
from scripts.sandbox.decisions import Decided
from tests.integration.conftest import Deployment
from tests.integration.rights.duties import EndUser
from tests.integration.rights.granted import Right, granted, needed, of_role, used, without
from tests.integration.rights.world import PERSON, PROJECT_IDS, await_record, end_user_role, launch

ROLES = {
    "launch role (`lambda`)": ("SCLaunchRole-quickstart", "launch"),
    "launch role (`cloudformation`)": ("SCLaunchRole-vision", "launch"),
    "builder": ("SageMakerBuildRole-quickstart", "builder"),
    "end user (`lambda`)": ("SCEndUserRole-quickstart", "end-user"),
    "end user (`cloudformation`)": ("SCEndUserRole-vision", "end-user"),
}
"""From a role's name in docs/rights.md to the role and its inline policy."""
each_role = pytest.mark.parametrize("title", ROLES)
DOCUMENT = Path(__file__).parents[2] / "docs/rights.md"


def justified() -> dict[str, set[Right]]:
    """The table in docs/rights.md; every row has to give a reason."""
    rows: dict[str, set[Right]] = {title: set() for title in ROLES}
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0] in rows:
            title, sid, action, reason = cells
            assert reason, f"{action} of {title} has no reason"
            rows[title].add(Right(sid.strip("`"), action.strip("`")))
    return rows


def policy(sandbox: Sandbox, title: str) -> dict[str, Any]:
    role, name = ROLES[title]
    found: dict[str, Any] = sandbox.client("iam").get_role_policy(RoleName=role, PolicyName=name)[
        "PolicyDocument"
    ]
    return found


@contextmanager
def at_work(deployment: Deployment) -> Iterator[tuple[Sandbox, Callable[[str], EndUser]]]:
    """A copy of the account with policies in force, and its end users by project."""
    with deployment.sandbox.fork() as sandbox, pytest.MonkeyPatch.context() as patch:
        for name, value in sandbox.environment().items():
            patch.setenv(name, value)
        patch.setattr("scripts.lib.launch.following.PAUSES", (0.2,))
        sandbox.pace_notebooks(0)
        sandbox.enforce(True)
        sandbox.clear_decisions()

        def end_user(project: str) -> EndUser:
            session: Mapping[str, str] = sandbox.client("sts").assume_role(
                RoleArn=end_user_role(project), RoleSessionName=PERSON
            )["Credentials"]
            return EndUser(sandbox, project, session)

        yield sandbox, end_user


@dataclass(frozen=True)
class Day:
    """What was decided while all the work was done, and the policies of the roles."""

    decisions: list[Decided]
    policies: Mapping[str, dict[str, Any]]

    def of(self, title: str) -> list[Decided]:
        return of_role(self.decisions, ROLES[title][0])


@pytest.fixture(scope="module")
def day(applied: Deployment) -> Iterator[Day]:
    """A whole day's work in both projects at once."""
    with at_work(applied) as (sandbox, end_user), ThreadPoolExecutor() as both:
        for done in [both.submit(end_user(project).work) for project in PROJECT_IDS]:
            done.result()
        yield Day(sandbox.decisions(), {title: policy(sandbox, title) for title in ROLES})


@each_role
def test_nothing_that_the_work_takes_is_refused(day: Day, title: str) -> None:
    decisions = day.of(title)
    assert decisions
    assert [decided for decided in decisions if not decided.allowed] == []


@each_role
def test_every_right_is_used_or_justified(day: Day, title: str) -> None:
    """A new excess fails, and so does a row of docs/rights.md that is no longer true."""
    assert granted(day.policies[title]) - used(day.of(title)) == justified()[title]


@each_role
def test_without_any_right_that_is_used_something_is_refused(day: Day, title: str) -> None:
    decisions = day.of(title)
    assert used(decisions) - needed(decisions) == set()


TAKEN = [
    ("launch role (`lambda`)", "lambda:InvokeFunction", "launch"),
    ("launch role (`lambda`)", "s3:GetObject", "launch"),
    ("launch role (`cloudformation`)", "iam:PassRole", "launch"),
    ("launch role (`cloudformation`)", "ec2:CreateNetworkInterface", "launch"),
    ("launch role (`cloudformation`)", "ec2:DeleteNetworkInterface", "end"),
    ("launch role (`cloudformation`)", "sagemaker:AddTags", "launch"),
    ("builder", "sagemaker:CreateNotebookInstance", "launch"),
    ("builder", "ec2:DeleteNetworkInterface", "end"),
    ("end user (`lambda`)", "servicecatalog:ProvisionProduct", "launch"),
    ("end user (`cloudformation`)", "ec2:CreateNetworkInterface", "use"),
    ("end user (`cloudformation`)", "servicecatalog:TerminateProvisionedProduct", "end"),
]
"""A role, the action that is taken from it, and the work that then fails."""


@pytest.mark.parametrize(("title", "action", "work"), TAKEN)
def test_fails_when_a_right_is_taken_away(
    applied: Deployment, title: str, action: str, work: str
) -> None:
    role, name = ROLES[title]
    project = role.rpartition("-")[2]
    with at_work(applied) as (sandbox, end_user):
        person = end_user(project)
        if work != "launch":
            assert outcome(person, "launch") == ""
        left = without(policy(sandbox, title), action)
        sandbox.client("iam").put_role_policy(
            RoleName=role, PolicyName=name, PolicyDocument=json.dumps(left)
        )
        assert f"is not authorized to perform: {action}" in outcome(person, work)


def outcome(person: EndUser, work: str) -> str:
    """What refused a piece of work; empty if it was done."""
    name, catalog = "attempt", person.catalog
    try:
        if work == "use":
            person.use(name)
            return ""
        if work == "launch":
            record = launch(catalog, person.project, name)
        else:
            ending = catalog.terminate_provisioned_product(ProvisionedProductName=name)
            record = str(ending["RecordDetail"]["RecordId"])
        seen = await_record(catalog, record)["RecordDetail"]
    except ClientError as error:
        return str(error)
    return "; ".join(error["Description"] for error in seen["RecordErrors"])
