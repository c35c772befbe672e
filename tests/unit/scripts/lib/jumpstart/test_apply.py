from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError

from scripts.lib.changes import Change
from scripts.lib.clients import Clients, open_session
from scripts.lib.errors import ToolError
from scripts.lib.jumpstart.apply import AwsExecutor
from scripts.lib.jumpstart.model import Principal
from scripts.lib.jumpstart.observe import observe_portfolios
from scripts.lib.jumpstart.plan import AssociateRole, AwaitPortfolio, EnablePortfolio
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Answer, AnyRule
from tests.unit.scripts.lib.jumpstart.builders import SOLUTIONS, role
from tests.unit.scripts.lib.jumpstart.test_observe import enable

ENABLE = EnablePortfolio(account_id="123456789012", region="eu-west-1")
BEN = AssociateRole(role_arn=role("CustomRoleBen"))


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def executor(clients: Clients, clock: Clock, wait_seconds: float = 60) -> AwsExecutor:
    return AwsExecutor(clients, wait_seconds=wait_seconds, clock=clock, sleep=clock.sleep)


def hidden(calls: int) -> AnyRule:
    """No portfolio is listed before so many calls have been made."""

    def rule(name: str, count: int) -> Answer | None:
        late = name == "ListAcceptedPortfolioShares" and count <= calls
        return {"PortfolioDetails": []} if late else None

    return rule


def test_enabling_waiting_and_associating_lets_the_role_see_the_portfolio(
    clients: Clients,
) -> None:
    writer = executor(clients, Clock())

    writer.perform(ENABLE)
    remark = writer.perform(AwaitPortfolio())
    (concrete,) = writer.expand(BEN)
    writer.perform(concrete)

    (found,) = observe_portfolios(clients)
    assert remark == f"{found.id} ({SOLUTIONS})"
    assert concrete == BEN.at(found)
    assert found.principals == {Principal(role("CustomRoleBen"))}


@pytest.mark.usefixtures("clients")
def test_waiting_pauses_longer_each_time_up_to_a_limit(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    enable(account)
    clock = Clock()
    with account.faults(hidden(calls=3 * 7)) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        executor(Clients(open_session()), clock).perform(AwaitPortfolio())

    assert clock.pauses == [1, 2, 4, 8, 15, 15, 15]


@pytest.mark.usefixtures("clients")
def test_fails_when_the_portfolio_does_not_appear_in_time(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    with account.faults(hidden(calls=1000)) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(ToolError) as caught:
            executor(Clients(open_session()), clock, wait_seconds=5).perform(AwaitPortfolio())

    assert str(caught.value) == (
        "has not appeared within 5 s: run again later, or with a larger --wait"
    )
    assert clock.pauses == [1, 2, 2], "waits to the end of the limit and not beyond"


def test_portfolio_that_is_there_is_not_waited_for(account: Sandbox, clients: Clients) -> None:
    enable(account)
    clock = Clock()

    executor(clients, clock, wait_seconds=1).perform(AwaitPortfolio())

    assert clock.pauses == []


def test_role_that_sees_the_portfolio_already_is_not_written(
    account: Sandbox, clients: Clients
) -> None:
    identifier = enable(account)
    account.client("servicecatalog").associate_principal_with_portfolio(
        PortfolioId=identifier, PrincipalARN=role("CustomRoleBen"), PrincipalType="IAM"
    )
    account.clear_journal()
    writer = executor(clients, Clock())
    writer.perform(AwaitPortfolio())
    (concrete,) = writer.expand(BEN)

    assert writer.perform(concrete) == "was associated already"
    assert "AssociatePrincipalWithPortfolio" not in [call.operation for call in account.journal()]


def test_every_change_may_be_repeated(account: Sandbox, clients: Clients) -> None:
    identifier = enable(account)
    writer = executor(clients, Clock())
    change = AssociateRole(role_arn=role("CustomRoleBen"), portfolio_id=identifier)

    for _ in range(2):
        writer.perform(ENABLE)
        writer.perform(change)

    (found,) = observe_portfolios(clients)
    assert found.principals == {Principal(role("CustomRoleBen"))}


def test_fails_when_service_catalog_refuses(clients: Clients) -> None:
    change = AssociateRole(role_arn=role("CustomRoleBen"), portfolio_id="port-0000000000000")

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        executor(clients, Clock()).perform(change)


@dataclass(frozen=True, kw_only=True)
class Unknown(Change):
    action = subject = target = "x"


def test_change_of_another_job_is_a_defect(clients: Clients) -> None:
    with pytest.raises(TypeError, match="no way to perform Unknown"):
        executor(clients, Clock()).perform(Unknown())
