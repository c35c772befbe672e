"""Templates, read and checked, for whichever service asks."""

import json
from typing import Any

import pytest

from scripts.sandbox.backends.templates import TemplateError, parse, text

TOPIC = {"Type": "AWS::SNS::Topic"}

YAML = """
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Name: {Type: String}
  Since: {Type: String, Default: 2024-01-31}
Conditions:
  Named: !Not [!Equals [!Ref Name, ""]]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Condition: Named
    Properties:
      DisplayName: !Sub "${Name}-${AWS::Region}-${!literal}"
      Tags: !If [Named, [{Key: a, Value: !Ref Name}], !Ref AWS::NoValue]
Outputs:
  Arn:
    Value: !GetAtt Topic.TopicName
  Size:
    Value: !Sub ["${Own}-${Topic.TopicName}", {Own: !Ref Name}]
"""


def with_resources(**resources: Any) -> str:
    return json.dumps({"Parameters": {"Name": {"Type": "String"}}, "Resources": resources})


def with_parameter(**spec: Any) -> str:
    return json.dumps({"Parameters": {"P": spec}, "Resources": {"T": TOPIC}})


def test_yaml_with_short_forms_is_read_like_its_long_form() -> None:
    template = parse(YAML)
    assert template.body == YAML
    topic = template.section("Resources")["Topic"]["Properties"]
    assert topic["DisplayName"] == {"Fn::Sub": "${Name}-${AWS::Region}-${!literal}"}
    assert topic["Tags"] == {
        "Fn::If": ["Named", [{"Key": "a", "Value": {"Ref": "Name"}}], {"Ref": "AWS::NoValue"}]
    }
    assert template.section("Outputs")["Arn"]["Value"] == {"Fn::GetAtt": ["Topic", "TopicName"]}


def test_dates_stay_text() -> None:
    template = parse(YAML)
    assert template.document["AWSTemplateFormatVersion"] == "2010-09-09"
    assert template.section("Parameters")["Since"]["Default"] == "2024-01-31"


def test_json_is_read_too() -> None:
    assert parse(with_resources(T=TOPIC)).section("Resources") == {"T": TOPIC}


def test_an_absent_section_is_empty() -> None:
    assert parse(with_resources(T=TOPIC)).section("Outputs") == {}


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("", "not a mapping"),
        ("just text", "not a mapping"),
        ("[1, 2]", "not a mapping"),
        ("{", "neither JSON nor YAML"),
        ("a: [", "neither JSON nor YAML"),
        ("a: !!python/object/apply:os.system [id]", "neither JSON nor YAML"),
        ("{}", "At least one Resources member"),
        ('{"Resources": {}}', "At least one Resources member"),
        ('{"Resources": [1]}', "Resources is not a mapping"),
        ('{"Resources": {"T": {}}}', "Resources.T has no Type"),
        ('{"Resources": {"T": "AWS::SNS::Topic"}}', "Resources.T has no Type"),
        ('{"Resource": {}, "Resources": {"T": {"Type": "x"}}}', "property Resource"),
        (
            '{"AWSTemplateFormatVersion": "2011-01-01", "Resources": {"T": {"Type": "x"}}}',
            "2011-01-01",
        ),
        ('{"Parameters": [], "Resources": {"T": {}}}', "Resources.T"),
        ('{"Parameters": ["a"], "Resources": {"T": {"Type": "x"}}}', "Parameters is not"),
        ('{"Outputs": {"O": {}}, "Resources": {"T": {"Type": "x"}}}', "Outputs.O has no Value"),
        (with_parameter(), "Parameters.P has no Type"),
        (with_parameter(Type="String", Default=["a"]), "default of parameter P"),
        (with_parameter(Type="String", Default="c", AllowedValues=["a", "b"]), "default c"),
        (with_parameter(Type="String", AllowedValues="ab"), "allowed values of parameter P"),
        (with_resources(T=TOPIC | {"Properties": {"A": {"Ref": "Gone"}}}), "[Gone]"),
        (with_resources(T=TOPIC | {"Properties": {"A": {"Fn::GetAtt": "Gone.Arn"}}}), "[Gone]"),
        (with_resources(T=TOPIC | {"Properties": {"A": {"Fn::GetAtt": ["Gone", "x"]}}}), "[Gone]"),
        (with_resources(T=TOPIC | {"Properties": {"A": {"Fn::Sub": "${Gone.Arn}"}}}), "[Gone]"),
        (
            with_resources(T=TOPIC | {"Properties": {"A": {"Fn::Sub": ["${X}", {"Y": "1"}]}}}),
            "[X]",
        ),
        (with_resources(T=TOPIC | {"Properties": {"A": {"Fn::Sub": ["${X}"]}}}), "Fn::Sub takes"),
        (with_resources(T=TOPIC | {"Properties": [{"Deep": [{"Ref": "Gone"}]}]}), "[Gone]"),
        (with_resources(T=TOPIC | {"DependsOn": "Gone"}), "[Gone]"),
        (with_resources(T=TOPIC | {"DependsOn": ["T", "Gone"]}), "[Gone]"),
    ],
)
def test_fails_with_what_is_wrong(body: str, word: str) -> None:
    with pytest.raises(TemplateError) as caught:
        parse(body)
    assert word in str(caught.value)


def test_a_default_is_compared_as_text() -> None:
    parse(with_parameter(Type="Number", Default=1, AllowedValues=["1", 2]))
    parse(with_parameter(Type="String", Default="true", AllowedValues=[True, False]))


def test_references_inside_a_transform_are_not_judged() -> None:
    body = {"Transform": "Macro", "Resources": {"T": TOPIC | {"Properties": {"Ref": "Made"}}}}
    parse(json.dumps(body))


@pytest.mark.parametrize(
    ("value", "expected"), [(True, "true"), (False, "false"), (5, "5"), ("a", "a"), (0.5, "0.5")]
)
def test_scalars_become_text_as_in_cloudformation(value: Any, expected: str) -> None:
    assert text(value) == expected
