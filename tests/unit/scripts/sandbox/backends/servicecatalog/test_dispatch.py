"""From an operation's name and parameters to the backend's answer."""

from typing import Any

import pytest

from scripts.sandbox.backends.servicecatalog.dispatch import Request, method_name, perform
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    INVALID,
    Account,
    refused,
)

CREATE = {"DisplayName": "P", "ProviderName": "CQ", "IdempotencyToken": "token"}


def portfolios(account: Account) -> list[str]:
    listed = account.catalog.list_portfolios()["PortfolioDetails"]
    return [each["DisplayName"] for each in listed]


def test_a_repeated_token_gets_the_first_answer_and_has_no_second_effect(account: Account) -> None:
    first = account.catalog.create_portfolio(**CREATE)
    second = account.catalog.create_portfolio(**CREATE)
    assert first["PortfolioDetail"] == second["PortfolioDetail"]
    assert portfolios(account) == ["P"]


def test_a_token_with_other_parameters_is_refused(account: Account) -> None:
    account.catalog.create_portfolio(**CREATE)
    with refused(INVALID, "token"):
        account.catalog.create_portfolio(**CREATE | {"DisplayName": "Q"})
    assert portfolios(account) == ["P"]


def test_a_token_is_one_operations_own(account: Account) -> None:
    account.catalog.create_portfolio(**CREATE)
    product = account.product(IdempotencyToken="token")
    assert product.startswith("prod-")
    account.catalog.create_portfolio(**CREATE | {"IdempotencyToken": "other"})
    assert portfolios(account) == ["P", "P"]


def test_a_refused_call_does_not_use_its_token_up(account: Account) -> None:
    artifact = {"Info": {"LoadTemplateFromURL": "https://templates.s3.amazonaws.com/late.json"}}
    members: dict[str, Any] = {
        "IdempotencyToken": "token",
        "ProvisioningArtifactParameters": artifact,
    }
    with refused(INVALID):
        account.product(**members)
    account.template(key="late.json")
    assert account.product(**members) == account.product(**members)


def test_an_answer_that_aws_could_not_give_is_a_fault_of_ours(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(request: Request) -> Any:
        return {"PortfolioDetail": {"Name": request["Id"]}}

    monkeypatch.setattr(account.backend, "describe_portfolio", answer)
    with pytest.raises(TypeError, match="DescribePortfolio"):
        perform(account.backend, "DescribePortfolio", Request({"Id": "port-x"}))


def test_members_without_a_value_are_left_out(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer: dict[str, Any] = {
        "PortfolioDetail": {"Id": "x", "Description": None},
        "Tags": None,
        "Budgets": [],
    }
    monkeypatch.setattr(account.backend, "describe_portfolio", lambda _: answer)
    got = perform(account.backend, "DescribePortfolio", Request({"Id": "port-x"}))
    assert got == {"PortfolioDetail": {"Id": "x"}, "Budgets": []}


@pytest.mark.parametrize(
    ("operation", "method"),
    [
        ("CreatePortfolio", "create_portfolio"),
        ("DescribeProductAsAdmin", "describe_product_as_admin"),
        ("SearchProducts", "search_products"),
    ],
)
def test_methods_are_named_after_operations(operation: str, method: str) -> None:
    assert method_name(operation) == method
