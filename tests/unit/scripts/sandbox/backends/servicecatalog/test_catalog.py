"""The catalog as an end user sees it."""

import json
from typing import Any

import pytest

from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    INVALID,
    NOT_FOUND,
    Account,
    refused,
)

NO_PATH = "No launch paths found for resource"


class Offer:
    """A product in a portfolio, and a role that is associated with it."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.portfolio = account.portfolio("Notebooks")
        self.product = account.product("Notebook", portfolio=self.portfolio)
        self.role = account.role("Scientist", "/team/")
        account.grant(self.portfolio, self.role)
        self.user: Any = account.as_role(self.role)

    def second_path(self) -> str:
        portfolio = self.account.portfolio("More")
        self.account.grant(portfolio, self.role)
        self.account.catalog.associate_product_with_portfolio(
            ProductId=self.product, PortfolioId=portfolio
        )
        return portfolio

    def ask(self, **members: Any) -> Any:
        given = {"ProductId": self.product, "ProvisioningArtifactName": "1"} | members
        return self.user.describe_provisioning_parameters(**given)


@pytest.fixture
def offer(account: Account) -> Offer:
    return Offer(account)


def names(client: Any) -> list[str]:
    return [each["Name"] for each in client.search_products()["ProductViewSummaries"]]


def test_an_associated_role_sees_the_product_and_others_do_not(
    account: Account, offer: Offer
) -> None:
    account.product("Hidden", portfolio=account.portfolio("Elsewhere"))
    assert names(offer.user) == ["Notebook"]
    assert names(account.as_role(account.role("Other"))) == []
    assert names(account.catalog) == []  # keys that belong to nobody


def test_a_user_sees_what_itself_or_its_group_is_associated_with(
    account: Account, offer: Offer
) -> None:
    account.iam.create_user(UserName="amy")
    group = account.iam.create_group(GroupName="team")["Group"]["Arn"]
    key = account.iam.create_access_key(UserName="amy")["AccessKey"]
    amy = account.client(
        "servicecatalog",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    assert names(amy) == []
    account.grant(offer.portfolio, group)
    assert names(amy) == []
    account.iam.add_user_to_group(GroupName="team", UserName="amy")
    assert names(amy) == ["Notebook"]


def test_a_pattern_admits_whom_it_matches(account: Account, offer: Offer) -> None:
    account.grant(offer.portfolio, "arn:aws:iam:::role/*/DS-?", "IAM_PATTERN")
    assert names(account.as_role(account.role("DS-1", "/a/b/"))) == ["Notebook"]
    assert names(account.as_role(account.role("DS-12", "/a/"))) == []


def test_access_ends_with_the_association(account: Account, offer: Offer) -> None:
    account.catalog.disassociate_principal_from_portfolio(
        PortfolioId=offer.portfolio, PrincipalARN=offer.role, PrincipalType="IAM"
    )
    assert names(offer.user) == []
    with refused(NOT_FOUND, NO_PATH, offer.product):
        offer.user.list_launch_paths(ProductId=offer.product)


def test_a_product_with_two_paths_is_listed_once(offer: Offer) -> None:
    offer.second_path()
    assert names(offer.user) == ["Notebook"]


def test_a_described_product_has_its_active_versions_and_paths(
    account: Account, offer: Offer
) -> None:
    for name in ("2", "3"):
        account.catalog.create_provisioning_artifact(
            ProductId=offer.product, Parameters=account.artifact(Name=name)
        )
    _, second, third = account.artifacts(offer.product)
    account.catalog.update_provisioning_artifact(
        ProductId=offer.product, ProvisioningArtifactId=second["Id"], Active=False
    )
    account.catalog.update_provisioning_artifact(
        ProductId=offer.product, ProvisioningArtifactId=third["Id"], Guidance="DEPRECATED"
    )
    described = offer.user.describe_product(Id=offer.product)
    versions = [(each["Name"], each["Guidance"]) for each in described["ProvisioningArtifacts"]]
    assert versions == [("1", "DEFAULT"), ("3", "DEPRECATED")]
    assert [path["Name"] for path in described["LaunchPaths"]] == ["Notebooks"]
    by_name = offer.user.describe_product(Name="Notebook")
    assert by_name["ProductViewSummary"] == described["ProductViewSummary"]
    view = offer.user.describe_product_view(Id=described["ProductViewSummary"]["Id"])
    assert view["ProvisioningArtifacts"] == described["ProvisioningArtifacts"]


def test_fails_to_describe_a_product_without_a_path_to_it(account: Account, offer: Offer) -> None:
    other = account.as_role(account.role("Other"))
    for operation, members in (
        (other.describe_product, {"Id": offer.product}),
        (other.describe_product_view, {"Id": offer.product.replace("prod-", "prodview-")}),
        (other.list_launch_paths, {"ProductId": offer.product}),
    ):
        with refused(NOT_FOUND, NO_PATH, offer.product):
            operation(**members)
    with refused(NOT_FOUND, "prodview-none"):
        offer.user.describe_product_view(Id="prodview-none")


def test_a_path_has_the_constraints_and_tags_of_its_portfolio(
    account: Account, offer: Offer
) -> None:
    tags = [{"Key": "ProjectName", "Value": "p"}]
    account.catalog.update_portfolio(Id=offer.portfolio, AddTags=tags)
    account.launch_constraint(offer.portfolio, offer.product)
    first = offer.user.list_launch_paths(ProductId=offer.product)["LaunchPathSummaries"]
    (path,) = first
    assert path["Id"].startswith("lpv3-")
    assert path["Name"] == "Notebooks"
    assert path["ConstraintSummaries"] == [{"Type": "LAUNCH"}]
    assert path["Tags"] == tags
    assert offer.user.list_launch_paths(ProductId=offer.product)["LaunchPathSummaries"] == first


def test_a_launch_is_told_what_it_asks_for(account: Account, offer: Offer) -> None:
    role = account.role("Launch")
    account.launch_constraint(offer.portfolio, offer.product, role)
    asked = offer.ask()
    assert asked["ProvisioningArtifactParameters"] == [
        {
            "ParameterKey": "Size",
            "DefaultValue": "5",
            "ParameterType": "Number",
            "IsNoEcho": False,
            "ParameterConstraints": {"AllowedValues": [], "MinValue": "1"},
        }
    ]
    assert asked["ConstraintSummaries"] == [{"Type": "LAUNCH"}]
    assert {"Type": "launchAsRole", "Value": role} in asked["UsageInstructions"]
    assert asked["TagOptions"] == []


def test_constraints_become_instructions_and_preferences(account: Account, offer: Offer) -> None:
    rules: dict[str, Any] = {"Small": {"Assertions": []}}
    update = {"Properties": {"TagUpdateOnProvisionedProduct": "ALLOWED"}}
    stack_set = {
        "Properties": {
            "AccountList": ["123456789012"],
            "RegionList": ["eu-west-1"],
            "AdminRole": "a",
            "ExecutionRole": "e",
        }
    }
    for kind, parameters in (
        ("TEMPLATE", {"Rules": rules}),
        ("RESOURCE_UPDATE", update),
        ("STACKSET", stack_set),
    ):
        account.catalog.create_constraint(
            PortfolioId=offer.portfolio,
            ProductId=offer.product,
            Type=kind,
            Parameters=json.dumps(parameters),
        )
    asked = offer.ask()
    instructions = {each["Type"]: each["Value"] for each in asked["UsageInstructions"]}
    assert instructions["rules"] == json.dumps(rules)
    assert instructions["tagUpdateOnProvisionedProduct"] == "ALLOWED"
    assert asked["ProvisioningArtifactPreferences"] == {
        "StackSetAccounts": ["123456789012"],
        "StackSetRegions": ["eu-west-1"],
    }


def test_active_tag_options_of_portfolio_and_product_are_offered(
    account: Account, offer: Offer
) -> None:
    for resource, key, value, active in (
        (offer.portfolio, "stage", "dev", True),
        (offer.product, "stage", "prod", True),
        (offer.product, "team", "a", True),
        (offer.product, "team", "b", False),
    ):
        option = account.catalog.create_tag_option(Key=key, Value=value)["TagOptionDetail"]["Id"]
        account.catalog.associate_tag_option_with_resource(ResourceId=resource, TagOptionId=option)
        account.catalog.update_tag_option(Id=option, Active=active)
    assert offer.ask()["TagOptions"] == [
        {"Key": "stage", "Values": ["dev", "prod"]},
        {"Key": "team", "Values": ["a"]},
    ]


def test_a_path_must_be_named_where_there_are_several(offer: Offer) -> None:
    offer.second_path()
    with refused(INVALID, "more than one launch path"):
        offer.ask()
    paths = offer.user.list_launch_paths(ProductId=offer.product)["LaunchPathSummaries"]
    assert offer.ask(PathId=paths[0]["Id"])["ProvisioningArtifactParameters"]
    assert offer.ask(PathName="More")["ProvisioningArtifactParameters"]
    with refused(INVALID, "not both"):
        offer.ask(PathId=paths[0]["Id"], PathName="More")
    with refused(NOT_FOUND, "Nowhere"):
        offer.ask(PathName="Nowhere")


def test_an_inactive_version_cannot_be_asked_for(account: Account, offer: Offer) -> None:
    (artifact,) = account.artifacts(offer.product)
    account.catalog.update_provisioning_artifact(
        ProductId=offer.product, ProvisioningArtifactId=artifact["Id"], Active=False
    )
    with refused(NOT_FOUND, artifact["Id"]):
        offer.ask()
