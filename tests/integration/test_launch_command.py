"""The launch tool as the project's end-user role, policies in force: what it calls is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError

from scripts.lib.clients import Clients, open_session
from scripts.lib.errors import AwsError, InputError
from scripts.lib.launch import Manner, Result, end, follow, list_launched, show, start, update
from scripts.lib.launch.session import open_clients
from scripts.sandbox import Sandbox
from tests.integration.conftest import Deployment

APPLY = Manner(apply=True, wait_seconds=120)
NAME, TYPE = "NotebookInstanceName", "NotebookInstanceType"
PROJECTS = ("quickstart", "vision")
"""The project whose notebooks the builder makes, and the one where CloudFormation does."""


def role(project: str) -> str:
    return f"arn:aws:iam::123456789012:role/SCEndUserRole-{project}"


@pytest.fixture
def sandbox(applied: Deployment, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A copy of the account as deployed, with quick notebooks; the environment leads to it."""
    with applied.sandbox.fork() as copy:
        copy.pace_notebooks(0.1)
        for name, value in copy.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("scripts.lib.launch.following.PAUSES", (0.2,))
        yield copy


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("project", PROJECTS)
def test_everything_the_tool_does_is_allowed_to_an_end_user(project: str) -> None:
    clients = open_clients(assume_role=role(project))
    steps: tuple[Callable[[], Result], ...] = (
        lambda: show(clients),
        lambda: start(clients, given={NAME: "dana"}, manner=APPLY),
        lambda: start(clients, given={NAME: "dana"}, manner=APPLY),
        lambda: list_launched(clients),
        lambda: update(clients, name, given={TYPE: "ml.t3.large"}, manner=APPLY),
        lambda: follow(clients, name),
    )
    name = f"SageMakerProduct-{project}-dana"

    for step in steps:
        result = step()
        assert (result.exit_code, result.report.findings) == (0, ()), result.report

    assert (result.notebook, result.outputs["ProjectName"]) == ("dana", project)
    # What the command that is printed does, in the session that launched it.
    opened = clients.sagemaker.create_presigned_notebook_instance_url(
        NotebookInstanceName=str(result.notebook)
    )
    assert opened["AuthorizedUrl"].startswith("https://")
    assert end(clients, name, manner=APPLY).exit_code == 0
    assert list_launched(clients).report.sections[0].facts[0].rows == ()


@pytest.mark.usefixtures("sandbox")
def test_product_shows_what_the_project_allows() -> None:
    (section,) = show(open_clients(assume_role=role("quickstart"))).report.sections
    parameters = {str(row["parameter"]): row for row in section.facts[-1].records()}

    assert len(parameters) == 13
    assert [key for key, row in parameters.items() if row["required"]] == [NAME]
    assert parameters["DirectInternetAccess"]["allowed"] == "allowed is only Disabled"


@pytest.mark.usefixtures("sandbox")
def test_value_that_the_project_does_not_allow_is_refused_before_the_launch() -> None:
    clients = open_clients(assume_role=role("quickstart"))

    result = start(clients, given={NAME: "dana", "DirectInternetAccess": "Enabled"}, manner=APPLY)

    assert [finding.message for finding in result.report.findings] == [
        "got 'Enabled'; allowed is only Disabled"
    ]
    assert list_launched(clients).report.sections[0].facts[0].rows == ()


@pytest.mark.usefixtures("sandbox")
def test_failed_launch_tells_the_builders_reason(sandbox: Sandbox) -> None:
    sandbox.fail_notebooks("dana", "Not enough capacity")
    clients = open_clients(assume_role=role("quickstart"))

    result = start(clients, given={NAME: "dana"}, manner=APPLY)

    assert result.exit_code == 1
    assert "Not enough capacity" in str(result.report.findings)
    assert end(clients, result.name, manner=APPLY).exit_code == 0


@pytest.mark.usefixtures("sandbox")
def test_colleague_under_the_same_role_neither_ends_nor_opens_it() -> None:
    mine = open_clients(assume_role=role("quickstart"))
    colleague = Clients(open_session(assume_role=role("quickstart"), session_name="colleague"))
    launched = start(mine, given={NAME: "dana"}, manner=APPLY)
    assert launched.exit_code == 0

    with pytest.raises(InputError, match=r"no provisioned product of yours is named"):
        follow(colleague, launched.name)
    with pytest.raises(ClientError, match="AccessDenied"):
        colleague.sagemaker.create_presigned_notebook_instance_url(NotebookInstanceName="dana")
    taken = start(colleague, launched.name, given={NAME: "other"}, manner=APPLY)
    assert "is taken in this account" in taken.report.outcomes[0].detail


@pytest.mark.usefixtures("sandbox")
def test_role_that_may_not_look_at_the_catalog_is_told_so(sandbox: Sandbox) -> None:
    sandbox.client("iam").create_role(
        RoleName="Guest",
        AssumeRolePolicyDocument=(
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
            '"Principal":{"AWS":"arn:aws:iam::123456789012:root"}}]}'
        ),
    )

    with pytest.raises(AwsError) as caught:
        show(open_clients(assume_role="arn:aws:iam::123456789012:role/Guest"))

    assert str(caught.value).startswith("SearchProducts: AccessDeniedException: User: arn:aws:sts")
    assert str(caught.value).endswith(
        "you work as arn:aws:sts::123456789012:assumed-role/Guest/platform-deployer: launching "
        "takes a project's end-user role (--profile, --assume-role)"
    )
