"""A template with its values, as a whole."""

import json
from typing import Any

import pytest

from modules.product_template import product_template
from scripts.sandbox.backends.cloudformation.definition import Definition
from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.templates import parse
from tools.sample_product import FACTS

TOPIC = {"Type": "AWS::SNS::Topic"}
PSEUDO = {"AWS::Region": "eu-west-1"}


def definition(
    parameters: dict[str, str] | None = None, tags: dict[str, str] | None = None, **sections: Any
) -> Definition:
    names = parameters or {}
    template = {"Parameters": {name: {"Type": "String"} for name in names}, **sections}
    return Definition(parse(json.dumps(template)), names, tags or {}, PSEUDO)


def shown(name: str, **members: Any) -> dict[str, Any]:
    return {**TOPIC, "Properties": {"DisplayName": {"Ref": name}}, **members}


def test_what_a_condition_rules_out_is_not_there() -> None:
    made = definition(
        {"Stage": "prod"},
        Conditions={
            "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
            "IsTest": {"Fn::Not": [{"Condition": "IsProd"}]},
        },
        Resources={
            "Always": TOPIC,
            "Prod": {**TOPIC, "Condition": "IsProd", "DependsOn": "Test"},
            "Test": {**TOPIC, "Condition": "IsTest"},
        },
        Outputs={
            "P": {"Value": {"Ref": "Prod"}, "Condition": "IsProd"},
            "T": {"Value": {"Ref": "Test"}, "Condition": "IsTest"},
        },
    )
    made.check()
    assert set(made.resources) == {"Always", "Prod"}
    assert set(made.outputs) == {"P"}
    assert made.needs == {"Always": frozenset(), "Prod": frozenset()}


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        ({"Resources": {"A": {**TOPIC, "Condition": "Gone"}}}, "condition dependency Gone"),
        (
            {"Resources": {"A": TOPIC}, "Conditions": {"C": {"Fn::Equals": [{"Ref": "A"}, "1"]}}},
            "Unresolved dependencies [A]. Cannot reference resources in the Conditions block",
        ),
        (
            {"Resources": {"A": TOPIC}, "Conditions": {"C": {"Ref": "AWS::Region"}}},
            "is not a condition",
        ),
        (
            {"Resources": {"A": {**TOPIC, "DependsOn": "B"}, "B": shown("A")}},
            "Circular dependency between resources: [A, B]",
        ),
        (
            {
                "Resources": {
                    "A": {**TOPIC, "Properties": {"N": {"Fn::FindInMap": ["M", "a", "b"]}}}
                }
            },
            "Unable to get mapping for M::a::b",
        ),
        (
            {"Resources": {"A": TOPIC}, "Outputs": {"O": {"Value": {"Fn::Cidr": ["a"]}}}},
            "unsupported function Fn::Cidr",
        ),
        (
            {
                "Resources": {"A": TOPIC},
                "Rules": {"R": {"Assertions": [{"Assert": {"Fn::Equals": ["a", "b"]}}]}},
            },
            "Rule R failed",
        ),
    ],
)
def test_fails_when_it_cannot_become_a_stack(sections: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        definition(**sections).check()
    assert words in caught.value.message


def outline(display: Any = "x", **others: Any) -> Any:
    resource = {**TOPIC, "Properties": {"DisplayName": display}, **others.pop("resource", {})}
    sections = {"Resources": {"A": resource, "B": TOPIC}} | others.pop("sections", {})
    return definition(others.pop("parameters", None), others.pop("tags", None), **sections).outline


@pytest.mark.parametrize(
    "other",
    [
        outline("y"),
        outline({"Ref": "B"}),
        outline(resource={"Metadata": {"a": 1}}),
        outline(resource={"DeletionPolicy": "Retain"}),
        outline(tags={"a": "1"}),
        outline(sections={"Outputs": {"O": {"Value": "1"}}}),
        outline(sections={"Resources": {"A": TOPIC}}),
    ],
)
def test_the_outline_shows_what_makes_a_difference(other: Any) -> None:
    assert outline() != other


def test_the_outline_hides_what_makes_none() -> None:
    assert outline() == outline({"Fn::Join": ["", ["x"]]})
    assert outline() == outline(parameters={"Unused": "1"})
    assert outline() == outline(sections={"Description": "other words"})
    assert outline() == outline(
        {"Fn::If": ["C", "x", {"Ref": "B"}]},
        sections={
            "Conditions": {"C": {"Fn::Equals": ["1", "1"]}},
            "Resources": {
                "A": {**TOPIC, "Properties": {"DisplayName": {"Fn::If": ["C", "x", {"Ref": "B"}]}}},
                "B": TOPIC,
            },
        },
    )


def test_the_outline_shows_a_parameter_beside_an_unknown_resource() -> None:
    joined = {"Fn::Sub": "${P} ${B}"}
    assert outline(joined, parameters={"P": "1"}) != outline(joined, parameters={"P": "2"})


@pytest.mark.parametrize("build", ["lambda", "cloudformation"])
def test_both_forms_of_the_product_become_stacks(build: Any) -> None:
    template = parse(json.dumps(product_template(FACTS, build)))
    defaults = {
        name: str(spec.get("Default", "nb"))
        for name, spec in template.section("Parameters").items()
    }
    made = Definition(template, defaults, {}, PSEUDO)
    made.check()
    assert set(made.resources) == {"Notebook"}
    chosen = Definition(template, defaults | {"S3CodePusher": "YES"}, {}, PSEUDO)
    properties = chosen.outline["Resources"]["Notebook"]["Properties"]
    assert properties["LifecycleConfigName"] == FACTS.lifecycle_config_s3
    wrong = defaults | {"S3CodePusher": "YES", "CodeBucketName": "NONE"}
    with pytest.raises(ValidationError, match="no code bucket to copy"):
        Definition(template, wrong, {}, PSEUDO).check()
