"""Portfolios shared with other accounts, as the owner sees it."""

from typing import Any

import pytest

from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    ACCOUNT,
    INVALID,
    NOT_FOUND,
    Account,
    refused,
)

OTHER = "210000000000"
ORGANIZATION = {"Type": "ORGANIZATION", "Value": "o-abcdefghij"}
MEMBER = {"Type": "ACCOUNT", "Value": OTHER}


def shares(account: Account, portfolio: str, kind: str = "ACCOUNT") -> list[dict[str, Any]]:
    described = account.catalog.describe_portfolio_shares(PortfolioId=portfolio, Type=kind)
    return list(described["PortfolioShareDetails"])


def test_a_share_with_an_account_waits_to_be_accepted(account: Account) -> None:
    portfolio = account.portfolio()
    for _ in range(2):
        created = account.catalog.create_portfolio_share(
            PortfolioId=portfolio, AccountId=OTHER, ShareTagOptions=True
        )
        assert "PortfolioShareToken" not in created
    assert shares(account, portfolio) == [
        {
            "PrincipalId": OTHER,
            "Type": "ACCOUNT",
            "Accepted": False,
            "ShareTagOptions": True,
            "SharePrincipals": False,
        }
    ]
    assert account.catalog.list_portfolio_access(PortfolioId=portfolio)["AccountIds"] == [OTHER]


def test_a_share_with_the_organization_is_complete_at_once(account: Account) -> None:
    portfolio = account.portfolio()
    token = account.catalog.create_portfolio_share(
        PortfolioId=portfolio, OrganizationNode=ORGANIZATION, SharePrincipals=True
    )["PortfolioShareToken"]
    status = account.catalog.describe_portfolio_share_status(PortfolioShareToken=token)
    assert (status["Status"], status["PortfolioId"]) == ("COMPLETED", portfolio)
    assert status["OrganizationNodeValue"] == ORGANIZATION["Value"]
    (share,) = shares(account, portfolio, "ORGANIZATION")
    assert (share["Accepted"], share["SharePrincipals"]) == (True, True)
    assert shares(account, portfolio) == []
    nodes = account.catalog.list_organization_portfolio_access(
        PortfolioId=portfolio, OrganizationNodeType="ORGANIZATION"
    )
    assert nodes["OrganizationNodes"] == [ORGANIZATION]
    assert account.catalog.list_portfolio_access(PortfolioId=portfolio)["AccountIds"] == []


def test_an_organizations_arn_is_shown_by_its_id(account: Account) -> None:
    portfolio = account.portfolio()
    arn = f"arn:aws:organizations::{ACCOUNT}:organization/o-abcdefghij"
    account.catalog.create_portfolio_share(
        PortfolioId=portfolio, OrganizationNode={"Type": "ORGANIZATION", "Value": arn}
    )
    assert shares(account, portfolio, "ORGANIZATION")[0]["PrincipalId"] == "o-abcdefghij"


def test_an_update_changes_what_goes_along(account: Account) -> None:
    portfolio = account.portfolio()
    account.catalog.create_portfolio_share(PortfolioId=portfolio, AccountId=OTHER)
    updated = account.catalog.update_portfolio_share(
        PortfolioId=portfolio, AccountId=OTHER, ShareTagOptions=True
    )
    assert updated["Status"] == "COMPLETED"
    assert shares(account, portfolio)[0]["ShareTagOptions"] is True


def test_a_deleted_share_is_gone_from_both_sides(account: Account) -> None:
    portfolio = account.portfolio()
    account.catalog.create_portfolio_share(PortfolioId=portfolio, AccountId=OTHER)
    recipient = account.backend.account(OTHER)
    account.catalog.delete_portfolio_share(PortfolioId=portfolio, AccountId=OTHER)
    assert shares(account, portfolio) == []
    assert recipient.imports == {}
    with refused(NOT_FOUND, OTHER):
        account.catalog.delete_portfolio_share(PortfolioId=portfolio, AccountId=OTHER)
    with refused(NOT_FOUND, OTHER):
        account.catalog.update_portfolio_share(PortfolioId=portfolio, AccountId=OTHER)


@pytest.mark.parametrize(
    "recipient",
    [
        {},
        {"AccountId": OTHER, "OrganizationNode": MEMBER},
        {"AccountId": ACCOUNT},
        {"OrganizationNode": {"Type": "ORGANIZATION"}},
        {"AccountId": OTHER, "SharePrincipals": True},
    ],
)
def test_fails_when_the_recipient_is_none_or_unfit(
    account: Account, recipient: dict[str, Any]
) -> None:
    portfolio = account.portfolio()
    with refused(INVALID):
        account.catalog.create_portfolio_share(PortfolioId=portfolio, **recipient)
    assert shares(account, portfolio) == []


def test_fails_on_an_unknown_token(account: Account) -> None:
    with refused(NOT_FOUND, "share-none"):
        account.catalog.describe_portfolio_share_status(PortfolioShareToken="share-none")


def test_accounts_are_listed_in_pages(account: Account) -> None:
    portfolio = account.portfolio()
    accounts = [f"{index:012}" for index in range(3)]
    for each in accounts:
        account.catalog.create_portfolio_share(PortfolioId=portfolio, AccountId=each)
    first = account.catalog.list_portfolio_access(PortfolioId=portfolio, PageSize=2)
    second = account.catalog.list_portfolio_access(
        PortfolioId=portfolio, PageSize=2, PageToken=first["NextPageToken"]
    )
    assert first["AccountIds"] + second["AccountIds"] == accounts
    assert "NextPageToken" not in second
