"""What a template asks of those who launch it."""

import json
from typing import Any

from scripts.sandbox.backends.servicecatalog.parameters import (
    artifact_outputs,
    artifact_parameters,
    usage_instructions,
)
from scripts.sandbox.backends.servicecatalog.templates import Template, parse


def template(**sections: Any) -> Template:
    return parse(json.dumps(sections | {"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}))


def parameter(**spec: Any) -> dict[str, Any]:
    (found,) = artifact_parameters(template(Parameters={"P": spec}))
    return found


def test_a_parameter_says_everything_that_the_template_says() -> None:
    assert parameter(
        Type="Number",
        Default=20,
        Description="size",
        NoEcho=True,
        AllowedValues=[5, 20],
        MinValue=5,
        MaxValue=100,
        ConstraintDescription="5 to 100",
    ) == {
        "ParameterKey": "P",
        "ParameterType": "Number",
        "DefaultValue": "20",
        "Description": "size",
        "IsNoEcho": True,
        "ParameterConstraints": {
            "AllowedValues": ["5", "20"],
            "MinValue": "5",
            "MaxValue": "100",
            "ConstraintDescription": "5 to 100",
            "AllowedPattern": None,
            "MinLength": None,
            "MaxLength": None,
        },
    }


def test_texts_have_patterns_and_lengths() -> None:
    constraints = parameter(Type="String", AllowedPattern="[a-z]+", MinLength=1, MaxLength="63")
    assert constraints["ParameterConstraints"]["AllowedPattern"] == "[a-z]+"
    assert constraints["ParameterConstraints"]["MinLength"] == "1"
    assert constraints["ParameterConstraints"]["MaxLength"] == "63"


def test_a_parameter_without_default_has_none() -> None:
    found = parameter(Type="String", NoEcho="false")
    assert found["DefaultValue"] is None
    assert found["IsNoEcho"] is False


def test_truth_values_and_empty_texts_are_defaults() -> None:
    assert parameter(Type="String", Default=False)["DefaultValue"] == "false"
    assert parameter(Type="String", Default="")["DefaultValue"] == ""


def test_parameters_keep_the_templates_order() -> None:
    names = ["Zeta", "Alpha", "Mid"]
    found = artifact_parameters(template(Parameters={name: {"Type": "String"} for name in names}))
    assert [each["ParameterKey"] for each in found] == names


def test_outputs_have_their_descriptions() -> None:
    outputs = {"A": {"Value": "1", "Description": "a"}, "B": {"Value": "2"}}
    assert artifact_outputs(template(Outputs=outputs)) == [
        {"Key": "A", "Description": "a"},
        {"Key": "B", "Description": None},
    ]


def test_instructions_carry_the_consoles_grouping() -> None:
    groups: dict[str, Any] = {"AWS::CloudFormation::Interface": {"ParameterGroups": []}}
    found = usage_instructions(template(Metadata=groups, Description="about"))
    assert found == [
        {"Type": "version", "Value": "2010-09-09"},
        {"Type": "description", "Value": "about"},
        {"Type": "metadata", "Value": json.dumps(groups)},
    ]


def test_no_template_asks_nothing() -> None:
    assert artifact_parameters(None) == artifact_outputs(None) == usage_instructions(None) == []
