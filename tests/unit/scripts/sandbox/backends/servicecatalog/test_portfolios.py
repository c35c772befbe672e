"""Portfolios, and the products in them."""

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

OTHER = "210000000000"


def tags(**pairs: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


def test_a_portfolio_is_described_as_it_was_created(account: Account) -> None:
    created = account.catalog.create_portfolio(
        DisplayName="P", ProviderName="CQ", Description="d", Tags=tags(a="1")
    )
    described = account.catalog.describe_portfolio(Id=created["PortfolioDetail"]["Id"])
    detail = described["PortfolioDetail"]
    assert detail == created["PortfolioDetail"]
    assert described["Tags"] == created["Tags"] == tags(a="1")
    assert (described["TagOptions"], described["Budgets"]) == ([], [])
    assert detail["Id"].startswith("port-")
    assert detail["ARN"] == f"arn:aws:catalog:{REGION}:{ACCOUNT}:portfolio/{detail['Id']}"
    assert (detail["DisplayName"], detail["ProviderName"], detail["Description"]) == (
        "P",
        "CQ",
        "d",
    )


def test_an_absent_description_is_left_out(account: Account) -> None:
    described = account.catalog.describe_portfolio(Id=account.portfolio())
    assert "Description" not in described["PortfolioDetail"]


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("describe_portfolio", {"Id": "port-none"}),
        ("update_portfolio", {"Id": "port-none", "DisplayName": "x"}),
        ("delete_portfolio", {"Id": "port-none"}),
        ("list_constraints_for_portfolio", {"PortfolioId": "port-none"}),
        ("list_principals_for_portfolio", {"PortfolioId": "port-none"}),
        ("list_portfolio_access", {"PortfolioId": "port-none"}),
        ("describe_portfolio_shares", {"PortfolioId": "port-none", "Type": "ACCOUNT"}),
        ("search_products_as_admin", {"PortfolioId": "port-none"}),
        ("accept_portfolio_share", {"PortfolioId": "port-none"}),
        ("reject_portfolio_share", {"PortfolioId": "port-none"}),
    ],
)
def test_fails_when_the_portfolio_is_unknown(
    account: Account, operation: str, members: dict[str, Any]
) -> None:
    with refused(NOT_FOUND, "port-none"):
        getattr(account.catalog, operation)(**members)


def test_an_update_changes_only_what_it_names(account: Account) -> None:
    portfolio = account.portfolio("Before", Description="d")
    account.catalog.update_portfolio(Id=portfolio, ProviderName="New")
    detail = account.catalog.describe_portfolio(Id=portfolio)["PortfolioDetail"]
    assert detail["DisplayName"] == "Before"
    assert detail["ProviderName"] == "New"
    assert detail["Description"] == "d"


def test_tags_removed_and_added_in_one_update_are_there_afterwards(account: Account) -> None:
    portfolio = account.portfolio(Tags=tags(a="1", b="2", c="3"))
    updated = account.catalog.update_portfolio(
        Id=portfolio, RemoveTags=["a", "b"], AddTags=tags(a="9")
    )
    expected = {"c": "3", "a": "9"}
    assert {tag["Key"]: tag["Value"] for tag in updated["Tags"]} == expected
    described = account.catalog.describe_portfolio(Id=portfolio)
    assert {tag["Key"]: tag["Value"] for tag in described["Tags"]} == expected


def test_a_refused_update_changes_nothing(account: Account) -> None:
    portfolio = account.portfolio("Before")
    with refused(INVALID, "aws:x"):
        account.catalog.update_portfolio(
            Id=portfolio, DisplayName="After", AddTags=[{"Key": "aws:x", "Value": "1"}]
        )
    detail = account.catalog.describe_portfolio(Id=portfolio)["PortfolioDetail"]
    assert detail["DisplayName"] == "Before"


def test_a_deleted_portfolio_is_gone(account: Account) -> None:
    portfolio = account.portfolio()
    account.catalog.delete_portfolio(Id=portfolio)
    with refused(NOT_FOUND):
        account.catalog.describe_portfolio(Id=portfolio)
    assert account.catalog.list_portfolios()["PortfolioDetails"] == []


def test_fails_to_delete_a_portfolio_with_products(account: Account) -> None:
    portfolio = account.portfolio()
    product = account.product(portfolio=portfolio)
    with refused(IN_USE, portfolio, "Products"):
        account.catalog.delete_portfolio(Id=portfolio)
    account.catalog.disassociate_product_from_portfolio(ProductId=product, PortfolioId=portfolio)
    account.catalog.delete_portfolio(Id=portfolio)


def test_fails_to_delete_a_portfolio_with_principals(account: Account) -> None:
    portfolio = account.portfolio()
    account.grant(portfolio, account.role())
    with refused(IN_USE, "Principals"):
        account.catalog.delete_portfolio(Id=portfolio)


def test_fails_to_delete_a_portfolio_with_constraints(account: Account) -> None:
    portfolio = account.portfolio()
    account.launch_constraint(portfolio, account.product(portfolio=portfolio))
    with refused(IN_USE, "Constraints"):
        account.catalog.delete_portfolio(Id=portfolio)


def test_fails_to_delete_a_shared_portfolio(account: Account) -> None:
    portfolio = account.portfolio()
    account.catalog.create_portfolio_share(PortfolioId=portfolio, AccountId=OTHER)
    with refused(IN_USE, "Shares"):
        account.catalog.delete_portfolio(Id=portfolio)
    account.catalog.delete_portfolio_share(PortfolioId=portfolio, AccountId=OTHER)
    account.catalog.delete_portfolio(Id=portfolio)


def test_portfolios_are_listed_in_pages(account: Account) -> None:
    made = [account.portfolio(f"P{index}") for index in range(23)]
    pages = list(
        account.catalog.get_paginator("list_portfolios").paginate(PaginationConfig={"PageSize": 10})
    )
    assert [len(page["PortfolioDetails"]) for page in pages] == [10, 10, 3]
    assert [each["Id"] for page in pages for each in page["PortfolioDetails"]] == made


def test_associating_a_product_twice_leaves_one_association(account: Account) -> None:
    portfolio = account.portfolio()
    product = account.product(portfolio=portfolio)
    account.catalog.associate_product_with_portfolio(ProductId=product, PortfolioId=portfolio)
    listed = account.catalog.list_portfolios_for_product(ProductId=product)["PortfolioDetails"]
    assert [each["Id"] for each in listed] == [portfolio]


def test_a_product_lists_the_portfolios_that_hold_it(account: Account) -> None:
    first, second = account.portfolio("A"), account.portfolio("B")
    account.portfolio("C")
    product = account.product(portfolio=first)
    account.catalog.associate_product_with_portfolio(ProductId=product, PortfolioId=second)
    listed = account.catalog.list_portfolios_for_product(ProductId=product)["PortfolioDetails"]
    assert [each["Id"] for each in listed] == [first, second]


def test_fails_to_associate_what_does_not_exist(account: Account) -> None:
    portfolio, product = account.portfolio(), account.product()
    with refused(NOT_FOUND, "prod-none"):
        account.catalog.associate_product_with_portfolio(
            ProductId="prod-none", PortfolioId=portfolio
        )
    with refused(NOT_FOUND, "port-none"):
        account.catalog.associate_product_with_portfolio(ProductId=product, PortfolioId="port-none")
    with refused(NOT_FOUND, product):
        account.catalog.associate_product_with_portfolio(
            ProductId=product, PortfolioId=portfolio, SourcePortfolioId=account.portfolio()
        )


def test_fails_to_disassociate_a_product_that_is_not_associated(account: Account) -> None:
    portfolio, product = account.portfolio(), account.product()
    with refused(NOT_FOUND, product, portfolio):
        account.catalog.disassociate_product_from_portfolio(
            ProductId=product, PortfolioId=portfolio
        )


def test_fails_to_disassociate_a_product_under_constraint(account: Account) -> None:
    portfolio = account.portfolio()
    product = account.product(portfolio=portfolio)
    constraint = account.launch_constraint(portfolio, product)
    with refused(IN_USE, product):
        account.catalog.disassociate_product_from_portfolio(
            ProductId=product, PortfolioId=portfolio
        )
    account.catalog.delete_constraint(Id=constraint)
    account.catalog.disassociate_product_from_portfolio(ProductId=product, PortfolioId=portfolio)
    assert account.catalog.list_portfolios_for_product(ProductId=product)["PortfolioDetails"] == []


def test_an_imported_portfolio_is_described_but_not_changed(account: Account) -> None:
    portfolio = account.backend.import_sagemaker_portfolio()
    detail = account.catalog.describe_portfolio(Id=portfolio)["PortfolioDetail"]
    assert detail["ProviderName"] == "Amazon SageMaker"
    assert ACCOUNT not in detail["ARN"]
    with refused(NOT_FOUND):
        account.catalog.update_portfolio(Id=portfolio, DisplayName="mine")
    with refused(NOT_FOUND):
        account.catalog.delete_portfolio(Id=portfolio)
    with refused(NOT_FOUND):
        account.catalog.associate_product_with_portfolio(
            ProductId=account.product(), PortfolioId=portfolio
        )


def test_a_product_of_an_imported_portfolio_goes_into_an_own_one(account: Account) -> None:
    imported = account.backend.import_sagemaker_portfolio()
    found = account.catalog.search_products_as_admin(PortfolioId=imported)["ProductViewDetails"]
    product = found[0]["ProductViewSummary"]["ProductId"]
    own = account.portfolio()
    account.catalog.associate_product_with_portfolio(
        ProductId=product, PortfolioId=own, SourcePortfolioId=imported
    )
    assert search(account, own) == [product]
    account.backend.remove_sagemaker_portfolio()
    assert search(account, own) == []


def search(account: Account, portfolio: str) -> list[str]:
    found = account.catalog.search_products_as_admin(PortfolioId=portfolio)["ProductViewDetails"]
    return [each["ProductViewSummary"]["ProductId"] for each in found]
