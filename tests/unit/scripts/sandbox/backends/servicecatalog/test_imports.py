"""Portfolios of other accounts, accepted into this one."""

import json
from typing import Any

import pytest

from scripts.sandbox.backends.servicecatalog.dispatch import Request, perform
from scripts.sandbox.backends.servicecatalog.store import Store
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    ACCOUNT,
    NOT_FOUND,
    Account,
    refused,
)

OWNER = "210000000000"


class Owner:
    """Another account that offers a portfolio."""

    def __init__(self, account: Account) -> None:
        self.store: Store = account.backend.account(OWNER)
        self.portfolio = self.call(
            "CreatePortfolio", DisplayName="Offered", ProviderName="Them", IdempotencyToken="t"
        )["PortfolioDetail"]["Id"]

    def call(self, operation: str, **params: Any) -> Any:
        return perform(self.store, operation, Request(params))

    def share(self) -> None:
        self.call("CreatePortfolioShare", PortfolioId=self.portfolio, AccountId=ACCOUNT)

    def accepted(self) -> bool:
        (share,) = self.call("DescribePortfolioShares", PortfolioId=self.portfolio, Type="ACCOUNT")[
            "PortfolioShareDetails"
        ]
        return bool(share["Accepted"])


@pytest.fixture
def owner(account: Account) -> Owner:
    return Owner(account)


def imported(account: Account, **members: Any) -> list[str]:
    listed = account.catalog.list_accepted_portfolio_shares(**members)["PortfolioDetails"]
    return [each["DisplayName"] for each in listed]


def test_an_offered_portfolio_can_be_accepted(account: Account, owner: Owner) -> None:
    owner.share()
    assert imported(account) == []
    with refused(NOT_FOUND):
        account.catalog.describe_portfolio(Id=owner.portfolio)
    for _ in range(2):
        account.catalog.accept_portfolio_share(PortfolioId=owner.portfolio)
        assert imported(account) == ["Offered"]
    assert owner.accepted()
    assert imported(account, PortfolioShareType="AWS_ORGANIZATIONS") == []
    assert account.catalog.list_portfolios()["PortfolioDetails"] == []


def test_fails_to_accept_or_reject_what_is_not_offered(account: Account, owner: Owner) -> None:
    for operation in (
        account.catalog.accept_portfolio_share,
        account.catalog.reject_portfolio_share,
    ):
        with refused(NOT_FOUND, owner.portfolio):
            operation(PortfolioId=owner.portfolio)
    owner.share()
    with refused(NOT_FOUND):
        account.catalog.accept_portfolio_share(
            PortfolioId=owner.portfolio, PortfolioShareType="AWS_ORGANIZATIONS"
        )


def test_a_rejected_portfolio_takes_what_was_tied_to_it_along(
    account: Account, owner: Owner
) -> None:
    owner.share()
    account.catalog.accept_portfolio_share(PortfolioId=owner.portfolio)
    account.grant(owner.portfolio, account.role())
    account.catalog.reject_portfolio_share(PortfolioId=owner.portfolio)
    assert imported(account) == []
    assert not owner.accepted()
    account.catalog.accept_portfolio_share(PortfolioId=owner.portfolio)
    listed = account.catalog.list_principals_for_portfolio(PortfolioId=owner.portfolio)
    assert listed["Principals"] == []


def test_a_withdrawn_share_takes_the_import_and_its_constraints(
    account: Account, owner: Owner
) -> None:
    url = account.template()
    product = owner.call(
        "CreateProduct",
        Name="P",
        Owner="Them",
        ProductType="EXTERNAL",
        ProvisioningArtifactParameters={"Info": {"LoadTemplateFromURL": url}},
        IdempotencyToken="t",
    )["ProductViewDetail"]["ProductViewSummary"]["ProductId"]
    owner.call("AssociateProductWithPortfolio", ProductId=product, PortfolioId=owner.portfolio)
    owner.share()
    account.catalog.accept_portfolio_share(PortfolioId=owner.portfolio)
    constraint = account.catalog.create_constraint(
        PortfolioId=owner.portfolio,
        ProductId=product,
        Type="LAUNCH",
        Parameters=json.dumps({"RoleArn": account.role()}),
    )["ConstraintDetail"]["ConstraintId"]
    owner.call("DeletePortfolioShare", PortfolioId=owner.portfolio, AccountId=ACCOUNT)
    assert imported(account) == []
    with refused(NOT_FOUND):
        account.catalog.describe_constraint(Id=constraint)
    with refused(NOT_FOUND):
        account.catalog.describe_product_as_admin(Id=product)


def test_an_organizations_member_accepts_by_that_type(account: Account, owner: Owner) -> None:
    owner.call(
        "CreatePortfolioShare",
        PortfolioId=owner.portfolio,
        OrganizationNode={"Type": "ACCOUNT", "Value": ACCOUNT},
    )
    account.catalog.accept_portfolio_share(
        PortfolioId=owner.portfolio, PortfolioShareType="AWS_ORGANIZATIONS"
    )
    assert imported(account) == []
    assert imported(account, PortfolioShareType="AWS_ORGANIZATIONS") == ["Offered"]


def test_imports_are_listed_in_pages(account: Account, owner: Owner) -> None:
    account.backend.sagemaker_import_lag = 0
    account.backend.import_sagemaker_portfolio()
    owner.share()
    account.catalog.accept_portfolio_share(PortfolioId=owner.portfolio)
    paginator = account.catalog.get_paginator("list_accepted_portfolio_shares")
    pages = list(paginator.paginate(PaginationConfig={"PageSize": 1}))
    providers = [each["ProviderName"] for page in pages for each in page["PortfolioDetails"]]
    assert (len(pages), providers) == (2, ["Amazon SageMaker", "Them"])
