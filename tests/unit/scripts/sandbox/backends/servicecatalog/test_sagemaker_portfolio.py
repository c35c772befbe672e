"""The portfolio that SageMaker owns."""

import pytest

from scripts.sandbox.backends.servicecatalog.sagemaker_portfolio import LAUNCH_ROLE
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import NOT_FOUND, Account, refused

NAME = "Amazon SageMaker Solutions and ML Ops products"


def accepted(account: Account) -> list[tuple[str, str]]:
    listed = account.catalog.list_accepted_portfolio_shares()["PortfolioDetails"]
    return [(each["ProviderName"], each["DisplayName"]) for each in listed]


def test_it_is_not_there_until_it_is_imported(account: Account) -> None:
    assert accepted(account) == []


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_it_appears_after_some_lists(account: Account, lag: int) -> None:
    account.backend.sagemaker_import_lag = lag
    account.backend.import_sagemaker_portfolio()
    seen = [bool(accepted(account)) for _ in range(lag + 2)]
    assert seen == [False] * lag + [True, True]
    assert accepted(account) == [("Amazon SageMaker", NAME)]


def test_importing_it_again_changes_nothing(account: Account) -> None:
    account.backend.sagemaker_import_lag = 0
    first = account.backend.import_sagemaker_portfolio()
    account.grant(first, account.role())
    account.backend.sagemaker_import_lag = 5
    assert account.backend.import_sagemaker_portfolio() == first
    assert len(accepted(account)) == 1
    assert account.catalog.list_principals_for_portfolio(PortfolioId=first)["Principals"]


def test_its_id_is_the_same_after_a_removal(account: Account) -> None:
    first = account.backend.import_sagemaker_portfolio()
    assert first.startswith("port-")
    account.backend.remove_sagemaker_portfolio()
    account.backend.remove_sagemaker_portfolio()
    assert accepted(account) == []
    with refused(NOT_FOUND, first):
        account.catalog.describe_portfolio(Id=first)
    assert account.backend.import_sagemaker_portfolio() == first


def test_an_associated_role_sees_its_products(account: Account) -> None:
    portfolio = account.backend.import_sagemaker_portfolio()
    role, other = account.role("Custom"), account.role("Other")
    account.grant(portfolio, role)
    seen = account.as_role(role).search_products()["ProductViewSummaries"]
    assert {each["Owner"] for each in seen} == {"Amazon SageMaker"}
    assert len(seen) == 2
    assert account.as_role(other).search_products()["ProductViewSummaries"] == []
    paths = account.as_role(role).list_launch_paths(ProductId=seen[0]["ProductId"])
    (path,) = paths["LaunchPathSummaries"]
    assert path["Name"] == NAME
    assert [each["Type"] for each in path["ConstraintSummaries"]] == ["LAUNCH"]


def test_its_products_launch_with_the_accounts_own_service_role(account: Account) -> None:
    portfolio = account.backend.import_sagemaker_portfolio()
    role = account.role()
    account.grant(portfolio, role)
    as_role = account.as_role(role)
    summary = as_role.search_products()["ProductViewSummaries"][0]
    product = as_role.describe_product(Id=summary["ProductId"])
    asked = as_role.describe_provisioning_parameters(
        ProductId=summary["ProductId"],
        ProvisioningArtifactId=product["ProvisioningArtifacts"][0]["Id"],
    )
    values = {each["Type"]: each["Value"] for each in asked["UsageInstructions"]}
    assert values["launchAsRole"] == f"arn:aws:iam::123456789012:role/{LAUNCH_ROLE}"
