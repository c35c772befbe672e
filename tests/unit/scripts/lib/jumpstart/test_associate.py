import pytest

from scripts.lib.changes import Status
from scripts.lib.clients import Clients, open_session
from scripts.lib.errors import InputError
from scripts.lib.jumpstart import associate_roles
from scripts.lib.jumpstart.observe import observe_portfolios
from scripts.lib.report import Report
from scripts.sandbox import Sandbox
from tests.unit.scripts.lib.jumpstart.builders import role


@pytest.fixture
def onboarded(account: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Report:
    """The report of an onboarding process that calls the function for one role."""
    for name, value in account.environment().items():
        monkeypatch.setenv(name, value)
    return associate_roles(open_session(), role_arns=[role("CustomRoleEve")], apply=True)


def test_onboarding_step_lets_the_new_role_see_the_portfolio(onboarded: Report) -> None:
    assert onboarded.exit_code == 0
    assert onboarded.applied
    assert [outcome.change.subject for outcome in onboarded.outcomes] == [
        "SageMaker's portfolio",
        "SageMaker's portfolio",
        role("CustomRoleEve"),
    ]
    assert {outcome.status for outcome in onboarded.outcomes} == {Status.DONE}


@pytest.mark.usefixtures("onboarded")
def test_repeated_step_has_nothing_to_do() -> None:
    report = associate_roles(open_session(), role_arns=[role("CustomRoleEve")], apply=True)

    assert (report.exit_code, report.outcomes) == (0, ())


@pytest.mark.usefixtures("onboarded")
def test_without_apply_the_rest_is_only_planned(account: Sandbox) -> None:
    account.clear_journal()

    report = associate_roles(open_session())

    assert report.exit_code == 2
    assert [outcome.change.subject for outcome in report.outcomes] == [
        role(name)
        for name in (
            "CustomRoleBen",
            "CustomRoleCleo",
            "DataScienceDomainRole",
            "ResearchDomainRole",
        )
    ]
    called = {call.operation for call in account.journal()}
    assert "AssociatePrincipalWithPortfolio" not in called


@pytest.mark.usefixtures("onboarded")
def test_users_can_be_given() -> None:
    report = associate_roles(open_session(), users=["cleo", "eve"])

    assert [outcome.change.subject for outcome in report.outcomes] == [role("CustomRoleCleo")]


@pytest.mark.usefixtures("onboarded")
def test_empty_list_of_roles_means_none_and_not_all() -> None:
    report = associate_roles(open_session(), role_arns=[])

    assert (report.exit_code, report.outcomes) == (0, ())


def test_fails_when_an_argument_cannot_be_used_and_nothing_is_written(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in account.environment().items():
        monkeypatch.setenv(name, value)
    session = open_session()

    with pytest.raises(InputError, match="no user profile 'zoe'"):
        associate_roles(session, users=["zoe"], apply=True)
    with pytest.raises(InputError, match="no Domain 'd-none'"):
        associate_roles(session, domains=["d-none"], apply=True)
    with pytest.raises(InputError, match="'nobody' is not the ARN of a role"):
        associate_roles(session, role_arns=["nobody"], apply=True)

    assert observe_portfolios(Clients(session)) == ()
