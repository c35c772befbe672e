"""Whether a plan still holds, on plans made as the scripts make them; and on a real account."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.lib.approved import CHANGED, planned_roles, planned_versions, restrict
from scripts.lib.changes import Change, DryRun, Finding, Severity
from scripts.lib.clients import Clients
from scripts.lib.errors import InputError
from scripts.lib.job import Job
from scripts.lib.jumpstart.demand import WantedRole
from scripts.lib.jumpstart.model import Portfolio, RoleFacts, State
from scripts.lib.jumpstart.plan import AssociateRole, AwaitPortfolio, findings, plan
from scripts.lib.jumpstart.quota import Quota
from scripts.lib.outputs import Version
from scripts.lib.post_apply import Ask, apply_plan, make
from scripts.lib.product_versions import UpdateVersion, WantedVersion
from scripts.sandbox import Sandbox
from tests.unit.scripts.lib.jumpstart.builders import ACCOUNT, domain, portfolio, role
from tests.unit.scripts.lib.jumpstart.test_observe import enable
from tests.unit.scripts.products import make_product, write_outputs

READS = ("Get", "List", "Describe")
ROLES = ("A", "B")


def state(*portfolios: Portfolio, enabled: bool = True, gone: str = "") -> State:
    facts = tuple(RoleFacts(role(name), error="does not exist") for name in gone)
    return State(ACCOUNT, enabled, (domain("lab"),), portfolios, facts)


def want(names: Iterable[str] = ROLES, why: str = "user x") -> list[WantedRole]:
    return [WantedRole(role(name), (why,)) for name in names]


def job(found: State, wanted: list[WantedRole] | None = None) -> Job:
    """What there is to do now, for the roles of the plan."""
    wanted = wanted if wanted is not None else want(why="asked for by ARN")
    return Job("JumpStart", (), findings(found, wanted), plan(found, wanted), DryRun())


def refusal(now: Job, planned: tuple[Change, ...]) -> str:
    with pytest.raises(InputError) as caught:
        restrict(now, planned)
    text = str(caught.value)
    assert text.startswith(f"{CHANGED}: ")
    assert text.endswith("; plan again")
    return text.removeprefix(f"{CHANGED}: ").removesuffix("; plan again")


READY = state(portfolio("p"))
NEW = state(enabled=False)


@pytest.mark.parametrize("found", [READY, NEW, state(), state(portfolio("p", "A"))])
def test_in_an_account_that_has_not_changed_just_the_plan_is_done(found: State) -> None:
    planned = plan(found, want())

    assert restrict(job(found), planned).changes == planned


def test_reasons_are_those_that_were_approved() -> None:
    planned = plan(READY, want(why="user amy"))

    assert {each.reasons for each in restrict(job(READY), planned).changes} == {("user amy",)}


@pytest.mark.parametrize("found", [READY, NEW])
@pytest.mark.parametrize("done", [("A",), ("B",), ROLES])
def test_what_is_done_already_is_left_out(found: State, done: tuple[str, ...]) -> None:
    left = restrict(job(state(portfolio("p", *done))), plan(found, want())).changes

    assert {(each.subject, each.target) for each in left} == {
        (role(name), "p") for name in ROLES if name not in done
    }


def test_portfolio_that_was_to_be_imported_may_have_been_meanwhile() -> None:
    planned = plan(NEW, want())

    assert restrict(job(state()), planned).changes == planned[1:]
    assert [each.target for each in restrict(job(READY), planned).changes] == ["p", "p"]
    both = state(portfolio("p"), portfolio("q"))
    assert len(restrict(job(both), planned).changes) == 4, "all, once imported"


def test_refused_when_a_role_was_deleted() -> None:
    now = job(state(portfolio("p"), gone="B"))

    assert refusal(now, plan(READY, want())) == (
        f"{role('B')}: does not exist; it is not associated"
    )


def test_refused_when_another_portfolio_appeared() -> None:
    now = job(state(portfolio("p"), portfolio("q")))

    assert refusal(now, plan(READY, want())) == (
        f"the plan does not have: associate {role('A')} (q)"
    )


def test_refused_when_another_portfolio_took_the_place_of_the_one_in_the_plan() -> None:
    assert "(q)" in refusal(job(state(portfolio("q"))), plan(READY, want()))


def test_refused_when_the_portfolio_was_switched_off() -> None:
    now = job(state(portfolio("p"), enabled=False))

    assert refusal(now, plan(READY, want())) == (
        "the plan does not have: enable SageMaker's portfolio (account 123456789012, eu-west-1)"
    )


def test_refused_when_the_portfolio_is_gone_though_enabled() -> None:
    assert refusal(job(state()), plan(READY, want())).startswith(
        "the plan does not have: wait for SageMaker's portfolio"
    )


def test_refused_when_something_else_is_to_be_written() -> None:
    planned = plan(READY, want("A"))

    assert refusal(job(READY, want()), planned) == (
        f"the plan does not have: associate {role('B')} (p)"
    )


def test_refused_when_the_quota_does_not_hold_any_more() -> None:
    now = job(replace(state(portfolio("p", "X", "Y")), quota=Quota(3)))

    assert refusal(now, plan(READY, want())).startswith("Quota: portfolio p (")


def test_empty_plan_allows_nothing_and_asks_for_nothing() -> None:
    assert restrict(job(state(portfolio("p", *ROLES))), ()).changes == ()
    assert "the plan does not have: associate" in refusal(job(READY), ())


def test_warnings_do_not_stand_in_the_way() -> None:
    warned = replace(job(READY), findings=(Finding(Severity.WARNING, "x", "odd"),))

    assert len(restrict(warned, plan(READY, want())).changes) == 2


def update(**changes: object) -> UpdateVersion:
    made = UpdateVersion(
        product_id="prod-1",
        product_name="Product",
        version_id="pa-1",
        version=Version(name="1", guidance="DEPRECATED", active=True),
        reasons=("guidance DEFAULT -> DEPRECATED",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def versions(*changes: Change) -> Job:
    return Job("First versions", (), (), changes, DryRun())


def test_version_that_is_still_as_it_was_is_set() -> None:
    assert restrict(versions(update()), (AwaitPortfolio(), update())).changes == (update(),)
    assert restrict(versions(), (update(),)).changes == ()


@pytest.mark.parametrize(
    "now",
    [
        update(version_id="pa-2"),
        update(product_id="prod-2"),
        update(product_name="Renamed"),
        update(version=Version(name="1", guidance="DEPRECATED", active=False)),
        update(reasons=("guidance DEFAULT -> DEPRECATED", "active false -> true")),
    ],
    ids=["version", "product", "name", "wish", "start"],
)
def test_refused_when_a_version_was_changed_meanwhile(now: UpdateVersion) -> None:
    assert refusal(versions(now), (update(),)) == f"the plan does not have: {now}"


def test_roles_and_versions_of_a_plan_are_found_among_its_changes() -> None:
    planned = (
        AwaitPortfolio(),
        AssociateRole(role_arn=role("B"), portfolio_id="p"),
        AssociateRole(role_arn=role("A"), portfolio_id="q"),
        AssociateRole(role_arn=role("A"), portfolio_id="p"),
        update(),
    )

    assert planned_roles(planned) == (role("A"), role("B"))
    assert planned_versions(planned) == (
        WantedVersion("prod-1", "Product", update().version, "the plan file"),
    )
    assert (planned_roles(()), planned_versions(())) == ((), ())


def writes(account: Sandbox) -> list[str]:
    return [call.operation for call in account.journal() if not call.operation.startswith(READS)]


@pytest.fixture
def approved(account: Sandbox, clients: Clients, tmp_path: Path) -> Ask:
    """A plan of everything in an account whose portfolio is imported; the journal is empty."""
    enable(account)
    outputs = write_outputs(tmp_path / "outputs.json", make_product(account), guidance="DEPRECATED")
    file = tmp_path / "plan.json"
    report = make(clients, Ask(outputs=(outputs,), out=file), apply=False)
    assert len(report.outcomes) == 6
    account.clear_journal()
    return Ask(plan_file=file, ledger=tmp_path / "ledger")


def test_plan_of_an_account_is_done_and_then_nothing_is_left(
    account: Sandbox, clients: Clients, approved: Ask
) -> None:
    assert apply_plan(clients, approved).exit_code == 0
    assert sorted(writes(account)) == [
        *["AssociatePrincipalWithPortfolio"] * 5,
        "UpdateProvisioningArtifact",
    ]
    account.clear_journal()

    again = apply_plan(clients, approved)

    assert (again.exit_code, again.outcomes, writes(account)) == (0, (), [])


def test_user_who_came_since_is_not_in_the_plan_and_not_served(
    account: Sandbox, clients: Clients, approved: Ask
) -> None:
    sagemaker = account.client("sagemaker")
    domain_id = sagemaker.list_domains()["Domains"][0]["DomainId"]
    sagemaker.create_user_profile(DomainId=domain_id, UserProfileName="zoe")

    assert len(apply_plan(clients, approved).outcomes) == 6


def delete_a_role(account: Sandbox) -> None:
    iam = account.client("iam")
    policy = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    iam.detach_role_policy(RoleName="CustomRoleEve", PolicyArn=policy)
    iam.delete_role(RoleName="CustomRoleEve")


def switch_off(account: Sandbox) -> None:
    account.client("sagemaker").disable_sagemaker_servicecatalog_portfolio()


def deactivate_the_version(account: Sandbox) -> None:
    catalog = account.client("servicecatalog")
    (product,) = catalog.search_products_as_admin()["ProductViewDetails"]
    product_id = product["ProductViewSummary"]["ProductId"]
    (version,) = catalog.list_provisioning_artifacts(ProductId=product_id)[
        "ProvisioningArtifactDetails"
    ]
    catalog.update_provisioning_artifact(
        ProductId=product_id, ProvisioningArtifactId=version["Id"], Active=False
    )


def delete_the_product(account: Sandbox) -> None:
    catalog = account.client("servicecatalog")
    (product,) = catalog.search_products_as_admin()["ProductViewDetails"]
    catalog.delete_product(Id=product["ProductViewSummary"]["ProductId"])


@pytest.mark.parametrize(
    ("happens", "message"),
    [
        (delete_a_role, f"{role('CustomRoleEve')}: does not exist"),
        (switch_off, "the plan does not have: enable SageMaker's portfolio"),
        (deactivate_the_version, "the plan does not have: update version 1"),
        (delete_the_product, "does not exist in this account and Region, but the plan file"),
    ],
)
def test_refused_as_a_whole_when_the_account_has_changed(
    account: Sandbox, clients: Clients, approved: Ask, happens: object, message: str
) -> None:
    happens(account)  # type: ignore[operator]
    account.clear_journal()

    with pytest.raises(InputError, match=CHANGED) as caught:
        apply_plan(clients, approved)

    assert message in str(caught.value)
    assert writes(account) == []
