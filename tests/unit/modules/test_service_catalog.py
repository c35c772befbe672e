from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket

from modules.service_catalog import LaunchConstraint, Portfolio, Product, ProductVersion
from tests.unit.modules.synthesis import Attributes, Synthesised, new_stack

ROLE_ARN = "arn:aws-cn:iam::123456789012:role/SCLaunchRole-churn"
END_USER_ARN = "arn:aws-cn:iam::123456789012:role/SCEndUserRole-churn"
TEMPLATE = '{"Description": "it costs ${x} and %{y}"}'
FIRST = ProductVersion("1", "the first", guidance="DEPRECATED", active=False)
SECOND = ProductVersion("2.0", guidance="DEPRECATED", active=False)
THIRD = ProductVersion("v_3-rc", "the third")


@pytest.fixture
def stack() -> TerraformStack:
    return new_stack()


def a_product(
    stack: TerraformStack, *versions: ProductVersion, id_: str = "Product", **changes: Any
) -> Product:
    props: dict[str, Any] = {
        "name": "SageMakerProduct-churn",
        "owner": "CQ",
        "versions": versions or (FIRST,),
        "template": TEMPLATE,
        "bucket_name": "churn-catalog",
        "bucket_regional_domain_name": "churn-catalog.s3.cn-north-1.amazonaws.com.cn",
        "key_prefix": "product",
        **changes,
    }
    return Product(stack, id_, **props)


def a_portfolio(stack: TerraformStack, **changes: Any) -> Portfolio:
    props = {
        "name": "SageMakerPortfolio-churn",
        "provider_name": "CQ",
        "description": "Governed notebooks",
        **changes,
    }
    return Portfolio(stack, "Portfolio", **props)


def lifecycle(resource: Attributes) -> Attributes:
    found: Attributes = resource["lifecycle"]
    return found


def test_the_first_version_is_created_with_the_product_and_never_replaces_it(
    stack: TerraformStack,
) -> None:
    a_product(stack, FIRST, SECOND)
    synthesised = Synthesised(stack)
    (product,) = synthesised.all("aws_servicecatalog_product").values()
    template = synthesised.address("aws_s3_object", "Product_Template-1")

    assert product["name"] == "SageMakerProduct-churn"
    assert product["owner"] == "CQ"
    assert product["type"] == "CLOUD_FORMATION_TEMPLATE"
    assert product["provisioning_artifact_parameters"] == {
        "name": "1",
        "description": "the first",
        "type": "CLOUD_FORMATION_TEMPLATE",
        "template_url": f"https://churn-catalog.s3.cn-north-1.amazonaws.com.cn/${{{template}.key}}",
    }
    assert lifecycle(product)["ignore_changes"] == ["provisioning_artifact_parameters"]


def test_every_later_version_is_a_resource_with_guidance_and_activity(
    stack: TerraformStack,
) -> None:
    a_product(stack, FIRST, SECOND, THIRD)
    synthesised = Synthesised(stack)
    versions = synthesised.all("aws_servicecatalog_provisioning_artifact")
    product = synthesised.address("aws_servicecatalog_product", "Product")
    template = synthesised.address("aws_s3_object", "Product_Template-20")

    assert set(versions) == {"Product_Version-20", "Product_Version-v_3-rc"}
    assert versions["Product_Version-20"] == {
        "product_id": f"${{{product}.id}}",
        "name": "2.0",
        "type": "CLOUD_FORMATION_TEMPLATE",
        "template_url": f"https://churn-catalog.s3.cn-north-1.amazonaws.com.cn/${{{template}.key}}",
        "guidance": "DEPRECATED",
        "active": False,
        "lifecycle": {"ignore_changes": ["template_url"]},
    }
    assert versions["Product_Version-v_3-rc"]["guidance"] == "DEFAULT"
    assert versions["Product_Version-v_3-rc"]["active"] is True
    assert versions["Product_Version-v_3-rc"]["description"] == "the third"


def test_each_version_has_its_own_template_that_is_never_changed(stack: TerraformStack) -> None:
    bucket = S3Bucket(stack, "Bucket")
    a_product(stack, FIRST, SECOND, depends_on=[bucket])
    synthesised = Synthesised(stack)
    digest, template = synthesised.json["locals"]
    objects = synthesised.all("aws_s3_object")

    assert synthesised.json["locals"][template] == '{"Description": "it costs $${x} and %%{y}"}'
    assert {path: each["key"] for path, each in objects.items()} == {
        "Product_Template-1": "product/1.json",
        "Product_Template-20": "product/2.0.json",
    }
    for each in objects.values():
        assert each["bucket"] == "churn-catalog"
        assert each["content"] == f"${{local.{template}}}"
        assert each["metadata"] == {"sha256": f"${{local.{digest}}}"}
        assert each["depends_on"] == ["aws_s3_bucket.Bucket"]
        assert lifecycle(each)["ignore_changes"] == ["content", "key", "metadata"]


def test_templates_take_no_default_tags(stack: TerraformStack) -> None:
    """S3 refuses more than 10 tags on an object; portfolios and products take 20."""
    a_product(stack, FIRST, SECOND)
    for each in Synthesised(stack).all("aws_s3_object").values():
        assert each["override_provider"] == {"default_tags": {"tags": {}}}
        assert "tags" not in each


def test_the_newest_version_alone_is_held_against_todays_template(stack: TerraformStack) -> None:
    a_product(stack, FIRST, SECOND)
    synthesised = Synthesised(stack)
    digest, template = synthesised.json["locals"]
    objects = synthesised.all("aws_s3_object")

    assert synthesised.json["locals"][digest] == f"${{sha256(local.{template})}}"
    assert "postcondition" not in lifecycle(objects["Product_Template-1"])
    assert lifecycle(objects["Product_Template-20"])["postcondition"] == [
        {
            "condition": f'${{try(self.metadata["sha256"], "") == local.{digest}}}',
            "error_message": (
                "The product's template has changed since version 2.0 was published: "
                "add a version to the settings."
            ),
        }
    ]


def test_names_that_differ_in_a_dot_are_two_versions(stack: TerraformStack) -> None:
    a_product(stack, FIRST, ProductVersion("2.0"), ProductVersion("20"))
    keys = [each["key"] for each in Synthesised(stack).json["resource"]["aws_s3_object"].values()]

    assert sorted(keys) == ["product/1.json", "product/2.0.json", "product/20.json"]


def test_the_only_version_is_the_newest(stack: TerraformStack) -> None:
    a_product(stack, FIRST)
    (template,) = Synthesised(stack).all("aws_s3_object").values()

    assert len(lifecycle(template)["postcondition"]) == 1


def test_another_first_version_than_the_products_own_is_refused_at_plan(
    stack: TerraformStack,
) -> None:
    a_product(stack, SECOND, THIRD)
    (product,) = Synthesised(stack).all("aws_servicecatalog_product").values()
    (postcondition,) = lifecycle(product)["postcondition"]

    assert postcondition["condition"] == (
        '${self.provisioning_artifact_parameters[0].name == "2.0"}'
    )
    assert "keep that one first" in postcondition["error_message"]


def test_ids_of_versions_are_given_for_all_but_the_first(stack: TerraformStack) -> None:
    product = a_product(stack, FIRST, SECOND, THIRD)

    assert list(product.artifact_ids) == ["2.0", "v_3-rc"]


def test_the_constraint_comes_after_the_association_and_before_all_access(
    stack: TerraformStack,
) -> None:
    portfolio, product = a_portfolio(stack), a_product(stack)
    portfolio.grant_access("Before", role_arn=END_USER_ARN)
    LaunchConstraint(
        stack, "LaunchConstraint", portfolio=portfolio, product=product, role_arn=ROLE_ARN
    )
    portfolio.grant_access("After", role_arn=f"{END_USER_ARN}-2")
    synthesised = Synthesised(stack)
    (constraint,) = synthesised.all("aws_servicecatalog_constraint").values()
    access = synthesised.all("aws_servicecatalog_principal_portfolio_association")
    constraint_address = synthesised.address("aws_servicecatalog_constraint", "LaunchConstraint")

    assert constraint["type"] == "LAUNCH"
    assert json.loads(constraint["parameters"]) == {"RoleArn": ROLE_ARN}
    assert constraint["depends_on"] == [
        synthesised.address(
            "aws_servicecatalog_product_portfolio_association", "Portfolio_Product-Product"
        )
    ]
    assert constraint_address in access["Portfolio_Access-Before"]["depends_on"]
    assert constraint_address in access["Portfolio_Access-After"]["depends_on"]
    assert access["Portfolio_Access-Before"]["principal_arn"] == END_USER_ARN
    assert access["Portfolio_Access-Before"]["principal_type"] == "IAM"


def test_a_product_is_associated_once_however_often_it_is_added(stack: TerraformStack) -> None:
    portfolio, product = a_portfolio(stack), a_product(stack)
    other = a_product(stack, id_="Other")

    assert portfolio.add_product(product) is portfolio.add_product(product)
    portfolio.add_product(other)
    LaunchConstraint(
        stack, "LaunchConstraint", portfolio=portfolio, product=product, role_arn=ROLE_ARN
    )

    associations = Synthesised(stack).all("aws_servicecatalog_product_portfolio_association")
    assert set(associations) == {"Portfolio_Product-Product", "Portfolio_Product-Other"}


def test_access_is_given_once_however_often_it_is_granted(stack: TerraformStack) -> None:
    portfolio = a_portfolio(stack)
    portfolio.grant_access("EndUser", role_arn=END_USER_ARN)
    portfolio.grant_access("EndUser", role_arn=END_USER_ARN)

    access = Synthesised(stack).all("aws_servicecatalog_principal_portfolio_association")
    assert set(access) == {"Portfolio_Access-EndUser"}


def test_terraform_reads_no_expression_into_our_texts(stack: TerraformStack) -> None:
    a_portfolio(stack, description="${a} %{b} $${c} 100% $d")
    a_product(stack, description="${a}", support_description="%{b}", distributor="${d}")
    synthesised = Synthesised(stack)
    (portfolio,) = synthesised.all("aws_servicecatalog_portfolio").values()
    (product,) = synthesised.all("aws_servicecatalog_product").values()

    assert portfolio["description"] == "$${a} %%{b} $$${c} 100% $d"
    assert product["description"] == "$${a}"
    assert product["support_description"] == "%%{b}"
    assert product["distributor"] == "$${d}"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "x" * 8192}, "product name has 8192 characters, at most 8191"),
        ({"owner": "x" * 8192}, "product owner has 8192 characters, at most 8191"),
        ({"description": "x" * 8192}, "product description has 8192 characters, at most 8191"),
        ({"distributor": "x" * 8192}, "product distributor has 8192 characters, at most 8191"),
        ({"support_email": "x" * 255}, "product support email has 255 characters, at most 254"),
        ({"support_url": "x" * 2084}, "product support URL has 2084 characters, at most 2083"),
        ({"support_description": "x" * 8192}, "product support description has 8192 characters"),
        ({"versions": []}, "a product needs at least one version, got none"),
        ({"versions": [FIRST, SECOND, FIRST]}, "version name '1' is given 2 times"),
        ({"versions": [ProductVersion("1", "x" * 8193)]}, "version description has 8193"),
    ],
)
def test_fails_past_limits(stack: TerraformStack, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^stack/Product: {re.escape(message)}"):
        a_product(stack, **changes)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "..", "-1", "${x}", '"', "ä", "1\n", "x" * 65])
def test_fails_when_a_version_cannot_name_a_file(stack: TerraformStack, name: str) -> None:
    with pytest.raises(ValueError, match=r"^stack/Product: version name .* allowed are 1 to 64"):
        a_product(stack, ProductVersion(name))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "x" * 101}, "portfolio name has 101 characters, at most 100"),
        ({"provider_name": "x" * 51}, "portfolio provider name has 51 characters, at most 50"),
        ({"description": "x" * 2001}, "portfolio description has 2001 characters, at most 2000"),
    ],
)
def test_fails_past_a_portfolios_limits(
    stack: TerraformStack, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^stack/Portfolio: {message}"):
        a_portfolio(stack, **changes)
