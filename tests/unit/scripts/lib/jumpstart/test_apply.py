from dataclasses import dataclass
from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from scripts.lib.changes import Change
from scripts.lib.clients import Clients, open_session
from scripts.lib.errors import InputError, ToolError
from scripts.lib.jumpstart.apply import AwsExecutor
from scripts.lib.jumpstart.ledger import Ledger, Stage
from scripts.lib.jumpstart.ledger_file import Book, LedgerFile
from scripts.lib.jumpstart.model import Principal
from scripts.lib.jumpstart.observe import observe_portfolios
from scripts.lib.jumpstart.plan import AssociateRole, AwaitPortfolio, EnablePortfolio
from scripts.lib.jumpstart.removal import AdoptAssociation, DisassociateRole, ForgetAssociation
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Answer, AnyRule, Cut, Fail, Refuse
from tests.unit.scripts.lib.jumpstart.builders import ACCOUNT, SOLUTIONS, role
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


def executor(
    clients: Clients, clock: Clock | None = None, wait_seconds: float = 60, book: Book | None = None
) -> AwsExecutor:
    clock = clock or Clock()
    return AwsExecutor(
        clients,
        book or Book(None),
        wait_seconds=wait_seconds,
        clock=clock,
        sleep=clock.sleep,
    )


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


ASSOCIATE = "AssociatePrincipalWithPortfolio"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(LedgerFile(tmp_path, ACCOUNT))


def entries(book: Book) -> list[tuple[str, str, Stage, tuple[str, ...]]]:
    return [
        (each.portfolio_id, each.role_arn, each.stage, each.reasons)
        for each in book.ledger.entries.values()
    ]


def at(identifier: str) -> AssociateRole:
    return AssociateRole(role_arn=BEN.role_arn, portfolio_id=identifier, reasons=("user ben",))


def disassociate(identifier: str) -> DisassociateRole:
    return DisassociateRole(role_arn=BEN.role_arn, portfolio_id=identifier)


def test_intention_is_on_disk_before_the_role_is_associated(
    account: Sandbox, clients: Clients, book: Book, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    identifier = enable(account)
    del clients
    seen: list[Stage] = []

    def look(name: str, _: int) -> Answer | None:
        if name == ASSOCIATE:
            seen.extend(
                each.stage for each in LedgerFile(tmp_path, ACCOUNT).read().entries.values()
            )
        return None

    with account.faults(look) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        assert executor(Clients(open_session()), book=book).perform(at(identifier)) == ""

    assert seen == [Stage.INTENDED]
    assert entries(book) == [(identifier, BEN.role_arn, Stage.MADE, ("user ben",))]


def test_nothing_is_associated_if_the_intention_cannot_be_written(
    account: Sandbox, clients: Clients, book: Book, tmp_path: Path
) -> None:
    identifier = enable(account)
    (tmp_path / "123456789012-eu-west-1.json").mkdir()

    with pytest.raises(InputError, match="cannot be written: Is a directory"):
        executor(clients, book=book).perform(at(identifier))

    (found,) = observe_portfolios(clients)
    assert found.principals == frozenset()


@pytest.mark.usefixtures("clients")
@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (Refuse(ASSOCIATE, "LimitExceededException"), []),
        (Refuse(ASSOCIATE, "AccessDeniedException"), []),
        (Fail(1, (ASSOCIATE,)), [Stage.INTENDED]),
        (lambda name, _: Cut(forwards=True) if name == ASSOCIATE else None, [Stage.INTENDED]),
    ],
    ids=["refused", "denied", "failed", "no-answer"],
)
def test_intention_goes_only_where_aws_surely_did_nothing(
    account: Sandbox,
    book: Book,
    monkeypatch: pytest.MonkeyPatch,
    rule: AnyRule,
    left: list[Stage],
) -> None:
    identifier = enable(account)
    with account.faults(rule) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises((ClientError, BotoCoreError)):
            executor(Clients(open_session()), book=book).perform(at(identifier))

    assert [stage for _, _, stage, _ in entries(book)] == left


def test_role_that_was_there_after_waiting_is_not_taken_for_own(
    account: Sandbox, clients: Clients, book: Book
) -> None:
    identifier = enable(account)
    account.client("servicecatalog").associate_principal_with_portfolio(
        PortfolioId=identifier, PrincipalARN=BEN.role_arn, PrincipalType="IAM"
    )
    writer = executor(clients, book=book)
    writer.perform(AwaitPortfolio())

    assert writer.perform(at(identifier)) == "was associated already"
    assert entries(book) == []


def test_disassociating_takes_the_role_away_and_its_entry_with_it(
    account: Sandbox, clients: Clients, book: Book
) -> None:
    identifier = enable(account)
    writer = executor(clients, book=book)
    writer.perform(at(identifier))
    writer.perform(AssociateRole(role_arn=role("CustomRoleEve"), portfolio_id=identifier))

    assert writer.perform(disassociate(identifier)) == ""

    (found,) = observe_portfolios(clients)
    assert found.principals == {Principal(role("CustomRoleEve"))}
    assert [arn for _, arn, _, _ in entries(book)] == [role("CustomRoleEve")]


@pytest.mark.usefixtures("clients")
def test_what_is_gone_already_is_forgotten_and_told(
    account: Sandbox, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    identifier = enable(account)
    book.record(identifier, BEN.role_arn, Stage.MADE)
    rule = Refuse("DisassociatePrincipalFromPortfolio", "ResourceNotFoundException")
    with account.faults(rule) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        writer = executor(Clients(open_session()), book=book)
        assert writer.perform(disassociate(identifier)) == "was gone already"

    assert entries(book) == []


@pytest.mark.usefixtures("clients")
def test_what_may_not_be_taken_away_stays_own(
    account: Sandbox, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    identifier = enable(account)
    book.record(identifier, BEN.role_arn, Stage.MADE)
    rule = Refuse("DisassociatePrincipalFromPortfolio", "AccessDeniedException")
    with account.faults(rule) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        writer = executor(Clients(open_session()), book=book)
        with pytest.raises(ClientError, match="AccessDeniedException"):
            writer.perform(disassociate(identifier))

    assert [stage for _, _, stage, _ in entries(book)] == [Stage.MADE]


def test_adopting_writes_into_the_ledger_alone(
    account: Sandbox, clients: Clients, book: Book, tmp_path: Path
) -> None:
    writer = executor(clients, book=book)

    writer.perform(AdoptAssociation(role_arn=BEN.role_arn, portfolio_id="port-a"))

    assert account.journal() == []
    assert entries(book) == [("port-a", BEN.role_arn, Stage.ADOPTED, ())]
    assert LedgerFile(tmp_path, ACCOUNT).read() == book.ledger


def test_crossing_out_changes_the_ledger_alone(
    account: Sandbox, clients: Clients, book: Book, tmp_path: Path
) -> None:
    writer = executor(clients, book=book)
    book.record("port-a", BEN.role_arn, Stage.MADE)

    writer.perform(ForgetAssociation(role_arn=BEN.role_arn, portfolio_id="port-a"))

    assert account.journal() == []
    assert LedgerFile(tmp_path, ACCOUNT).read() == book.ledger == Ledger()
