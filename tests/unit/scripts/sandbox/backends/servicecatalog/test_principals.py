"""Who may use a portfolio's products."""

import pytest

from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    INVALID,
    LIMIT,
    NOT_FOUND,
    Account,
    refused,
)

ARN = "arn:aws:iam::123456789012"


def listed(account: Account, portfolio: str) -> list[tuple[str, str]]:
    paginator = account.catalog.get_paginator("list_principals_for_portfolio")
    return [
        (each["PrincipalARN"], each["PrincipalType"])
        for page in paginator.paginate(PortfolioId=portfolio)
        for each in page["Principals"]
    ]


def drop(account: Account, portfolio: str, arn: str, **members: str) -> None:
    account.catalog.disassociate_principal_from_portfolio(
        PortfolioId=portfolio, PrincipalARN=arn, **members
    )


def test_users_groups_and_roles_are_associated_once(account: Account) -> None:
    account.iam.create_user(UserName="amy")
    account.iam.create_group(GroupName="team")
    arns = [account.role("Scientist", "/team/"), f"{ARN}:user/amy", f"{ARN}:group/team"]
    portfolio = account.portfolio()
    for arn in [*arns, *arns]:
        account.grant(portfolio, arn)
    assert listed(account, portfolio) == [(arn, "IAM") for arn in arns]


@pytest.mark.parametrize(
    "arn",
    [
        f"{ARN}:role/None",
        f"{ARN}:role/Scientist",  # without its path
        f"{ARN}:role/team/scientist",
        f"{ARN}:root",
        f"{ARN}:role/*",
        "arn:aws:iam::999999999999:role/team/Scientist",
        "arn:aws:iam:::role/team/Scientist",
        "arn:aws:sts::123456789012:assumed-role/Scientist/session",
        "arn:aws-cn:iam::123456789012:role/team/Scientist",
        "Scientist",
        "*",
    ],
)
def test_fails_when_the_principal_does_not_exist_in_the_account(account: Account, arn: str) -> None:
    account.role("Scientist", "/team/")
    portfolio = account.portfolio()
    with refused(INVALID, arn):
        account.grant(portfolio, arn)
    assert listed(account, portfolio) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "arn:aws:iam:::role/Nobody",
        "arn:aws:iam:::role/DataScience-*",
        "arn:aws:iam:::role/*/Scientist_?",
        "arn:aws:iam:::user/*",
        "arn:aws:iam:::group/team/*",
    ],
)
def test_a_pattern_needs_no_principal(account: Account, pattern: str) -> None:
    portfolio = account.portfolio()
    account.grant(portfolio, pattern, "IAM_PATTERN")
    assert listed(account, portfolio) == [(pattern, "IAM_PATTERN")]


@pytest.mark.parametrize(
    "pattern",
    [
        f"{ARN}:role/Data*",
        "arn:aws:iam:::*/Data",
        "arn:aws:iam:::role",
        "arn:aws:iam:::role/",
        "arn:aws:iam:::root",
        "arn:aws:iam::*:role/Data",
        "arn:*:iam:::role/Data",
        "arn:aws:sts:::role/Data",
        "*",
    ],
)
def test_fails_when_a_pattern_reaches_beyond_the_name(account: Account, pattern: str) -> None:
    with refused(INVALID, pattern):
        account.grant(account.portfolio(), pattern, "IAM_PATTERN")


def test_fails_on_an_unknown_principal_type(account: Account) -> None:
    with refused("ValidationException", "IAM_PATTERN"):
        account.grant(account.portfolio(), account.role(), "SAML")


def test_disassociation_must_name_the_type_that_was_associated(account: Account) -> None:
    portfolio, role, pattern = account.portfolio(), account.role(), "arn:aws:iam:::role/D*"
    account.grant(portfolio, role)
    account.grant(portfolio, pattern, "IAM_PATTERN")
    with refused(NOT_FOUND, role):
        drop(account, portfolio, role, PrincipalType="IAM_PATTERN")
    with refused(NOT_FOUND, pattern):
        drop(account, portfolio, pattern)
    drop(account, portfolio, pattern, PrincipalType="IAM_PATTERN")
    drop(account, portfolio, role)
    assert listed(account, portfolio) == []
    with refused(NOT_FOUND, role):
        drop(account, portfolio, role)


def test_the_eleventh_pattern_is_refused(account: Account) -> None:
    portfolio = account.portfolio()
    for index in range(10):
        account.grant(portfolio, f"arn:aws:iam:::role/D{index}*", "IAM_PATTERN")
    with refused(LIMIT, "10"):
        account.grant(portfolio, "arn:aws:iam:::role/E*", "IAM_PATTERN")
    account.grant(portfolio, "arn:aws:iam:::role/D0*", "IAM_PATTERN")
    account.grant(portfolio, account.role())


def test_the_hundred_and_first_principal_is_refused(account: Account) -> None:
    portfolio = account.portfolio()
    roles = [account.role() for _ in range(101)]
    for role in roles[:100]:
        account.grant(portfolio, role)
    with refused(LIMIT, "100"):
        account.grant(portfolio, roles[100])
    account.grant(portfolio, roles[0])
    drop(account, portfolio, roles[0])
    account.grant(portfolio, roles[100])
    assert [arn for arn, _ in listed(account, portfolio)] == roles[1:]


def test_a_page_has_at_most_twenty_principals(account: Account) -> None:
    portfolio = account.portfolio()
    for _ in range(21):
        account.grant(portfolio, account.role())
    first = account.catalog.list_principals_for_portfolio(PortfolioId=portfolio)
    assert len(first["Principals"]) == 20
    assert first["NextPageToken"]
    with refused("ValidationException", "pageSize", "20"):
        account.catalog.list_principals_for_portfolio(PortfolioId=portfolio, PageSize=21)


def test_roles_are_associated_with_an_imported_portfolio(account: Account) -> None:
    portfolio = account.backend.import_sagemaker_portfolio()
    role = account.role()
    account.grant(portfolio, role)
    assert listed(account, portfolio) == [(role, "IAM")]
    account.backend.remove_sagemaker_portfolio()
    with refused(NOT_FOUND):
        account.grant(portfolio, role)
    account.backend.import_sagemaker_portfolio()
    assert listed(account, portfolio) == []
