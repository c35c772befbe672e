"""Tag options."""

from typing import Any

from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    ACCOUNT,
    DUPLICATE,
    IN_USE,
    LIMIT,
    NOT_FOUND,
    Account,
    refused,
)


def create(account: Account, key: str = "stage", value: str = "dev") -> str:
    created = account.catalog.create_tag_option(Key=key, Value=value)
    return str(created["TagOptionDetail"]["Id"])


def associate(account: Account, resource: str, option: str) -> None:
    account.catalog.associate_tag_option_with_resource(ResourceId=resource, TagOptionId=option)


def test_a_tag_option_is_described_as_it_was_created(account: Account) -> None:
    option = create(account)
    assert option.startswith("tag-")
    assert account.catalog.describe_tag_option(Id=option)["TagOptionDetail"] == {
        "Id": option,
        "Key": "stage",
        "Value": "dev",
        "Active": True,
        "Owner": ACCOUNT,
    }


def test_the_same_key_and_value_cannot_be_made_twice(account: Account) -> None:
    create(account)
    create(account, value="prod")
    with refused(DUPLICATE, "stage=dev"):
        create(account)


def test_an_update_changes_only_what_it_names(account: Account) -> None:
    option = create(account)
    account.catalog.update_tag_option(Id=option, Active=False)
    account.catalog.update_tag_option(Id=option, Value="test")
    detail = account.catalog.describe_tag_option(Id=option)["TagOptionDetail"]
    assert (detail["Value"], detail["Active"]) == ("test", False)
    account.catalog.update_tag_option(Id=option, Value="test", Active=True)
    create(account, value="prod")
    with refused(DUPLICATE):
        account.catalog.update_tag_option(Id=option, Value="prod")


def test_lists_fit_every_filter_and_come_in_pages(account: Account) -> None:
    for index in range(22):
        create(account, value=f"v{index}")
    other = create(account, key="team", value="v1")
    first = account.catalog.list_tag_options()
    second = account.catalog.list_tag_options(PageToken=first["PageToken"])
    assert [len(page["TagOptionDetails"]) for page in (first, second)] == [20, 3]
    assert "PageToken" not in second

    def found(**filters: Any) -> list[str]:
        listed = account.catalog.list_tag_options(Filters=filters)["TagOptionDetails"]
        return [each["Id"] for each in listed]

    assert found(Key="team") == [other]
    assert len(found(Value="v1")) == 2
    assert found(Key="team", Value="v2") == []
    account.catalog.update_tag_option(Id=other, Active=False)
    assert found(Active=False) == [other]


def test_a_resource_offers_its_tag_options(account: Account) -> None:
    option, portfolio, product = create(account), account.portfolio(), account.product()
    associate(account, portfolio, option)
    associate(account, product, option)
    for described in (
        account.catalog.describe_portfolio(Id=portfolio),
        account.catalog.describe_product_as_admin(Id=product),
    ):
        assert [each["Id"] for each in described["TagOptions"]] == [option]
    with refused(DUPLICATE, portfolio):
        associate(account, portfolio, option)

    def resources(**members: str) -> list[str]:
        listed = account.catalog.list_resources_for_tag_option(TagOptionId=option, **members)
        return [each["Id"] for each in listed["ResourceDetails"]]

    assert resources() == [portfolio, product]
    assert resources(ResourceType="Product") == [product]
    assert resources(ResourceType="Portfolio") == [portfolio]
    account.catalog.disassociate_tag_option_from_resource(ResourceId=product, TagOptionId=option)
    assert resources() == [portfolio]


def test_fails_to_delete_a_tag_option_in_use(account: Account) -> None:
    option, portfolio = create(account), account.portfolio()
    associate(account, portfolio, option)
    with refused(IN_USE, portfolio):
        account.catalog.delete_tag_option(Id=option)
    account.catalog.delete_portfolio(Id=portfolio)
    account.catalog.delete_tag_option(Id=option)
    with refused(NOT_FOUND):
        account.catalog.describe_tag_option(Id=option)


def test_fails_on_what_does_not_exist_or_is_not_associated(account: Account) -> None:
    option, portfolio = create(account), account.portfolio()
    for operation in ("describe", "update", "delete"):
        with refused(NOT_FOUND, "tag-none"):
            getattr(account.catalog, f"{operation}_tag_option")(Id="tag-none")
    with refused(NOT_FOUND, "port-none"):
        associate(account, "port-none", option)
    with refused(NOT_FOUND, "tag-none"):
        associate(account, portfolio, "tag-none")
    with refused(NOT_FOUND, portfolio):
        account.catalog.disassociate_tag_option_from_resource(
            ResourceId=portfolio, TagOptionId=option
        )


def test_a_resource_offers_at_most_twenty_five(account: Account) -> None:
    portfolio = account.portfolio()
    for index in range(25):
        associate(account, portfolio, create(account, value=f"v{index}"))
    with refused(LIMIT, "25"):
        associate(account, portfolio, create(account))
