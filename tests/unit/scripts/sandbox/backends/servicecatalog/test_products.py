"""Products, as their administrator handles them."""

from typing import Any

import pytest

from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    ACCOUNT,
    IN_USE,
    INVALID,
    NOT_FOUND,
    REGION,
    Account,
    refused,
)

CONNECTION = {
    "Type": "CODESTAR",
    "ConnectionParameters": {
        "CodeStar": {
            "ConnectionArn": f"arn:aws:codestar-connections:{REGION}:{ACCOUNT}:connection/x",
            "Repository": "team/catalog",
            "Branch": "main",
            "ArtifactPath": "product.yaml",
        }
    },
}


def create(account: Account, **members: Any) -> Any:
    return account.catalog.create_product(
        **{"Name": "P", "Owner": "CQ", "ProductType": "CLOUD_FORMATION_TEMPLATE"} | members
    )


def test_a_product_is_described_as_it_was_created(account: Account) -> None:
    created = create(
        account,
        Description="short",
        Distributor="D",
        SupportDescription="help",
        SupportEmail="a@example.com",
        SupportUrl="https://example.com",
        Tags=[{"Key": "a", "Value": "1"}],
        ProvisioningArtifactParameters=account.artifact(Name="v1", Description="first"),
    )
    view = created["ProductViewDetail"]
    summary = view["ProductViewSummary"]
    product = summary["ProductId"]
    assert summary == {
        "Id": product.replace("prod-", "prodview-"),
        "ProductId": product,
        "Name": "P",
        "Owner": "CQ",
        "ShortDescription": "short",
        "Type": "CLOUD_FORMATION_TEMPLATE",
        "Distributor": "D",
        "HasDefaultPath": False,
        "SupportEmail": "a@example.com",
        "SupportDescription": "help",
        "SupportUrl": "https://example.com",
    }
    assert view["Status"] == "AVAILABLE"
    assert view["ProductARN"] == f"arn:aws:catalog:{REGION}:{ACCOUNT}:product/{product}"
    described = account.catalog.describe_product_as_admin(Id=product)
    assert described["ProductViewDetail"] == view
    assert described["Tags"] == [{"Key": "a", "Value": "1"}]
    (first,) = described["ProvisioningArtifactSummaries"]
    assert (first["Name"], first["Description"]) == ("v1", "first")
    assert first["Id"] == created["ProvisioningArtifactDetail"]["Id"]


def test_a_product_is_found_by_its_name(account: Account) -> None:
    product = account.product("Named")
    found = account.catalog.describe_product_as_admin(Name="Named")
    assert found["ProductViewDetail"]["ProductViewSummary"]["ProductId"] == product
    with refused(NOT_FOUND, "Nameless"):
        account.catalog.describe_product_as_admin(Name="Nameless")


@pytest.mark.parametrize("members", [{}, {"Id": "prod-x", "Name": "P"}])
def test_fails_unless_exactly_one_of_id_and_name_is_given(
    account: Account, members: dict[str, str]
) -> None:
    with refused(INVALID, "not both"):
        account.catalog.describe_product_as_admin(**members)


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("describe_product_as_admin", {"Id": "prod-none"}),
        ("update_product", {"Id": "prod-none", "Name": "x"}),
        ("delete_product", {"Id": "prod-none"}),
        ("list_provisioning_artifacts", {"ProductId": "prod-none"}),
        ("list_launch_paths", {"ProductId": "prod-none"}),
        ("list_portfolios_for_product", {"ProductId": "prod-none"}),
    ],
)
def test_fails_when_the_product_is_unknown(
    account: Account, operation: str, members: dict[str, Any]
) -> None:
    with refused(NOT_FOUND, "prod-none"):
        getattr(account.catalog, operation)(**members)


def test_fails_without_a_first_version(account: Account) -> None:
    with refused(INVALID, "ProvisioningArtifactParameters or SourceConnection"):
        create(account)


def test_a_source_connection_stands_in_for_the_first_version(account: Account) -> None:
    created = create(account, SourceConnection=CONNECTION)
    assert "ProvisioningArtifactDetail" not in created
    assert created["ProductViewDetail"]["SourceConnection"] == CONNECTION
    with refused(INVALID):
        create(
            account,
            SourceConnection=CONNECTION,
            ProvisioningArtifactParameters=account.artifact(),
        )


def test_a_marketplace_product_cannot_be_created(account: Account) -> None:
    with refused(INVALID, "MARKETPLACE"):
        create(
            account, ProductType="MARKETPLACE", ProvisioningArtifactParameters=account.artifact()
        )


def test_a_product_of_an_invalid_template_is_not_created(account: Account) -> None:
    with refused(INVALID, "templateBody"):
        create(account, ProvisioningArtifactParameters=account.artifact("nonsense"))
    assert account.catalog.search_products_as_admin()["ProductViewDetails"] == []


def test_an_update_changes_only_what_it_names(account: Account) -> None:
    product = account.product("Before", Description="d", SupportUrl="https://example.com")
    account.catalog.update_product(
        Id=product, Name="After", Description="e", AddTags=[{"Key": "k", "Value": "v"}]
    )
    described = account.catalog.describe_product_as_admin(Id=product)
    summary = described["ProductViewDetail"]["ProductViewSummary"]
    assert (summary["Name"], summary["Owner"]) == ("After", "CQ")
    assert (summary["ShortDescription"], summary["SupportUrl"]) == ("e", "https://example.com")
    assert described["Tags"] == [{"Key": "k", "Value": "v"}]


def test_fails_to_delete_a_product_that_is_in_a_portfolio(account: Account) -> None:
    portfolio = account.portfolio()
    product = account.product(portfolio=portfolio)
    with refused(IN_USE, product, portfolio):
        account.catalog.delete_product(Id=product)
    account.catalog.disassociate_product_from_portfolio(ProductId=product, PortfolioId=portfolio)
    account.catalog.delete_product(Id=product)
    with refused(NOT_FOUND):
        account.catalog.describe_product_as_admin(Id=product)


def test_a_product_of_an_imported_portfolio_is_described_but_not_changed(account: Account) -> None:
    portfolio = account.backend.import_sagemaker_portfolio()
    listed = account.catalog.search_products_as_admin(PortfolioId=portfolio)["ProductViewDetails"]
    summary = listed[0]["ProductViewSummary"]
    product = summary["ProductId"]
    assert summary["Owner"] == "Amazon SageMaker"
    by_name = account.catalog.describe_product_as_admin(Name=summary["Name"])
    assert by_name["ProductViewDetail"]["ProductViewSummary"] == summary
    with refused(NOT_FOUND):
        account.catalog.describe_product_as_admin(Id=product, SourcePortfolioId=account.portfolio())
    with refused(NOT_FOUND):
        account.catalog.update_product(Id=product, Name="mine")
    with refused(NOT_FOUND):
        account.catalog.delete_product(Id=product)
