"""Constraints on a product in a portfolio."""

import json
from typing import Any

import pytest

from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    ACCOUNT,
    DUPLICATE,
    INVALID,
    NOT_FOUND,
    Account,
    refused,
)

TOPIC = "arn:aws:sns:eu-west-1:123456789012:topic"
STACK_SET = {
    "Version": "1",
    "Properties": {
        "AccountList": [ACCOUNT],
        "RegionList": ["eu-west-1"],
        "AdminRole": "arn:aws:iam::123456789012:role/Admin",
        "ExecutionRole": "Execution",
    },
}
UPDATE = {"Version": "2.0", "Properties": {"TagUpdateOnProvisionedProduct": "ALLOWED"}}


class Place:
    """A product in a portfolio."""

    def __init__(self, account: Account) -> None:
        self.catalog = account.catalog
        self.portfolio = account.portfolio()
        self.product = account.product(portfolio=self.portfolio)

    def create(self, kind: str, parameters: Any, **members: Any) -> Any:
        return self.catalog.create_constraint(
            PortfolioId=self.portfolio,
            ProductId=self.product,
            Type=kind,
            Parameters=parameters if isinstance(parameters, str) else json.dumps(parameters),
            **members,
        )


@pytest.fixture
def place(account: Account) -> Place:
    return Place(account)


def test_a_launch_constraint_is_described_as_it_was_created(account: Account, place: Place) -> None:
    # Spacing is kept: Terraform compares.
    parameters = f'{{"RoleArn":   "{account.role("Launch", "/team/")}"}}'
    created = place.create("LAUNCH", parameters, Description="d")
    detail = created["ConstraintDetail"]
    assert detail == {
        "ConstraintId": detail["ConstraintId"],
        "Type": "LAUNCH",
        "Description": "d",
        "Owner": ACCOUNT,
        "ProductId": place.product,
        "PortfolioId": place.portfolio,
    }
    assert detail["ConstraintId"].startswith("cons-")
    described = account.catalog.describe_constraint(Id=detail["ConstraintId"])
    assert described["ConstraintDetail"] == detail
    assert described["ConstraintParameters"] == parameters
    assert described["Status"] == "AVAILABLE"


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("NOTIFICATION", {"NotificationArns": [TOPIC]}),
        ("RESOURCE_UPDATE", UPDATE),
        ("STACKSET", STACK_SET),
        ("TEMPLATE", {"Rules": {"Small": {"Assertions": []}}}),
    ],
)
def test_every_type_is_taken(place: Place, kind: str, parameters: dict[str, Any]) -> None:
    assert place.create(kind, parameters)["ConstraintDetail"]["Type"] == kind


@pytest.mark.parametrize(
    ("kind", "parameters", "word"),
    [
        ("LAUNCH", "no json", "no json"),
        ("LAUNCH", "[]", "[]"),
        ("LAUNCH", {}, "either RoleArn or LocalRoleName"),
        ("LAUNCH", {"RoleArn": "a", "LocalRoleName": "b"}, "either"),
        ("LAUNCH", {"RoleArn": "arn:aws:iam::123456789012:role/None"}, "role/None does not exist"),
        ("LAUNCH", {"RoleArn": "arn:aws:iam::999999999999:role/Launch"}, "does not exist"),
        ("LAUNCH", {"RoleArn": 1}, "does not exist"),
        ("LAUNCH", {"LocalRoleName": "None"}, "None does not exist"),
        ("NOTIFICATION", {"NotificationArns": []}, "SNS"),
        ("NOTIFICATION", {"NotificationArns": ["arn:aws:sqs:eu-west-1:1:q"]}, "SNS"),
        ("RESOURCE_UPDATE", {"Properties": {"TagUpdateOnProvisionedProduct": "YES"}}, "ALLOWED"),
        ("RESOURCE_UPDATE", {"Properties": []}, "ALLOWED"),
        ("STACKSET", {"Properties": {"AccountList": []}}, "AdminRole, ExecutionRole, RegionList"),
        ("TEMPLATE", {"Rules": "x"}, "Rules"),
        ("LUNCH", {}, "LUNCH"),
    ],
)
def test_fails_when_the_parameters_do_not_fit_the_type(
    account: Account, place: Place, kind: str, parameters: Any, word: str
) -> None:
    account.role("Launch")
    with refused(INVALID, word):
        place.create(kind, parameters)


def test_a_role_may_be_given_by_its_local_name(account: Account, place: Place) -> None:
    account.role("Local", "/team/")
    place.create("LAUNCH", {"LocalRoleName": "Local"})


def test_fails_unless_the_product_is_in_the_portfolio(account: Account, place: Place) -> None:
    place.product = account.product("Elsewhere")
    with refused(NOT_FOUND, place.product, place.portfolio):
        place.create("NOTIFICATION", {"NotificationArns": [TOPIC]})


def test_a_product_has_one_launch_constraint_in_a_portfolio(account: Account, place: Place) -> None:
    account.launch_constraint(place.portfolio, place.product)
    for kind, parameters in (("LAUNCH", {"RoleArn": account.role()}), ("STACKSET", STACK_SET)):
        with refused(DUPLICATE, place.product):
            place.create(kind, parameters)
    elsewhere = account.portfolio("Other")
    account.catalog.associate_product_with_portfolio(ProductId=place.product, PortfolioId=elsewhere)
    account.launch_constraint(elsewhere, place.product)


def test_the_same_constraint_cannot_be_made_twice(place: Place) -> None:
    place.create("NOTIFICATION", {"NotificationArns": [TOPIC]})
    place.create("NOTIFICATION", {"NotificationArns": [TOPIC + "2"]})
    with refused(DUPLICATE):
        place.create("NOTIFICATION", {"NotificationArns": [TOPIC]})


def test_an_update_changes_only_what_it_names(account: Account, place: Place) -> None:
    constraint = account.launch_constraint(place.portfolio, place.product)
    parameters = json.dumps({"RoleArn": account.role()})
    account.catalog.update_constraint(Id=constraint, Parameters=parameters)
    account.catalog.update_constraint(Id=constraint, Description="new")
    described = account.catalog.describe_constraint(Id=constraint)
    assert described["ConstraintParameters"] == parameters
    assert described["ConstraintDetail"]["Description"] == "new"
    with refused(INVALID):
        account.catalog.update_constraint(Id=constraint, Parameters="{}")
    assert account.catalog.describe_constraint(Id=constraint) | {"ResponseMetadata": 0} == (
        described | {"ResponseMetadata": 0}
    )


def test_fails_when_the_constraint_is_unknown_or_deleted(account: Account, place: Place) -> None:
    constraint = account.launch_constraint(place.portfolio, place.product)
    account.catalog.delete_constraint(Id=constraint)
    for operation in ("describe_constraint", "update_constraint", "delete_constraint"):
        for identifier in (constraint, "cons-none"):
            with refused(NOT_FOUND, identifier):
                getattr(account.catalog, operation)(Id=identifier)


def test_constraints_are_listed_by_product_and_in_pages(account: Account, place: Place) -> None:
    for index in range(21):
        place.create("NOTIFICATION", {"NotificationArns": [f"{TOPIC}{index}"]})
    other = account.product("Other", portfolio=place.portfolio)
    constraint = account.launch_constraint(place.portfolio, other)
    paginator = account.catalog.get_paginator("list_constraints_for_portfolio")
    pages = [page["ConstraintDetails"] for page in paginator.paginate(PortfolioId=place.portfolio)]
    assert [len(page) for page in pages] == [20, 2]
    listed = account.catalog.list_constraints_for_portfolio(
        PortfolioId=place.portfolio, ProductId=other
    )
    assert [each["ConstraintId"] for each in listed["ConstraintDetails"]] == [constraint]
    with refused(NOT_FOUND):
        account.catalog.list_constraints_for_portfolio(
            PortfolioId=place.portfolio, ProductId="prod-none"
        )


def test_an_imported_portfolio_lists_its_owners_constraints(account: Account) -> None:
    portfolio = account.backend.import_sagemaker_portfolio()
    listed = account.catalog.list_constraints_for_portfolio(PortfolioId=portfolio)
    owners = {each["Owner"] for each in listed["ConstraintDetails"]}
    assert len(owners) == 1
    assert ACCOUNT not in owners
    assert {each["Type"] for each in listed["ConstraintDetails"]} == {"LAUNCH"}
