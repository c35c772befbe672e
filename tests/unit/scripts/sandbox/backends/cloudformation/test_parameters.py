"""Values of parameters, accepted and refused in CloudFormation's words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.product_template import product_template
from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.parameters import (
    Given,
    as_references,
    is_secret,
    resolve,
)
from tools.sample_product import FACTS

Spec = dict[str, Any]
NAME = {"Type": "String"}
PRODUCT = product_template(FACTS, "lambda")["Parameters"]


def one(spec: Spec, value: str | None) -> dict[str, str]:
    return resolve({"P": {"Type": "String"} | spec}, [Given("P", value)], {})


def refusal(spec: Spec, value: str) -> str:
    with pytest.raises(ValidationError) as caught:
        one(spec, value)
    return caught.value.message


def test_a_value_comes_before_the_default() -> None:
    assert one({"Default": "d"}, "v") == {"P": "v"}
    assert resolve({"P": {**NAME, "Default": "d"}}, [], {}) == {"P": "d"}


@pytest.mark.parametrize(("default", "text"), [(20, "20"), (False, "false"), ("", ""), (0, "0")])
def test_a_default_is_text_even_when_it_is_nothing(default: Any, text: str) -> None:
    assert resolve({"P": {**NAME, "Default": default}}, [], {}) == {"P": text}


def test_a_previous_value_is_kept_only_when_asked_for() -> None:
    specifications = {"P": {**NAME, "Default": "d"}}
    before = {"P": "before"}
    assert resolve(specifications, [Given("P", keep=True)], before) == {"P": "before"}
    assert resolve(specifications, [], before) == {"P": "d"}
    with pytest.raises(ValidationError, match=r"Parameters: \[P\] must have values"):
        resolve({"P": NAME}, [], before)


def test_refuses_unknown_and_missing_parameters_all_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        resolve({"P": NAME}, [Given("X", "1"), Given("P", "1"), Given("Y", "1")], {})
    assert caught.value.message == "Parameters: [X, Y] do not exist in the template"
    with pytest.raises(ValidationError) as caught:
        resolve({"A": NAME, "B": {**NAME, "Default": ""}, "C": NAME}, [], {})
    assert caught.value.message == "Parameters: [A, C] must have values"


@pytest.mark.parametrize(
    ("spec", "value", "fault"),
    [
        ({"AllowedValues": ["a", "b"]}, "c", "be one of AllowedValues"),
        ({"AllowedValues": [True, 5]}, "True", "be one of AllowedValues"),
        ({"AllowedPattern": "[a-z]+"}, "ab1", "match pattern [a-z]+"),
        ({"AllowedPattern": "[a-z]+"}, "1ab", "match pattern [a-z]+"),
        ({"MinLength": 2}, "a", "contain at least 2 characters"),
        ({"MaxLength": "3"}, "abcd", "contain at most 3 characters"),
        ({"Type": "Number"}, "five", "be a number"),
        ({"Type": "Number"}, "", "be a number"),
        ({"Type": "Number"}, "1e5", "be a number"),
        ({"Type": "Number", "MinValue": 5}, "4", "be a number not less than 5"),
        ({"Type": "Number", "MaxValue": "9"}, "9.5", "be a number not greater than 9"),
        ({"Type": "List<Number>", "MaxValue": 9}, "1,10", "be a number not greater than 9"),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a"]}, "a,b", "be one of AllowedValues"),
    ],
)
def test_refuses_what_breaks_a_constraint(spec: Spec, value: str, fault: str) -> None:
    assert refusal(spec, value) == f"Parameter 'P' must {fault}"
    described = {**spec, "ConstraintDescription": "as agreed."}
    assert refusal(described, value) == "Parameter P failed to satisfy constraint: as agreed."


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ({"AllowedValues": [True, 5]}, "true"),
        ({"AllowedValues": [True, 5]}, "5"),
        ({"AllowedPattern": "[a-z]*"}, ""),
        ({"MinLength": 1, "MaxLength": 1}, "ü"),
        ({"Type": "Number", "MinValue": -1, "MaxValue": 1}, "-0.5"),
        ({"Type": "Number", "MinLength": 5}, "1"),
        ({"Type": "AWS::EC2::Subnet::Id"}, "subnet-1"),
        ({"Type": "CommaDelimitedList", "AllowedPattern": "[a-z]"}, "a, b,c"),
    ],
)
def test_accepts_what_keeps_every_constraint(spec: Spec, value: str) -> None:
    assert one(spec, value) == {"P": value}


def test_a_default_must_keep_the_constraints_too() -> None:
    with pytest.raises(ValidationError, match="must contain at least 3"):
        resolve({"P": {**NAME, "Default": "ab", "MinLength": 3}}, [], {})


def test_a_list_is_referred_to_as_one() -> None:
    kinds = {
        "L": {"Type": "CommaDelimitedList"},
        "N": {"Type": "List<Number>"},
        "S": {"Type": "String"},
    }
    assert as_references(kinds, {"L": "a, b", "N": "1,2", "S": "a,b"}) == {
        "L": ["a", "b"],
        "N": ["1", "2"],
        "S": "a,b",
    }


@pytest.mark.parametrize(
    ("spec", "secret"), [({}, False), ({"NoEcho": True}, True), ({"NoEcho": "false"}, False)]
)
def test_a_secret_is_known(spec: Spec, secret: bool) -> None:
    assert is_secret(spec) is secret


@given(st.from_regex("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", fullmatch=True))
def test_the_product_takes_every_name_that_sagemaker_takes(name: str) -> None:
    given = [Given("NotebookInstanceName", name)]
    if len(name) > 63:
        with pytest.raises(ValidationError, match="NotebookInstanceName failed to satisfy"):
            resolve(PRODUCT, given, {})
    else:
        assert resolve(PRODUCT, given, {})["NotebookInstanceName"] == name


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("NotebookInstanceName", "-starts-with-a-hyphen"),
        ("NotebookInstanceName", "under_score"),
        ("NotebookInstanceName", ""),
        ("VolumeSizeInGB", "4"),
        ("VolumeSizeInGB", "101"),
        ("DirectInternetAccess", "Enabled"),
        ("NotebookInstanceType", "ml.p4d.24xlarge"),
        ("RootAccess", "Enabled"),
        ("ProjectID", "another"),
    ],
)
def test_the_product_refuses_what_its_project_does_not_allow(key: str, value: str) -> None:
    given = {"NotebookInstanceName": "nb", key: value}
    with pytest.raises(ValidationError, match=key):
        resolve(PRODUCT, [Given(*pair) for pair in given.items()], {})
