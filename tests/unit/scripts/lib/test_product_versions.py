from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from scripts.lib.changes import Finding, Severity, Status
from scripts.lib.clients import Clients
from scripts.lib.errors import InputError
from scripts.lib.jumpstart.plan import AwaitPortfolio
from scripts.lib.outputs import Guidance, Version
from scripts.lib.product_versions import (
    AwsExecutor,
    Found,
    FoundVersion,
    UpdateVersion,
    WantedVersion,
    observe,
    plan,
    prepare,
    read_wanted,
)
from scripts.sandbox import Sandbox
from tests.unit.scripts.products import make_product, write_outputs


def want(
    guidance: Guidance = "DEFAULT", active: bool = True, product: str = "prod-1"
) -> WantedVersion:
    version = Version(name="1", guidance=guidance, active=active)
    return WantedVersion(product, "SageMakerProduct", version, "outputs.json")


def have(
    guidance: Guidance = "DEFAULT", active: bool = True, name: str = "1", identifier: str = "pa-1"
) -> FoundVersion:
    return FoundVersion("prod-1", identifier, name, guidance, active)


def found(*versions: FoundVersion) -> Found:
    return Found(frozenset({"prod-1"}), versions)


@pytest.mark.parametrize(
    ("there", "wanted", "reasons"),
    [
        (have("DEFAULT", True), want("DEPRECATED", True), ("guidance DEFAULT -> DEPRECATED",)),
        (have("DEPRECATED", True), want("DEFAULT", True), ("guidance DEPRECATED -> DEFAULT",)),
        (have("DEFAULT", True), want("DEFAULT", False), ("active true -> false",)),
        (have("DEFAULT", False), want("DEFAULT", True), ("active false -> true",)),
        (
            have("DEFAULT", True),
            want("DEPRECATED", False),
            ("guidance DEFAULT -> DEPRECATED", "active true -> false"),
        ),
    ],
)
def test_version_that_differs_is_updated_and_the_differences_are_told(
    there: FoundVersion, wanted: WantedVersion, reasons: tuple[str, ...]
) -> None:
    other = have("DEFAULT", True, name="2", identifier="pa-2")

    changes, faults = plan(found(other, there), [wanted])

    assert faults == ()
    assert changes == (
        UpdateVersion(
            product_id="prod-1",
            product_name="SageMakerProduct",
            version_id="pa-1",
            version=wanted.version,
            reasons=reasons,
        ),
    )
    assert str(changes[0]) == "update version 1 (pa-1) (prod-1 (SageMakerProduct))"


GUIDANCE = st.sampled_from(["DEFAULT", "DEPRECATED"])


@given(GUIDANCE, st.booleans(), GUIDANCE, st.booleans())
def test_after_the_change_nothing_is_left_to_change(
    now: Guidance, is_active: bool, guidance: Guidance, active: bool
) -> None:
    wanted = [want(guidance, active)]

    changes, _ = plan(found(have(now, is_active)), wanted)

    assert len(changes) == int((now, is_active) != (guidance, active))
    assert plan(found(have(guidance, active)), wanted) == ((), ())


def test_product_that_does_not_exist_is_an_error_and_does_not_hide_others() -> None:
    changes, faults = plan(found(have()), [want(product="prod-0"), want("DEPRECATED")])

    assert len(changes) == 1
    assert faults == (
        Finding(
            Severity.ERROR,
            "product prod-0 (SageMakerProduct)",
            "does not exist in this account and Region, but outputs.json names it",
        ),
    )


@pytest.mark.parametrize(
    ("versions", "count"),
    [((), 0), ((have(name="01"),), 0), ((have(), have(identifier="pa-2")), 2)],
)
def test_version_that_is_not_exactly_one_is_an_error(
    versions: tuple[FoundVersion, ...], count: int
) -> None:
    assert plan(found(*versions), [want("DEPRECATED")]) == (
        (),
        (
            Finding(
                Severity.ERROR,
                "product prod-1 (SageMakerProduct)",
                f"has {count} versions named '1', expected one",
            ),
        ),
    )


def test_outputs_of_several_stacks_are_read_by_product(tmp_path: Path) -> None:
    two = write_outputs(tmp_path / "two.json", "prod-2", active=False)
    one = write_outputs(tmp_path / "one.json", "prod-1")

    wanted = read_wanted([two, one, one])

    assert [(item.product_id, item.version.active, item.source) for item in wanted] == [
        ("prod-1", True, str(one)),
        ("prod-2", False, str(two)),
    ]


def test_fails_when_two_files_want_different_things_of_one_product(tmp_path: Path) -> None:
    one = write_outputs(tmp_path / "one.json", "prod-1")
    two = write_outputs(tmp_path / "two.json", "prod-1", guidance="DEPRECATED")

    with pytest.raises(InputError) as caught:
        read_wanted([one, two])

    assert str(caught.value) == (
        f"outputs files {one} and {two} want different things of product prod-1"
    )


def test_versions_of_the_products_that_exist_are_observed(
    account: Sandbox, clients: Clients
) -> None:
    product = make_product(account)

    there = observe(clients, [want(product=product), want(product="prod-0000000000000")])

    assert there.products == {product}
    (version,) = there.versions
    assert (version.product_id, version.name, version.guidance, version.active) == (
        product,
        "1",
        "DEFAULT",
        True,
    )


def test_change_is_written_and_the_next_run_has_nothing_to_do(
    account: Sandbox, clients: Clients
) -> None:
    product = make_product(account)
    wanted = (want("DEPRECATED", False, product=product),)

    first = prepare(clients, wanted).run(apply=True)
    second = prepare(clients, wanted).run(apply=True)

    assert [outcome.status for outcome in first.outcomes] == [Status.DONE]
    assert (second.outcomes, second.findings) == ((), ())
    detail = account.client("servicecatalog").list_provisioning_artifacts(ProductId=product)
    (version,) = detail["ProvisioningArtifactDetails"]
    assert (version["Guidance"], version["Active"]) == ("DEPRECATED", False)


def test_dry_run_writes_nothing(account: Sandbox, clients: Clients) -> None:
    product = make_product(account)
    account.clear_journal()

    section = prepare(clients, (want("DEPRECATED", product=product),)).run(apply=False)

    assert [outcome.status for outcome in section.outcomes] == [Status.PLANNED]
    assert {call.operation for call in account.journal()} == {"ListProvisioningArtifacts"}


def test_fails_when_service_catalog_refuses(account: Sandbox, clients: Clients) -> None:
    change = UpdateVersion(
        product_id=make_product(account),
        product_name="SageMakerProduct",
        version_id="pa-0000000000000",
        version=want().version,
    )

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        AwsExecutor(clients).perform(change)


def test_change_of_another_job_is_a_defect(clients: Clients) -> None:
    with pytest.raises(TypeError, match="no way to perform AwaitPortfolio"):
        AwsExecutor(clients).perform(AwaitPortfolio())
