"""Provisioning artifacts: the versions of a product."""

import json
from typing import Any

import pytest

from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import (
    BUCKET,
    IN_USE,
    INVALID,
    NOT_FOUND,
    TEMPLATE,
    Account,
    refused,
)


def add(account: Account, product: str, **properties: Any) -> str:
    created = account.catalog.create_provisioning_artifact(
        ProductId=product, Parameters=account.artifact(**properties)
    )
    return str(created["ProvisioningArtifactDetail"]["Id"])


def test_a_version_starts_active_and_recommended(account: Account) -> None:
    product = account.product()
    created = account.catalog.create_provisioning_artifact(
        ProductId=product, Parameters=account.artifact(Name="2", Description="second")
    )
    detail = created["ProvisioningArtifactDetail"]
    assert detail["Id"].startswith("pa-")
    assert (detail["Name"], detail["Description"]) == ("2", "second")
    assert (detail["Active"], detail["Guidance"]) == (True, "DEFAULT")
    assert detail["Type"] == "CLOUD_FORMATION_TEMPLATE"
    assert created["Status"] == "AVAILABLE"
    assert account.artifacts(product)[1] == detail


def test_a_version_can_be_deprecated_and_switched_off(account: Account) -> None:
    product = account.product()
    artifact = add(account, product, Name="2")
    updated = account.catalog.update_provisioning_artifact(
        ProductId=product,
        ProvisioningArtifactId=artifact,
        Active=False,
        Guidance="DEPRECATED",
        Description="old",
    )["ProvisioningArtifactDetail"]
    assert (updated["Active"], updated["Guidance"]) == (False, "DEPRECATED")
    assert (updated["Name"], updated["Description"]) == ("2", "old")
    assert account.artifacts(product)[1] == updated
    account.catalog.update_provisioning_artifact(
        ProductId=product, ProvisioningArtifactId=artifact, Name="2b"
    )
    kept = account.artifacts(product)[1]
    assert (kept["Name"], kept["Active"], kept["Guidance"]) == ("2b", False, "DEPRECATED")


def test_the_last_version_cannot_be_deleted(account: Account) -> None:
    product = account.product()
    (first,) = account.artifacts(product)
    second = add(account, product)
    account.catalog.delete_provisioning_artifact(
        ProductId=product, ProvisioningArtifactId=first["Id"]
    )
    with refused(IN_USE, second, "last"):
        account.catalog.delete_provisioning_artifact(
            ProductId=product, ProvisioningArtifactId=second
        )
    assert [each["Id"] for each in account.artifacts(product)] == [second]


def test_a_description_tells_where_the_template_came_from(account: Account) -> None:
    properties = account.artifact()
    product = account.product(ProvisioningArtifactParameters=properties)
    (artifact,) = account.artifacts(product)
    by_id = account.catalog.describe_provisioning_artifact(
        ProductId=product, ProvisioningArtifactId=artifact["Id"]
    )
    assert by_id["Info"] == {"TemplateUrl": properties["Info"]["LoadTemplateFromURL"]}
    assert by_id["ProvisioningArtifactDetail"] == artifact
    for members in (
        {"ProvisioningArtifactId": artifact["Id"]},
        {"ProductName": "Product", "ProvisioningArtifactName": "1"},
    ):
        found = account.catalog.describe_provisioning_artifact(**members)
        assert found["ProvisioningArtifactDetail"] == artifact


def test_a_version_keeps_the_template_that_it_was_created_with(account: Account) -> None:
    url = account.template(key="kept.json")
    product = account.product(
        ProvisioningArtifactParameters={"Name": "1", "Info": {"LoadTemplateFromURL": url}}
    )
    account.s3.put_object(Bucket=BUCKET, Key="kept.json", Body=b"changed")
    account.s3.delete_object(Bucket=BUCKET, Key="kept.json")
    (artifact,) = account.artifacts(product)
    described = account.catalog.describe_provisioning_artifact(
        ProductId=product,
        ProvisioningArtifactId=artifact["Id"],
        Verbose=True,
        IncludeProvisioningArtifactParameters=True,
    )
    assert json.loads(described["Info"]["CloudFormationTemplate"]) == TEMPLATE
    (parameter,) = described["ProvisioningArtifactParameters"]
    assert (parameter["ParameterKey"], parameter["DefaultValue"]) == ("Size", "5")


@pytest.mark.parametrize(
    "members",
    [
        {"ProvisioningArtifactId": "pa-none"},
        {"ProductName": "Product", "ProvisioningArtifactId": "pa-none"},
        {"ProductName": "Product", "ProvisioningArtifactName": "none"},
        {"ProductId": "prod-none", "ProvisioningArtifactId": "pa-none"},
    ],
)
def test_fails_to_describe_an_unknown_version(account: Account, members: dict[str, str]) -> None:
    account.product()
    with refused(NOT_FOUND, "none"):
        account.catalog.describe_provisioning_artifact(**members)


def test_fails_to_describe_a_version_given_by_nothing_or_by_both(account: Account) -> None:
    product = account.product()
    for members in ({}, {"ProvisioningArtifactId": "pa-x", "ProvisioningArtifactName": "1"}):
        with refused(INVALID, "not both"):
            account.catalog.describe_provisioning_artifact(ProductId=product, **members)


def test_a_version_belongs_to_one_product(account: Account) -> None:
    first, second = account.product("A"), account.product("B")
    (artifact,) = account.artifacts(first)
    members = {"ProductId": second, "ProvisioningArtifactId": artifact["Id"]}
    for operation in (
        account.catalog.describe_provisioning_artifact,
        account.catalog.update_provisioning_artifact,
        account.catalog.delete_provisioning_artifact,
    ):
        with refused(NOT_FOUND, artifact["Id"]):
            operation(**members)


@pytest.mark.parametrize(
    "info",
    [
        {"LoadTemplateFromURL": "https://a.s3.amazonaws.com/b", "ImportFromPhysicalId": "c"},
        {"TemplateUrl": "https://a.s3.amazonaws.com/b"},
    ],
)
def test_fails_unless_there_is_exactly_one_source(account: Account, info: dict[str, str]) -> None:
    with refused(INVALID, "LoadTemplateFromURL, ImportFromPhysicalId"):
        account.catalog.create_provisioning_artifact(
            ProductId=account.product(), Parameters={"Name": "2", "Info": info}
        )


def test_fails_when_the_template_is_missing_or_invalid(account: Account) -> None:
    product = account.product()
    for parameters in (
        {"Info": {"LoadTemplateFromURL": f"https://{BUCKET}.s3.amazonaws.com/none.json"}},
        account.artifact({"Resources": {}}),
        account.artifact(Type="TERRAFORM_CLOUD"),
    ):
        with refused(INVALID):
            account.catalog.create_provisioning_artifact(ProductId=product, Parameters=parameters)
    assert len(account.artifacts(product)) == 1


def test_an_invalid_template_passes_when_validation_is_off(account: Account) -> None:
    product = account.product()
    artifact = account.catalog.create_provisioning_artifact(
        ProductId=product, Parameters=account.artifact("?", DisableTemplateValidation=True)
    )["ProvisioningArtifactDetail"]["Id"]
    described = account.catalog.describe_provisioning_artifact(
        ProductId=product,
        ProvisioningArtifactId=artifact,
        IncludeProvisioningArtifactParameters=True,
    )
    assert described["ProvisioningArtifactParameters"] == []


def test_an_external_product_takes_what_is_no_cloudformation(account: Account) -> None:
    product = account.product(
        ProductType="EXTERNAL", ProvisioningArtifactParameters=account.artifact("terraform {}")
    )
    assert account.artifacts(product)[0]["Type"] == "EXTERNAL"


def test_a_version_can_be_made_of_a_stack(account: Account) -> None:
    stack = account.client("cloudformation").create_stack(
        StackName="source", TemplateBody=json.dumps(TEMPLATE)
    )["StackId"]
    product = account.product()
    created = account.catalog.create_provisioning_artifact(
        ProductId=product, Parameters={"Info": {"ImportFromPhysicalId": stack}}
    )
    assert created["Info"] == {"PhysicalId": stack}
    with refused(INVALID, "nowhere"):
        account.catalog.create_provisioning_artifact(
            ProductId=product, Parameters={"Info": {"ImportFromPhysicalId": "nowhere"}}
        )
