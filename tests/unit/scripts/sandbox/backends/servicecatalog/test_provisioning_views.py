"""Provisioned products and records, as owners and colleagues see them."""

from typing import Any

import pytest

from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    ACCOUNT,
    INVALID,
    NOT_FOUND,
    refused,
)
from tests.unit.scripts.sandbox.backends.servicecatalog.shop import Shop

ROLE = f"arn:aws:iam::{ACCOUNT}:role/end-user"
BY_LEVEL = {
    "User": {"mine"},
    "Role": {"mine", "colleague"},
    "Account": {"mine", "colleague", "other"},
}


class Views:
    """Three launches: one's own, a colleague's by the same role, and one by another role."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.user = shop.user
        role = shop.role("other-role")
        shop.grant(shop.shelf, role)
        sessions = {"mine": shop.user, "colleague": shop.session("ben")}
        sessions["other"] = shop.session("amy", role)
        asked = {name: shop.ask(name, by)["RecordId"] for name, by in sessions.items()}
        self.records = {name: shop.ended(record) for name, record in asked.items()}

    def found(self, *queries: str, **members: Any) -> list[str]:
        answer = self.user.search_provisioned_products(
            Filters={"SearchQuery": list(queries)}, **members
        )
        return [each["Name"] for each in answer["ProvisionedProducts"]]


@pytest.fixture(scope="session")
def views(stocked: Shop) -> Any:
    """Not to be written to."""
    with stocked.sandbox.fork() as sandbox:
        yield Views(stocked.at(sandbox))


def level(key: str) -> dict[str, Any]:
    return {"AccessLevelFilter": {"Key": key, "Value": "self"}}


def names(answer: dict[str, Any]) -> set[str]:
    return {each["Name"] for each in answer["ProvisionedProducts"]}


@pytest.mark.parametrize("key", list(BY_LEVEL))
def test_lists_show_what_the_access_level_lets_see(views: Views, key: str) -> None:
    scanned = views.user.scan_provisioned_products(**level(key))
    assert names(scanned) == BY_LEVEL[key]
    searched = views.user.search_provisioned_products(**level(key))
    assert names(searched) == BY_LEVEL[key]
    assert searched["TotalResultsCount"] == len(BY_LEVEL[key])
    history = views.user.list_record_history(**level(key))["RecordDetails"]
    assert {each["ProvisionedProductName"] for each in history} == BY_LEVEL[key]


def test_without_a_level_scan_and_history_are_the_users_and_search_the_accounts(
    views: Views,
) -> None:
    assert names(views.user.scan_provisioned_products()) == BY_LEVEL["User"]
    history = views.user.list_record_history()["RecordDetails"]
    assert [each["ProvisionedProductName"] for each in history] == ["mine"]
    assert names(views.user.search_provisioned_products()) == BY_LEVEL["Account"]


def test_refuses_a_level_for_somebody_else(views: Views) -> None:
    filters = {"AccessLevelFilter": {"Key": "User", "Value": "ben"}}
    for look in (views.user.scan_provisioned_products, views.user.list_record_history):
        with refused(INVALID, "ben", "allowed is self"):
            look(**filters)


def test_history_is_the_latest_first(launched: Shop) -> None:
    launched.end()
    launched.launch()
    history = launched.user.list_record_history()["RecordDetails"]
    assert [each["RecordType"] for each in history] == [
        "PROVISION_PRODUCT",
        "TERMINATE_PROVISIONED_PRODUCT",
        "PROVISION_PRODUCT",
    ]
    assert history[0]["CreatedTime"] > history[2]["CreatedTime"]


def test_history_can_be_of_one_product_or_provisioned_product(views: Views) -> None:
    mine = views.records["mine"]["RecordDetail"]
    for key, value, count in (
        ("product", views.shop.notebooks, 3),
        ("product", "prod-none", 0),
        ("provisionedproduct", mine["ProvisionedProductId"], 1),
    ):
        found = views.user.list_record_history(
            **level("Account"), SearchFilter={"Key": key, "Value": value}
        )
        assert len(found["RecordDetails"]) == count
    with refused(INVALID, "colour", "product, provisionedproduct"):
        views.user.list_record_history(SearchFilter={"Key": "colour", "Value": "x"})


@pytest.mark.parametrize(
    ("queries", "found"),
    [
        (["name:mine"], {"mine"}),
        (["name:m*"], {"mine"}),
        (["name:M*"], set()),
        (['name:"mine"'], {"mine"}),
        (["status:AVAILABLE"], {"mine", "colleague", "other"}),
        (["status:ERROR"], set()),
        (["status:AVAILABLE", "name:other"], {"other"}),
        ([f"userArn:{ROLE}"], {"mine", "colleague"}),
        (["userArnSession:*/ben"], {"colleague"}),
        (["productName:Notebooks"], {"mine", "colleague", "other"}),
        (["provisioningArtifactName:2"], set()),
        (["tags:portfolio"], {"mine", "colleague", "other"}),
        (["physicalId:*SC-*"], {"mine", "colleague", "other"}),
        (["colleague"], {"colleague"}),
        (["nothing"], set()),
    ],
)
def test_a_search_finds_what_fits_every_query(
    views: Views, queries: list[str], found: set[str]
) -> None:
    assert set(views.found(*queries)) == found


def test_refuses_what_cannot_be_searched_or_sorted_by(views: Views) -> None:
    with refused(INVALID, "colour", "name"):
        views.found("colour:red")
    with refused(INVALID, "Colour", "SearchQuery"):
        views.user.search_provisioned_products(Filters={"Colour": ["red"]})
    with refused(INVALID, "status", "arn, id, name, lastRecordId"):
        views.found("mine", SortBy="status")


def test_a_search_can_be_sorted_and_paged(views: Views) -> None:
    wanted = sorted(BY_LEVEL["Account"])
    assert views.found("status:*", SortBy="name") == wanted
    assert views.found("status:*", SortBy="name", SortOrder="DESCENDING") == wanted[::-1]
    first = views.user.search_provisioned_products(SortBy="name", PageSize=2)
    rest = views.user.search_provisioned_products(
        SortBy="name", PageSize=2, PageToken=first["NextPageToken"]
    )
    pages = [[each["Name"] for each in page["ProvisionedProducts"]] for page in (first, rest)]
    assert pages == [wanted[:2], wanted[2:]]
    assert first["TotalResultsCount"] == 3
    assert "NextPageToken" not in rest


def test_a_provisioned_product_is_found_by_id_and_by_name(views: Views) -> None:
    by_name = views.user.describe_provisioned_product(Name="mine")["ProvisionedProductDetail"]
    by_id = views.user.describe_provisioned_product(Id=by_name["Id"])["ProvisionedProductDetail"]
    assert by_id == by_name
    with refused(INVALID, "id or its name"):
        views.user.describe_provisioned_product(Name="mine", Id=by_name["Id"])
    with refused(INVALID, "id or its name"):
        views.user.describe_provisioned_product()
    with refused(NOT_FOUND, "pp-none"):
        views.user.describe_provisioned_product(Id="pp-none")


def test_a_record_that_does_not_exist_is_not_found(views: Views) -> None:
    with refused(NOT_FOUND, "rec-none"):
        views.user.describe_record(Id="rec-none")


def test_outputs_of_a_record_come_in_pages(views: Views) -> None:
    record = views.records["mine"]["RecordDetail"]["RecordId"]
    first = views.user.describe_record(Id=record, PageSize=2)
    rest = views.user.describe_record(Id=record, PageSize=2, PageToken=first["NextPageToken"])
    keys = [each["OutputKey"] for page in (first, rest) for each in page["RecordOutputs"]]
    assert keys == ["CloudformationStackARN", "NotebookArn", "Type"]


def test_outputs_are_those_of_the_last_success(launched: Shop) -> None:
    wrong = [{"Key": "Name", "UsePreviousValue": True}, {"Key": "InstanceType", "Value": "x"}]
    assert launched.update(ProvisioningParameters=wrong)["RecordDetail"]["Status"] == "FAILED"
    answer = launched.user.get_provisioned_product_outputs(
        ProvisionedProductName="mine", OutputKeys=["Type"]
    )
    assert answer["Outputs"] == [{"OutputKey": "Type", "OutputValue": "ml.t3.medium"}]


def test_all_outputs_are_given_when_none_is_named(views: Views) -> None:
    answer = views.user.get_provisioned_product_outputs(ProvisionedProductName="mine")
    assert answer["Outputs"] == views.records["mine"]["RecordOutputs"]
    assert answer["Outputs"][1]["Description"] == "Its ARN."


def test_refuses_an_output_that_there_is_not(views: Views) -> None:
    with refused(INVALID, "Colour"):
        views.user.get_provisioned_product_outputs(
            ProvisionedProductName="mine", OutputKeys=["Type", "Colour"]
        )
