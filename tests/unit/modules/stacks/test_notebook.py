from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.lib.outputs import read_notebook_outputs
from tests.unit.modules.stacks.samples import LEAST
from tests.unit.modules.stacks.whole_app import WholeStack, reduced, stacks_of

PROJECTS = ["notebook-Vision", "notebook-sound", "notebook-text"]


def role_names(policy: dict[str, Any]) -> set[str]:
    """Return the names of the roles that a key policy has among its principals."""
    principals: list[str] = []
    for statement in policy["Statement"]:
        named = statement["Principal"]["AWS"]
        principals += [named] if isinstance(named, str) else named
    return {arn.rpartition(":role/")[2] for arn in principals if not arn.endswith(":root")}


@pytest.mark.parametrize("project", PROJECTS)
def test_the_key_waits_for_every_role_that_its_policy_names(
    app: dict[str, WholeStack], project: str
) -> None:
    """KMS refuses a policy that names a role which does not exist."""
    stack = app[project]
    key = stack.at("Key/Resource").body
    named = role_names(json.loads(key["policy"]))
    roles = {role.body["name"]: role.address for role in stack.all("aws_iam_role")}
    assert len(named) >= 3
    assert {roles[name] for name in named} <= set(key["depends_on"])


@pytest.mark.parametrize(
    ("project", "maker"),
    [("notebook-Vision", "SageMakerBuildRole-Vision"), ("notebook-sound", "SCLaunchRole-sound")],
)
def test_those_who_make_and_start_notebooks_grant_the_key(
    app: dict[str, WholeStack], project: str, maker: str
) -> None:
    policy = json.loads(app[project].at("Key/Resource").body["policy"])
    name = project.removeprefix("notebook-")
    ends = (
        {"SCEndUserRole-Vision", "Guest+1@x-Vision"}
        if name == "Vision"
        else {"SCEndUserRole-sound"}
    )
    assert role_names(policy) == {f"SageMakerExecutionRole-{name}", maker, *ends}


def test_the_builder_exists_only_where_it_builds(app: dict[str, WholeStack]) -> None:
    def builders(project: str) -> list[str]:
        return [each.path for each in app[project].all() if each.path.startswith("Builder")]

    assert "BuilderRole/Resource" in builders("notebook-Vision")
    assert builders("notebook-sound") == []


@pytest.mark.parametrize("project", PROJECTS)
def test_a_template_is_put_into_a_bucket_that_is_guarded_already(
    app: dict[str, WholeStack], project: str
) -> None:
    stack = app[project]
    templates = stack.all("aws_s3_object")
    assert templates
    for template in templates:
        guards = {"Policy", "Encryption", "Versioning", "PublicAccessBlock", "OwnershipControls"}
        assert {f"CatalogBucket/{each}" for each in guards} <= stack.waits_for(template.path)


@pytest.mark.parametrize("project", PROJECTS)
def test_end_users_are_let_in_when_all_that_a_launch_uses_is_there(
    app: dict[str, WholeStack], project: str
) -> None:
    """And, since a destroy goes the other way, are kept out before any of it is gone."""
    stack = app[project]
    doors = stack.all("aws_servicecatalog_principal_portfolio_association")
    needed = {
        each.path
        for each in stack.all()
        if each not in doors
        and not each.path.startswith(("EndUserRole-", "Product/Version-", "Product/Template-"))
        and not each.path.endswith("/Lifecycle")
    }
    assert "LaunchConstraint/Resource" in needed
    for door in doors:
        assert needed | {"Product/Template-1"} <= stack.waits_for(door.path)


def test_an_end_users_access_waits_for_the_role(app: dict[str, WholeStack]) -> None:
    stack = app["notebook-Vision"]
    doors = {
        each.body["principal_arn"].rpartition("/")[2]: each.path
        for each in stack.all("aws_servicecatalog_principal_portfolio_association")
    }
    assert set(doors) == {"SCEndUserRole-Vision", "Guest+1@x-Vision"}
    role = "EndUserRole-Guest+1@x"
    assert {f"{role}/Resource", f"{role}/Policy"} <= stack.waits_for(doors["Guest+1@x-Vision"])


def test_the_builder_waits_for_its_rights_and_its_log(app: dict[str, WholeStack]) -> None:
    waits_for = app["notebook-Vision"].waits_for("Builder/Resource")
    assert {"BuilderRole/Resource", "BuilderRole/Policy", "Builder/LogGroup"} <= waits_for
    assert "Key/Resource" in waits_for


def test_the_builder_knows_the_projects_place_and_its_launchers(
    app: dict[str, WholeStack],
) -> None:
    stack = app["notebook-Vision"]
    variables = stack.at("Builder/Resource").body["environment"]["variables"]
    assert stack.path_of(variables["SUBNET_ID"]) == "Placement/Subnet"
    assert stack.path_of(variables["SECURITY_GROUP_ID"]) == "Placement/NotebookSecurityGroup"
    roles = json.loads(variables["END_USER_ROLE_IDS"])
    assert {name: stack.path_of(id_) for name, id_ in roles.items()} == {
        "SCEndUserRole-Vision": "EndUserRole-SCEndUserRole/Resource",
        "Guest+1@x-Vision": "EndUserRole-Guest+1@x/Resource",
    }
    assert all(id_.endswith(".unique_id}") for id_ in roles.values())


def test_what_a_person_launched_is_theirs_alone_where_the_builder_builds(
    app: dict[str, WholeStack],
) -> None:
    owned = '"aws:ResourceTag/LaunchedBy":"$${aws:userid}"'

    def policy(project: str) -> str:
        return str(app[project].at("EndUserRole-SCEndUserRole/Policy").body["policy"])

    assert policy("notebook-Vision").count(owned) == 1
    assert "LaunchedBy" not in policy("notebook-sound")


COMMON = {
    "project_name",
    "project_id",
    "portfolio_id",
    "product_id",
    "product_name",
    "version_artifact_ids",
    "first_version",
    "launch_role_arn",
    "end_user_role_arns",
    "execution_role_arn",
    "key_arn",
    "key_alias",
    "bucket_name",
    "catalog_bucket_name",
    "lifecycle_config_names",
}


def test_outputs_of_a_project_with_a_builder(app: dict[str, WholeStack]) -> None:
    stack = app["notebook-Vision"]
    outputs = stack.outputs
    artifact = outputs.pop("version_artifact_ids")
    made = {"portfolio_id", "product_id", "key_arn", "bucket_name", "catalog_bucket_name"}
    assert {name: stack.path_of(outputs.pop(name)) for name in made} == {
        "portfolio_id": "Portfolio/Resource",
        "product_id": "Product/Resource",
        "key_arn": "Key/Resource",
        "bucket_name": "Bucket/Resource",
        "catalog_bucket_name": "CatalogBucket/Resource",
    }
    assert list(artifact) == ["2.0"]
    assert stack.path_of(artifact["2.0"]) == "Product/Version-2.0"
    role = "arn:<partition>:iam::<account_id>:role"
    assert json.loads(reduced(json.dumps(outputs))) == {
        "project_name": "Vision",
        "project_id": "Vision001",
        "product_name": "SageMakerProduct-Vision",
        "first_version": {"name": "1", "guidance": "DEPRECATED", "active": True},
        "launch_role_arn": f"{role}/SCLaunchRole-Vision",
        "end_user_role_arns": [f"{role}/SCEndUserRole-Vision", f"{role}/Guest+1@x-Vision"],
        "execution_role_arn": f"{role}/SageMakerExecutionRole-Vision",
        "key_alias": "alias/SageMaker-CMK-DS-Vision",
        "builder_function_arn": (
            "arn:<partition>:lambda:<region>:<account_id>:function:SageMakerBuild-Vision"
        ),
        "lifecycle_config_names": {
            "default": "Provisioned-LC-Vision",
            "s3": "Provisioned-LC-S3-Vision",
        },
    }


def test_outputs_of_each_way_of_building(app: dict[str, WholeStack]) -> None:
    assert set(app["notebook-Vision"].outputs) == COMMON | {"builder_function_arn"}
    assert set(app["notebook-text"].outputs) == COMMON | {"builder_function_arn"}
    assert set(app["notebook-sound"].outputs) == COMMON
    assert app["notebook-text"].outputs["lifecycle_config_names"] == {
        "default": "Provisioned-LC-text"
    }
    assert app["notebook-text"].outputs["version_artifact_ids"] == {}


@pytest.mark.parametrize("project", PROJECTS)
def test_the_scripts_can_read_the_outputs(
    app: dict[str, WholeStack], project: str, tmp_path: Path
) -> None:
    printed = {name: {"value": value} for name, value in app[project].outputs.items()}
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(printed))
    assert read_notebook_outputs(file).project_name == project.removeprefix("notebook-")


def test_the_s3_endpoint_is_looked_up_unless_its_id_is_given(app: dict[str, WholeStack]) -> None:
    def vpce(project: str) -> str:
        document = app[project].at("Bucket/PolicyDocument").body
        (id_,) = {
            value
            for statement in document["statement"]
            for condition in statement["condition"]
            if condition["variable"] == "aws:SourceVpce"
            for value in condition["values"]
        }
        return str(id_)

    assert vpce("notebook-text") == "vpce-0123456789abcdef0"
    assert app["notebook-Vision"].path_of(vpce("notebook-Vision")) == "Placement/S3Endpoint"
    assert app["notebook-Vision"].at("Placement/S3Endpoint").address.startswith("data.")


def template(stack: WholeStack) -> str:
    (text,) = (body for name, body in stack.json["locals"].items() if "Template" in name)
    return str(text)


def test_the_template_names_the_builder_or_holds_what_it_would_have_found(
    app: dict[str, WholeStack],
) -> None:
    """What a launch is given is settled in the catalog, whichever way it goes."""

    def allowed(project: str, parameter: str) -> Any:
        return json.loads(template(app[project]))["Parameters"][parameter]["AllowedValues"]

    (function,) = allowed("notebook-Vision", "SageMakerBuildFunctionARN")
    assert function == app["notebook-Vision"].outputs["builder_function_arn"]
    assert allowed("notebook-Vision", "SubnetName") == ["ProSM-ResourceSubnet"]
    assert allowed("notebook-Vision", "ProjectName") == ["Vision"]
    ours, native = app["notebook-Vision"], app["notebook-sound"]
    found = ["Placement/NotebookSecurityGroup", "Placement/Subnet", "Key/Resource"]

    def placed(stack: WholeStack) -> list[str]:
        addresses = {stack.at(path).address: path for path in found}
        return [path for address, path in addresses.items() if f"${{{address}." in template(stack)]

    assert placed(ours) == []
    assert placed(native) == found


def test_the_settings_of_the_catalog_are_the_products_and_the_portfolios() -> None:
    catalog = {
        "owner": "Platform",
        "description": "Governed ${x}",
        "distributor": "Ours",
        "support_email": "help@example.com",
        "support_url": "https://example.com/help",
    }
    stack = stacks_of(catalog=catalog)["notebook-vision"]
    product = stack.at("Product/Resource").body
    portfolio = stack.at("Portfolio/Resource").body
    shown = {key: product[key] for key in catalog}
    assert shown == catalog | {"description": "Governed $${x}"}
    assert (portfolio["provider_name"], portfolio["description"]) == ("Platform", "Governed $${x}")


@pytest.mark.parametrize("empties", [False, True])
def test_a_destroy_empties_buckets_only_where_the_settings_say_so(empties: bool) -> None:
    project = LEAST["projects"][0] | {"empty_buckets_on_destroy": empties}
    stack = stacks_of(projects=(project,))["notebook-vision"]
    assert [each.body["force_destroy"] for each in stack.all("aws_s3_bucket")] == [empties] * 2
