"""Searching products."""

from typing import Any

import pytest

from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    INVALID,
    Account,
    refused,
)


@pytest.fixture
def stocked(account: Account) -> Account:
    account.product("Beta", Owner="Data", Description="a notebook for science")
    account.product("alpha", Owner="Web")
    gamma = account.product("Gamma", Owner="Data", ProductType="EXTERNAL")
    account.catalog.create_provisioning_artifact(ProductId=gamma, Parameters=account.artifact())
    return account


def found(account: Account, **members: Any) -> list[str]:
    listed = account.catalog.search_products_as_admin(**members)["ProductViewDetails"]
    return [each["ProductViewSummary"]["Name"] for each in listed]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["Beta", "alpha", "Gamma"]),
        ({"Owner": ["Data"]}, ["Beta", "Gamma"]),
        ({"Owner": ["Data", "Web"]}, ["Beta", "alpha", "Gamma"]),
        ({"Owner": ["data"]}, []),
        ({"ProductType": ["EXTERNAL"]}, ["Gamma"]),
        ({"Owner": ["Data"], "ProductType": ["CLOUD_FORMATION_TEMPLATE"]}, ["Beta"]),
        ({"FullTextSearch": ["NOTEBOOK"]}, ["Beta"]),
        ({"FullTextSearch": ["alp", "gam"]}, ["alpha", "Gamma"]),
        ({"SourceProductId": ["prod-x"]}, []),
    ],
)
def test_products_fit_every_filter(
    stocked: Account, filters: dict[str, list[str]], names: list[str]
) -> None:
    assert found(stocked, Filters=filters) == names


def test_fails_on_an_unknown_filter(stocked: Account) -> None:
    with refused(INVALID, "Colour", "SourceProductId"):
        # botocore leaves the keys of a map to the service.
        found(stocked, Filters={"Colour": ["red"]})


@pytest.mark.parametrize(
    ("by", "order", "names"),
    [
        ("Title", "ASCENDING", ["Beta", "Gamma", "alpha"]),
        ("Title", "DESCENDING", ["alpha", "Gamma", "Beta"]),
        ("CreationDate", "DESCENDING", ["Gamma", "alpha", "Beta"]),
        ("VersionCount", "DESCENDING", ["Gamma", "Beta", "alpha"]),
    ],
)
def test_products_come_in_the_order_asked_for(
    stocked: Account, by: str, order: str, names: list[str]
) -> None:
    assert found(stocked, SortBy=by, SortOrder=order) == names


def test_a_portfolio_narrows_the_search(stocked: Account) -> None:
    portfolio = stocked.portfolio()
    stocked.product("Delta", portfolio=portfolio)
    assert found(stocked, PortfolioId=portfolio) == ["Delta"]


def test_results_come_in_pages(stocked: Account) -> None:
    first = stocked.catalog.search_products_as_admin(PageSize=2)
    assert len(first["ProductViewDetails"]) == 2
    assert found(stocked, PageSize=2, PageToken=first["NextPageToken"]) == ["Gamma"]


def test_end_users_see_counts_by_owner_and_type(stocked: Account) -> None:
    portfolio, role = stocked.portfolio(), stocked.role()
    stocked.grant(portfolio, role)
    stocked.product("Delta", portfolio=portfolio, Owner="Data")
    stocked.product("Epsilon", portfolio=portfolio, Owner="Data")
    counts = stocked.as_role(role).search_products()["ProductViewAggregations"]
    assert counts == {
        "Owner": [{"Value": "Data", "ApproximateCount": 2}],
        "ProductType": [{"Value": "CLOUD_FORMATION_TEMPLATE", "ApproximateCount": 2}],
    }
