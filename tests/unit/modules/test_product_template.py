from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.product_template import Build, Template, product_template
from tests.unit.modules.facts import BUILDER_ARN, EXECUTION_ROLE_ARN, FACTS, KEY_ARN

BUILDS: tuple[Build, ...] = ("lambda", "cloudformation")
WITHOUT_CODE = replace(FACTS, code_bucket=None, lifecycle_config_s3=None)
INLINE_LIMIT = 51_200
"""CloudFormation's quota for a template in a request; in S3 it is 1 MB."""

both_ways = pytest.mark.parametrize("build", BUILDS)


def fixed(description: str, value: str) -> dict[str, Any]:
    return {
        "Type": "String",
        "Description": description,
        "Default": value,
        "AllowedValues": [value],
    }


def references(part: object) -> set[str]:
    """Every name that ``part`` refers to, by Ref or by Fn::GetAtt."""
    if isinstance(part, list):
        return set().union(*map(references, part))
    if not isinstance(part, dict):
        return set()
    own = {part["Ref"]} if set(part) == {"Ref"} else set()
    if set(part) == {"Fn::GetAtt"}:
        own = {part["Fn::GetAtt"][0]}
    return own.union(*(references(value) for value in part.values()))


@both_ways
def test_fits_a_request_with_the_longest_values(build: Build) -> None:
    long = replace(
        FACTS,
        project_name="p" * 32,
        project_id="i" * 256,
        subnet="s" * 256,
        security_group="g" * 256,
        instance_types=("ml.t3.medium", *(f"ml.{number}.24xlarge" for number in range(100))),
    )

    assert len(json.dumps(product_template(long, build))) < INLINE_LIMIT


def test_parameters_with_defaults_and_what_they_admit() -> None:
    assert product_template(FACTS, "lambda")["Parameters"] == {
        "ENVName": fixed("The project's environment.", "prod"),
        "SubnetName": fixed("The subnet that the notebook is placed in.", "ProSM-ResourceSubnet"),
        "SecurityGroupName": fixed(
            "The security group of the notebook's network interface.", "ProSM-ResourceSG"
        ),
        "SageMakerBuildFunctionARN": fixed(
            "The function that builds the notebook; NONE if CloudFormation does.", BUILDER_ARN
        ),
        "NotebookInstanceName": {
            "Type": "String",
            "Description": "A name of your choice, unique in this account and Region.",
            "MinLength": 1,
            "MaxLength": 63,
            "AllowedPattern": "^[a-zA-Z0-9](-*[a-zA-Z0-9])*$",
            "ConstraintDescription": (
                "1 to 63 letters, digits and hyphens, beginning and ending with a letter or digit."
            ),
        },
        "NotebookInstanceType": {
            "Type": "String",
            "Description": "The type of the notebook's instance.",
            "Default": "ml.t3.medium",
            "AllowedValues": ["ml.t3.medium", "ml.m5.xlarge"],
        },
        "VolumeSizeInGB": {
            "Type": "Number",
            "Description": "The size of the notebook's encrypted volume in GB.",
            "Default": 20,
            "MinValue": 5,
            "MaxValue": 100,
            "ConstraintDescription": "5 to 100 GB.",
        },
        "RootAccess": fixed("Whether the notebook's user may become root.", "Disabled"),
        "DirectInternetAccess": fixed("The notebook never has direct internet.", "Disabled"),
        "S3CodePusher": {
            "Type": "String",
            "Description": (
                "Whether to copy the code bucket into the notebook's home when it is created."
            ),
            "Default": "NO",
            "AllowedValues": ["YES", "NO"],
        },
        "CodeBucketName": fixed("The project's code bucket; NONE if it has none.", "prosm-code"),
        "ProjectName": fixed("The project that the notebook belongs to.", "churn"),
        "ProjectID": fixed("The project's id.", "QuickStart007"),
    }


def test_both_ways_have_the_same_parameters_and_outputs() -> None:
    ours, native = (product_template(FACTS, build) for build in BUILDS)

    assert ours["Parameters"] == native["Parameters"]
    assert {name: output["Description"] for name, output in ours["Outputs"].items()} == {
        name: output["Description"] for name, output in native["Outputs"].items()
    }
    assert list(ours["Outputs"]) == [
        "Message",
        "SagemakerKMSKey",
        "ExecutionRoleArn",
        "S3BucketName",
        "NotebookInstanceName",
        "ProjectName",
        "ProjectID",
    ]


@both_ways
def test_every_parameter_is_used_and_shown_once_in_the_console(build: Build) -> None:
    template = product_template(FACTS, build)
    interface = template["Metadata"]["AWS::CloudFormation::Interface"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    used = references([template[part] for part in ("Rules", "Conditions", "Resources", "Outputs")])

    assert sorted(grouped) == sorted(template["Parameters"])
    assert set(interface["ParameterLabels"]) == set(template["Parameters"])
    assert used == {*template["Parameters"], "Notebook"}
    assert [group["Label"]["default"] for group in interface["ParameterGroups"]] == [
        "Environment detail",
        "SageMaker Notebook configuration",
        "Load S3 Bucket to SageMaker",
        "Project detail",
    ]


def test_the_builder_is_asked_with_all_that_it_expects() -> None:
    template = product_template(FACTS, "lambda")

    assert template["Resources"] == {
        "Notebook": {
            "Type": "Custom::SageMakerNotebook",
            "Properties": {
                "ServiceToken": {"Ref": "SageMakerBuildFunctionARN"},
                "ServiceTimeout": 3600,
                "NotebookInstanceName": {"Ref": "NotebookInstanceName"},
                "NotebookInstanceType": {"Ref": "NotebookInstanceType"},
                "VolumeSizeInGB": {"Ref": "VolumeSizeInGB"},
                "RootAccess": {"Ref": "RootAccess"},
                "DirectInternetAccess": {"Ref": "DirectInternetAccess"},
                "SubnetName": {"Ref": "SubnetName"},
                "SecurityGroupName": {"Ref": "SecurityGroupName"},
                "LifecycleConfigName": {
                    "Fn::If": ["PushCode", "Provisioned-LC-S3-churn", "Provisioned-LC-churn"]
                },
                "EnvironmentName": {"Ref": "ENVName"},
                "ProjectName": {"Ref": "ProjectName"},
                "ProjectID": {"Ref": "ProjectID"},
            },
        }
    }
    assert template["Outputs"]["SagemakerKMSKey"]["Value"] == {
        "Fn::GetAtt": ["Notebook", "KmsKeyArn"]
    }
    assert template["Outputs"]["ExecutionRoleArn"]["Value"] == {
        "Fn::GetAtt": ["Notebook", "ExecutionRoleArn"]
    }


def test_the_builders_template_names_neither_key_nor_role() -> None:
    text = json.dumps(product_template(FACTS, "lambda"))

    assert KEY_ARN not in text
    assert EXECUTION_ROLE_ARN not in text


def test_the_native_notebook_is_private_encrypted_and_hardened() -> None:
    template = product_template(FACTS, "cloudformation")

    assert template["Resources"]["Notebook"]["Properties"] == {
        "NotebookInstanceName": {"Ref": "NotebookInstanceName"},
        "InstanceType": {"Ref": "NotebookInstanceType"},
        "PlatformIdentifier": "notebook-al2023-v1",
        "RoleArn": EXECUTION_ROLE_ARN,
        "KmsKeyId": KEY_ARN,
        "VolumeSizeInGB": {"Ref": "VolumeSizeInGB"},
        "SubnetId": "subnet-0a1b2c3d4e5f60718",
        "SecurityGroupIds": ["sg-0a1b2c3d4e5f60718"],
        "DirectInternetAccess": {"Ref": "DirectInternetAccess"},
        "RootAccess": {"Ref": "RootAccess"},
        "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
        "LifecycleConfigName": {
            "Fn::If": ["PushCode", "Provisioned-LC-S3-churn", "Provisioned-LC-churn"]
        },
        "Tags": [
            {"Key": "ProjectName", "Value": {"Ref": "ProjectName"}},
            {"Key": "ProjectID", "Value": {"Ref": "ProjectID"}},
            {"Key": "EnvironmentName", "Value": {"Ref": "ENVName"}},
        ],
    }
    assert template["Outputs"]["SagemakerKMSKey"]["Value"] == KEY_ARN
    assert template["Outputs"]["ExecutionRoleArn"]["Value"] == EXECUTION_ROLE_ARN


@both_ways
def test_the_message_says_how_to_open_the_notebook(build: Build) -> None:
    message = product_template(FACTS, build)["Outputs"]["Message"]["Value"]
    separator, parts = message["Fn::Join"]
    text = separator.join(part if isinstance(part, str) else "nb-1" for part in parts)

    assert text == (
        "Your notebook nb-1 is ready. In the SageMaker console, under Notebook instances, choose "
        "Open JupyterLab beside it, or open the URL printed by: aws sagemaker "
        "create-presigned-notebook-instance-url --notebook-instance-name nb-1"
    )


def test_without_a_code_bucket_pushing_code_is_refused_by_a_rule() -> None:
    template = product_template(WITHOUT_CODE, "lambda")

    assert template["Parameters"]["CodeBucketName"]["AllowedValues"] == ["NONE"]
    assert template["Rules"] == {
        "CodeBucketExists": {
            "RuleCondition": {"Fn::Equals": [{"Ref": "S3CodePusher"}, "YES"]},
            "Assertions": [
                {
                    "Assert": {"Fn::Not": [{"Fn::Equals": [{"Ref": "CodeBucketName"}, "NONE"]}]},
                    "AssertDescription": (
                        "The project has no code bucket to copy: S3CodePusher must be NO."
                    ),
                }
            ],
        }
    }
    assert "Conditions" not in template
    properties = template["Resources"]["Notebook"]["Properties"]
    assert properties["LifecycleConfigName"] == "Provisioned-LC-churn"


def test_native_way_has_no_builder_to_name() -> None:
    facts = replace(FACTS, builder_function_arn=None)
    parameters = product_template(facts, "cloudformation")["Parameters"]

    assert parameters["SageMakerBuildFunctionARN"]["AllowedValues"] == ["NONE"]


def test_root_access_may_be_chosen_where_the_settings_allow_it() -> None:
    facts = replace(FACTS, root_access_choices=("Disabled", "Enabled"))
    parameter = product_template(facts, "lambda")["Parameters"]["RootAccess"]

    assert (parameter["Default"], parameter["AllowedValues"]) == (
        "Disabled",
        ["Disabled", "Enabled"],
    )


@pytest.mark.parametrize("name", ["a", "A1", "a--b", "x" * 63])
def test_names_that_sagemaker_takes_are_taken(name: str) -> None:
    assert accepts(product_template(FACTS, "lambda"), name)


@pytest.mark.parametrize(
    "name", ["", "-a", "a-", "a_b", "a b", "a/b", "ä", "a\n", "x" * 64, "${x}", "a.b"]
)
def test_names_that_sagemaker_refuses_are_refused(name: str) -> None:
    assert not accepts(product_template(FACTS, "lambda"), name)


def accepts(template: Template, name: str) -> bool:
    parameter = template["Parameters"]["NotebookInstanceName"]
    length = parameter["MinLength"] <= len(name) <= parameter["MaxLength"]
    return length and re.fullmatch(parameter["AllowedPattern"], name) is not None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"default_instance_type": "ml.p5.48xlarge"},
            "default_instance_type 'ml.p5.48xlarge': allowed is one of ml.t3.medium, ml.m5.xlarge",
        ),
        (
            {"default_root_access": "Enabled"},
            "default_root_access 'Enabled': allowed is one of Disabled",
        ),
        (
            {"default_volume_size": 4},
            "default_volume_size 4 and max_volume_size 100: 5 <= default <= max <= 16384 GB",
        ),
        (
            {"default_volume_size": 101},
            "default_volume_size 101 and max_volume_size 100: 5 <= default <= max <= 16384 GB",
        ),
        ({"max_volume_size": 16385}, "max_volume_size 16385"),
        ({"lifecycle_config_s3": None}, "code_bucket 'prosm-code' needs lifecycle_config_s3"),
    ],
)
def test_fails_when_facts_contradict_each_other(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        replace(FACTS, **changes)


@pytest.mark.parametrize(
    ("build", "missing"),
    [
        ("lambda", "builder_function_arn"),
        ("cloudformation", "subnet_id"),
        ("cloudformation", "security_group_id"),
        ("cloudformation", "key_arn"),
    ],
)
def test_fails_when_the_way_of_building_lacks_a_fact(build: Build, missing: str) -> None:
    facts = replace(FACTS, **{missing: None})  # type: ignore[arg-type]  # every one is optional

    with pytest.raises(ValueError, match=f"^building the notebook by {build} needs {missing}$"):
        product_template(facts, build)


@given(st.text(min_size=1), st.sampled_from(BUILDS))
def test_no_text_of_the_settings_changes_the_template_around_it(text: str, build: Build) -> None:
    ours = product_template(replace(FACTS, environment=text, subnet=text), build)
    usual = product_template(FACTS, build)

    for name in ("ENVName", "SubnetName"):
        assert ours["Parameters"].pop(name)["AllowedValues"] == [text]
        usual["Parameters"].pop(name)
    assert json.loads(json.dumps(ours)) == usual
