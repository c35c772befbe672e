"""What templates promise, in both ways of building a notebook, and what is not told by them."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.product_template import ProductFacts, product_template
from scripts.lib.drift.launched import WORDS
from scripts.lib.drift.promise import (
    ALWAYS,
    INTERNET,
    KEY,
    LIFECYCLE,
    METADATA,
    PLATFORM,
    ROLE,
    ROOT,
    SECURITY_GROUPS,
    SUBNET,
    TYPE,
    VOLUME,
    Promise,
    described,
    promises,
    same,
)

FACTS = ProductFacts(
    project_name="alpha",
    project_id="A1",
    environment="dev",
    execution_role_arn="arn:role",
    bucket_name="data",
    subnet="ProSM-Subnet",
    security_group="ProSM-SG",
    lifecycle_config="plain",
    lifecycle_config_s3="with-code",
    code_bucket="code",
    default_instance_type="ml.t3.medium",
    instance_types=("ml.t3.medium",),
    platform_identifier="notebook-al2023-v1",
    builder_function_arn="arn:function",
    subnet_id="subnet-1",
    security_group_id="sg-1",
    key_arn="arn:key/1",
)
VALUES = {
    "NotebookInstanceName": "ana",
    "NotebookInstanceType": "ml.t3.medium",
    "VolumeSizeInGB": "20",
    "RootAccess": "Disabled",
    "DirectInternetAccess": "Disabled",
    "S3CodePusher": "NO",
    "SageMakerBuildFunctionARN": "arn:function",
    "ProjectName": "alpha",
    "ProjectID": "A1",
    "ENVName": "dev",
}
SHARED = {
    INTERNET: "Disabled",
    ROOT: "Disabled",
    VOLUME: "20",
    TYPE: "ml.t3.medium",
    LIFECYCLE: "plain",
}
SAFE = {
    **SHARED,
    KEY: "arn:key/1",
    ROLE: "arn:role",
    SUBNET: "subnet-1",
    SECURITY_GROUPS: "sg-1",
    PLATFORM: "notebook-al2023-v1",
}


def test_our_own_template_promises_all_that_is_compared() -> None:
    (native,) = promises(product_template(FACTS, "cloudformation"), VALUES)
    assert native == Promise("ana", {**SAFE, METADATA: "2"})
    assert native.values.keys() == WORDS.keys()


def test_with_the_builder_its_environment_promises_the_rest() -> None:
    (custom,) = promises(product_template(FACTS, "lambda"), VALUES)
    assert custom == Promise("ana", SHARED, "arn:function")
    environment = {
        "SUBNET_ID": "subnet-1",
        "SECURITY_GROUP_ID": "sg-1",
        "EXECUTION_ROLE_ARN": "arn:role",
        "KMS_KEY_ARN": "arn:key/1",
        "PLATFORM_IDENTIFIER": "notebook-al2023-v1",
        "PROJECT_ID": "A1",
    }
    complete = custom.built_by(environment).but(ALWAYS)
    assert complete.values == {**SAFE, METADATA: "2"}
    assert complete.values.keys() == WORDS.keys()


def test_conditions_are_worked_out() -> None:
    template = product_template(FACTS, "cloudformation")
    (found,) = promises(template, {**VALUES, "S3CodePusher": "YES"})
    assert found.values[LIFECYCLE] == "with-code"


def test_a_template_may_be_json_text() -> None:
    text = json.dumps(product_template(FACTS, "cloudformation"))
    assert promises(text, VALUES)[0].notebook == "ana"


def native(**properties: Any) -> dict[str, Any]:
    given = {"NotebookInstanceName": "x", **properties}
    notebook = {"Type": "AWS::SageMaker::NotebookInstance", "Properties": given}
    return {"Resources": {"Other": {"Type": "AWS::SNS::Topic"}, "N": notebook}}


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Unknown"},
        {"Ref": "Secret"},
        {"Ref": ["list"]},
        {"Fn::GetAtt": ["A", "B"]},
        {"Fn::ImportValue": "x"},
        {"Fn::If": ["Circle", "a", "b"]},
        {"Fn::If": ["None", "a", "b"]},
        {"Fn::Join": ["-", [{"Fn::GetAtt": ["A", "B"]}]]},
    ],
)
def test_what_only_cloudformation_knows_is_not_promised(value: Any) -> None:
    template = native(RoleArn=value) | {"Conditions": {"Circle": {"Condition": "Circle"}}}
    (found,) = promises(template, {"Secret": "****"})
    assert ROLE not in found.values


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"Fn::Equals": [{"Ref": "A"}, "1"]}, True),
        ({"Fn::Not": [{"Fn::Equals": ["a", "a"]}]}, False),
        ({"Fn::And": [{"Condition": "Yes"}, {"Condition": "Yes"}]}, True),
        ({"Fn::And": [{"Condition": "Yes"}, {"Fn::Equals": ["a", "b"]}]}, False),
        ({"Fn::Or": [{"Fn::Equals": ["a", "b"]}, {"Condition": "Yes"}]}, True),
        ({"Fn::Or": [{"Fn::Equals": ["a", "b"]}]}, False),
    ],
)
def test_functions_of_conditions(condition: Any, holds: bool) -> None:
    conditions = {"Yes": {"Fn::Equals": ["x", "x"]}, "C": condition}
    joined = {"Fn::Join": [":", ["arn", {"Ref": "A"}]]}
    template = native(RoleArn={"Fn::If": ["C", joined, "no"]}) | {"Conditions": conditions}
    (found,) = promises(template, {"A": "1"})
    assert found.values[ROLE] == ("arn:1" if holds else "no")


def test_no_lifecycle_configuration_is_promised_where_the_template_has_none() -> None:
    assert promises(native(), {})[0].values == {LIFECYCLE: ""}


@pytest.mark.parametrize("template", ["Resources: {}", "[]", {}, {"Resources": []}, None, "3"])
def test_fails_for_what_is_no_template(template: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        promises(template, {})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Ref", "Fn::If", "Fn::Join", "Fn::Equals", "Condition", "x"]),
            inner,
            max_size=2,
        )
    ),
    max_leaves=12,
)


@settings(derandomize=True, max_examples=120, deadline=None)
@given(json_values, json_values, json_values)
def test_no_template_breaks_the_reading(one: Any, other: Any, condition: Any) -> None:
    template = native(RoleArn=one, SecurityGroupIds=other) | {"Conditions": condition}
    for found in promises(template, {"x": "1"}):
        assert all(isinstance(value, str) for value in found.values.values())


def test_a_description_has_the_form_of_a_promise() -> None:
    found = described(
        {
            "NotebookInstanceName": "ana",
            "SecurityGroups": ["sg-2", "sg-1"],
            "VolumeSizeInGB": 20,
            "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "1"},
        }
    )
    assert found.keys() == WORDS.keys()
    assert (found[SECURITY_GROUPS], found[VOLUME], found[METADATA]) == ("sg-1, sg-2", "20", "1")
    assert found[KEY] == ""


@pytest.mark.parametrize(
    ("key", "one", "other", "expected"),
    [
        (KEY, "arn:aws:kms:eu-west-1:1:key/abc", "abc", True),
        (KEY, "abc", "abd", False),
        (KEY, "abc", "", False),
        (ROLE, "arn:a:key/x", "x", False),
    ],
)
def test_keys_are_the_same_by_id_and_arn(key: str, one: str, other: str, expected: bool) -> None:
    assert same(key, one, other) is expected
