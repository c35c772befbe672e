"""What follows a deployment, as functions, in an account of the sandbox."""

import json
from pathlib import Path

import pytest

from scripts.lib.changes import Severity, Status
from scripts.lib.clients import Clients
from scripts.lib.errors import InputError
from scripts.lib.jumpstart.associate import open_book
from scripts.lib.jumpstart.ledger import Ledger, Stage
from scripts.lib.jumpstart.model import Selection
from scripts.lib.jumpstart.observe import observe_portfolios
from scripts.lib.post_apply import Ask, apply_plan, make, offboard, prune
from scripts.lib.report import Report
from scripts.sandbox import Sandbox
from tests.unit.scripts.lib.jumpstart.builders import role
from tests.unit.scripts.lib.jumpstart.test_observe import domain_id, enable
from tests.unit.scripts.products import make_product, write_outputs

READS = ("Get", "List", "Describe")
ASSOCIATE = "AssociatePrincipalWithPortfolio"
ROLES = {
    role(name)
    for name in (
        "CustomRoleBen",
        "CustomRoleCleo",
        "CustomRoleEve",
        "DataScienceDomainRole",
        "ResearchDomainRole",
    )
}
BEN = role("CustomRoleBen")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


def writes(account: Sandbox) -> list[str]:
    return [call.operation for call in account.journal() if not call.operation.startswith(READS)]


def principals(clients: Clients) -> set[str]:
    return {each.arn for found in observe_portfolios(clients) for each in found.principals}


def kept(clients: Clients, ledger: Path) -> Ledger:
    return open_book(clients, ledger).ledger


def stages(clients: Clients, ledger: Path) -> dict[str, Stage]:
    return {each.role_arn: each.stage for each in kept(clients, ledger).entries.values()}


def errors(report: Report) -> list[str]:
    return [each.message for each in report.findings if each.severity is Severity.ERROR]


def delete_user(account: Sandbox, name: str, domain: str = "data-science") -> None:
    account.client("sagemaker").delete_user_profile(
        DomainId=domain_id(account, domain), UserProfileName=name
    )


@pytest.mark.parametrize(
    "beside",
    [
        {"outputs": (Path("outputs.json"),)},
        {"selection": Selection(users=("ben",))},
        {"selection": Selection(domains=("d-1",))},
        {"selection": Selection(role_arns=(BEN,))},
        {"selection": Selection(role_arns=())},
    ],
)
def test_fails_when_a_selection_is_given_beside_a_plan_file(beside: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"^a plan file says what is to be done: leave out --role"):
        Ask(plan_file=Path("plan.json"), **beside)  # type: ignore[arg-type]


def test_fails_when_a_plan_is_to_be_applied_and_none_is_given(clients: Clients) -> None:
    with pytest.raises(InputError, match="no plan file is given"):
        apply_plan(clients, Ask())


def test_plan_writes_nothing_neither_in_aws_nor_a_ledger(
    account: Sandbox, clients: Clients, ledger: Path
) -> None:
    report = make(clients, Ask(ledger=ledger), apply=False)

    assert (report.exit_code, writes(account), ledger.exists()) == (2, [], False)
    assert {each.status for each in report.outcomes} == {Status.PLANNED}


def test_apply_keeps_in_the_ledger_what_it_made_and_for_whom(
    clients: Clients, ledger: Path
) -> None:
    report = make(clients, Ask(ledger=ledger), apply=True)

    assert report.exit_code == 0
    assert principals(clients) == ROLES
    assert stages(clients, ledger) == dict.fromkeys(ROLES, Stage.MADE)
    (portfolio,) = observe_portfolios(clients)
    (reason,) = kept(clients, ledger).reasons(portfolio.id, BEN)
    assert reason.startswith("custom role of user ben, data-science (d-")


def test_second_run_writes_nothing_and_leaves_the_ledger(
    account: Sandbox, clients: Clients, ledger: Path
) -> None:
    make(clients, Ask(ledger=ledger), apply=True)
    (file,) = ledger.glob("*.json")
    before = file.read_bytes()
    account.clear_journal()

    report = make(clients, Ask(ledger=ledger), apply=True)

    assert (report.exit_code, report.outcomes, writes(account)) == (0, (), [])
    assert file.read_bytes() == before


def test_without_a_ledger_roles_are_associated_all_the_same(clients: Clients) -> None:
    assert make(clients, Ask(), apply=True).exit_code == 0
    assert principals(clients) == ROLES


def test_what_was_associated_before_is_not_taken_for_own(
    account: Sandbox, clients: Clients, ledger: Path
) -> None:
    identifier = enable(account)
    account.client("servicecatalog").associate_principal_with_portfolio(
        PortfolioId=identifier, PrincipalARN=BEN, PrincipalType="IAM"
    )

    make(clients, Ask(ledger=ledger), apply=True)

    assert principals(clients) == ROLES
    assert set(stages(clients, ledger)) == ROLES - {BEN}


def test_plan_goes_into_a_file_and_only_what_it_says_is_done(
    clients: Clients, ledger: Path, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    selection = Selection(users=("ben", "eve"))

    planned = make(clients, Ask(selection, out=file), apply=False)
    report = apply_plan(clients, Ask(plan_file=file, ledger=ledger))

    assert (planned.exit_code, report.exit_code) == (2, 0)
    assert principals(clients) == {BEN, role("CustomRoleEve")}
    assert stages(clients, ledger) == dict.fromkeys(principals(clients), Stage.MADE)
    (portfolio,) = observe_portfolios(clients)
    (reason,) = kept(clients, ledger).reasons(portfolio.id, BEN)
    assert reason.startswith("custom role of user ben"), "the reasons are the plan's"


def test_plan_with_nothing_in_it_is_done_at_once(
    account: Sandbox, clients: Clients, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    make(clients, Ask(Selection(role_arns=()), out=file), apply=False)

    report = apply_plan(clients, Ask(plan_file=file))

    assert (report.exit_code, report.sections, writes(account)) == (0, (), [])


def test_outputs_are_told_apart_by_what_they_hold(
    account: Sandbox, clients: Clients, tmp_path: Path
) -> None:
    notebook = write_outputs(tmp_path / "alpha.json", make_product(account), guidance="DEPRECATED")
    jumpstart = tmp_path / "jumpstart.json"
    gone = role("service-role/AmazonSageMakerServiceCatalogProductsUseRole")
    jumpstart.write_text(json.dumps({"service_role_arns": {"value": {"use": gone}}}))

    report = make(clients, Ask(Selection(role_arns=()), outputs=(jumpstart, notebook)), apply=False)

    assert [section.title for section in report.sections] == [
        "JumpStart for custom roles",
        "First versions of notebook products",
        "Service roles of SageMaker's portfolio",
    ]
    assert [each.change.action for each in report.outcomes] == ["update"]
    assert errors(report) == [
        "the jumpstart stack's use does not exist; run: cdktf deploy jumpstart"
    ]
    assert report.exit_code == 1


def test_fails_before_anything_is_written_when_an_input_cannot_be_used(
    account: Sandbox, clients: Clients, ledger: Path, tmp_path: Path
) -> None:
    account.clear_journal()
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    ledger.mkdir()
    torn = ledger / "123456789012-eu-west-1.json"

    with pytest.raises(InputError, match="not those of a notebook stack"):
        make(clients, Ask(outputs=(bad,), ledger=ledger), apply=True)
    with pytest.raises(InputError, match="cannot be written: Is a directory"):
        make(clients, Ask(out=tmp_path, ledger=ledger), apply=True)
    torn.write_text('{"format": 1,')
    for call in (
        lambda: make(clients, Ask(ledger=ledger), apply=True),
        lambda: prune(clients, ledger, adopt=False, apply=True),
        lambda: offboard(clients, BEN, ledger, adopt=False, apply=True),
    ):
        with pytest.raises(InputError, match="Invalid JSON"):
            call()

    assert writes(account) == []
    assert torn.read_text() == '{"format": 1,'


@pytest.fixture
def served(clients: Clients, ledger: Path) -> Path:
    """The ledger of an account in which every role has been associated."""
    make(clients, Ask(ledger=ledger), apply=True)
    return ledger


def test_prune_removes_the_role_of_a_user_who_left_and_no_other(
    account: Sandbox, clients: Clients, served: Path
) -> None:
    delete_user(account, "ben")

    planned = prune(clients, served, adopt=False, apply=False)
    assert principals(clients) == ROLES
    done = prune(clients, served, adopt=False, apply=True)
    account.clear_journal()
    again = prune(clients, served, adopt=False, apply=True)

    assert [report.exit_code for report in (planned, done, again)] == [2, 0, 0]
    assert principals(clients) == set(stages(clients, served)) == ROLES - {BEN}
    assert writes(account) == []


def test_prune_leaves_what_somebody_else_made_unless_told_to_adopt_it(
    account: Sandbox, clients: Clients, served: Path, tmp_path: Path
) -> None:
    delete_user(account, "ben")
    other = tmp_path / "other"

    careful = prune(clients, other, adopt=False, apply=True)
    assert (careful.exit_code, principals(clients)) == (0, ROLES)
    bold = prune(clients, other, adopt=True, apply=True)

    assert bold.exit_code == 0
    assert principals(clients) == ROLES - {BEN}
    assert stages(clients, other) == dict.fromkeys(ROLES - {BEN}, Stage.ADOPTED)
    assert stages(clients, served)[BEN] is Stage.MADE, "the other ledger is not touched"


def test_offboarding_takes_one_role_away_and_tells_that_it_is_in_use(
    account: Sandbox, clients: Clients, served: Path
) -> None:
    planned = offboard(clients, BEN, served, adopt=False, apply=False)
    assert principals(clients) == ROLES
    done = offboard(clients, BEN, served, adopt=False, apply=True)
    account.clear_journal()
    again = offboard(clients, BEN, served, adopt=False, apply=True)

    assert [report.exit_code for report in (planned, done, again)] == [2, 0, 0]
    assert any("is still in use" in each.message for each in done.findings)
    assert principals(clients) == set(stages(clients, served)) == ROLES - {BEN}
    assert writes(account) == []


def test_offboarding_of_what_is_not_own_is_an_error_until_it_is_adopted(
    account: Sandbox, clients: Clients, served: Path, tmp_path: Path
) -> None:
    assert served.exists()
    other = tmp_path / "other"
    account.clear_journal()

    refused = offboard(clients, BEN, other, adopt=False, apply=True)
    assert (refused.exit_code, writes(account)) == (1, [])
    assert "was not made by this tool" in errors(refused)[0]

    assert offboard(clients, BEN, other, adopt=True, apply=True).exit_code == 0
    assert principals(clients) == ROLES - {BEN}
    assert stages(clients, other) == {}


@pytest.mark.parametrize("arn", ["CustomRoleBen", "arn:aws:iam::210987654321:role/CustomRoleBen"])
def test_fails_when_the_role_to_offboard_is_not_one_of_the_account(
    account: Sandbox, clients: Clients, served: Path, arn: str
) -> None:
    account.clear_journal()

    with pytest.raises(InputError, match=r"is not the ARN of a role|is not a role of this account"):
        offboard(clients, arn, served, adopt=True, apply=True)

    assert writes(account) == []
