"""Functions of templates, and what they come to."""

import base64
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.intrinsics import NO_VALUE, Scope, evaluate, holds

VALUES = {
    "Name": "churn",
    "Zones": ["a", "b"],
    "AWS::Region": "eu-west-1",
    "AWS::NoValue": NO_VALUE,
}
CONDITIONS = {
    "IsChurn": {"Fn::Equals": [{"Ref": "Name"}, "churn"]},
    "IsNot": {"Fn::Not": [{"Condition": "IsChurn"}]},
    "Circle": {"Fn::Or": [{"Condition": "IsNot"}, {"Condition": "Circle"}]},
}
MAPPINGS = {"Sizes": {"eu-west-1": {"small": "5", "list": ["x"]}}}
SCOPE = Scope(
    values=VALUES,
    reference=lambda name: f"id-of-{name}",
    attribute=lambda name, attribute: f"{name}:{attribute}",
    conditions=CONDITIONS,
    mappings=MAPPINGS,
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
# Values without functions: no name that could be one.
PLAIN = st.recursive(
    TEXTS | st.integers() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcXY", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Name"}, "churn"),
        ({"Ref": "Zones"}, ["a", "b"]),
        ({"Ref": "AWS::Region"}, "eu-west-1"),
        ({"Ref": "Notebook"}, "id-of-Notebook"),
        ({"Fn::GetAtt": ["Notebook", "Arn"]}, "Notebook:Arn"),
        ({"Fn::GetAtt": ["Notebook", {"Ref": "Name"}]}, "Notebook:churn"),
        ({"Fn::GetAtt": "Notebook.Endpoint.Port"}, "Notebook:Endpoint.Port"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Name"}, 3, True]]}, "a-churn-3-true"),
        ({"Fn::Join": [",", {"Ref": "Zones"}]}, "a,b"),
        ({"Fn::Join": [",", ["a", {"Ref": "AWS::NoValue"}]]}, "a"),
        ({"Fn::Sub": "${Name} in ${AWS::Region}"}, "churn in eu-west-1"),
        ({"Fn::Sub": "${Notebook} ${Notebook.Arn}"}, "id-of-Notebook Notebook:Arn"),
        ({"Fn::Sub": "${!Name} $Name {Name}"}, "${Name} $Name {Name}"),
        ({"Fn::Sub": ["${Own}/${Name}", {"Own": {"Ref": "AWS::Region"}}]}, "eu-west-1/churn"),
        ({"Fn::Sub": ["${Name}", {"Name": "own"}]}, "own"),
        ({"Fn::Select": [1, {"Ref": "Zones"}]}, "b"),
        ({"Fn::Select": ["0", ["x", "y"]]}, "x"),
        ({"Fn::Split": ["-", "a-b-c"]}, ["a", "b", "c"]),
        ({"Fn::Select": [1, {"Fn::Split": ["-", "a-b-c"]}]}, "b"),
        ({"Fn::If": ["IsChurn", "yes", "no"]}, "yes"),
        ({"Fn::If": ["IsNot", "yes", "no"]}, "no"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "small"]}, "5"),
        ({"Fn::FindInMap": ["Sizes", "eu-west-1", "list"]}, ["x"]),
        ({"Fn::Base64": {"Ref": "Name"}}, base64.b64encode(b"churn").decode()),
        ({"Fn::Equals": ["a", "a"]}, True),
    ],
)
def test_a_function_gives_its_value(value: Any, expected: Any) -> None:
    assert evaluate(value, SCOPE) == expected
    assert evaluate({"Deep": [{"Er": value}]}, SCOPE) == {"Deep": [{"Er": expected}]}


def test_members_of_no_value_are_left_out() -> None:
    nothing = {"Fn::If": ["IsNot", "x", {"Ref": "AWS::NoValue"}]}
    assert evaluate({"Kept": 1, "Left": nothing}, SCOPE) == {"Kept": 1}
    assert evaluate(["a", nothing, "b"], SCOPE) == ["a", "b"]


def test_the_branch_that_is_not_taken_is_not_evaluated() -> None:
    broken = {"Fn::FindInMap": ["None", "of", "these"]}
    assert evaluate({"Fn::If": ["IsChurn", "yes", broken]}, SCOPE) == "yes"


def test_a_property_may_be_called_condition() -> None:
    policy = {"Condition": {"StringEquals": {"a": {"Ref": "Name"}}}}
    assert evaluate(policy, SCOPE) == {"Condition": {"StringEquals": {"a": "churn"}}}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"Ref": ["a"]}, "Every Ref object must have a single string"),
        ({"Fn::GetAtt": "Notebook"}, "every Fn::GetAtt object requires two"),
        ({"Fn::GetAtt": ["Notebook"]}, "every Fn::GetAtt object requires two"),
        ({"Fn::Join": "-"}, "every Fn::Join object requires two"),
        ({"Fn::Join": ["-", "ab"]}, "every Fn::Join object requires two"),
        ({"Fn::Join": ["-", [["a"]]]}, "Fn::Join takes strings, not ['a']"),
        ({"Fn::Sub": ["${a}"]}, "One or more Fn::Sub"),
        ({"Fn::Sub": "${Zones}"}, "Fn::Sub takes strings, not ['a', 'b']"),
        ({"Fn::Sub": "${AWS::NoValue}"}, "Fn::Sub takes strings, not AWS::NoValue"),
        ({"Fn::Select": [0]}, "Fn::Select requires a list argument with two elements"),
        ({"Fn::Select": [2, ["a", "b"]]}, "cannot select nonexistent value at index 2"),
        ({"Fn::Select": [-1, ["a", "b"]]}, "cannot select nonexistent value at index -1"),
        ({"Fn::Select": [0, "ab"]}, "cannot select nonexistent value"),
        ({"Fn::Split": ["", "ab"]}, "every Fn::Split object requires two"),
        ({"Fn::If": ["IsChurn", "a"]}, "Fn::If requires a list argument with three"),
        ({"Fn::If": ["Gone", "a", "b"]}, "Unresolved condition dependency Gone"),
        ({"Fn::If": ["Circle", "a", "b"]}, "Circular condition dependency on Circle"),
        ({"Fn::FindInMap": ["Sizes", "us-east-1", "small"]}, "mapping for Sizes::us-east-1::small"),
        ({"Fn::FindInMap": ["Sizes", "eu-west-1"]}, "mapping for Sizes::eu-west-1"),
        ({"Fn::FindInMap": "Sizes"}, "Unable to get mapping"),
        ({"Fn::Base64": ["a"]}, "Fn::Base64 takes strings"),
        ({"Fn::Transform": {"Name": "x"}}, "unsupported function Fn::Transform"),
        ({"Fn::And": []}, "is not a condition"),
        ({"Fn::Equals": ["a"]}, "is not a condition"),
    ],
)
def test_refuses_arguments_that_cannot_be(value: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(words)):
        evaluate(value, SCOPE)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"Fn::Equals": [1, "1"]}, True),
        ({"Fn::Equals": [True, "true"]}, True),
        ({"Fn::Equals": ["a", "b"]}, False),
        ({"Fn::Equals": [{"Ref": "Zones"}, ["a", "b"]]}, True),
        ({"Fn::And": [{"Condition": "IsChurn"}, {"Fn::Equals": ["a", "a"]}]}, True),
        ({"Fn::And": [{"Condition": "IsChurn"}, {"Condition": "IsNot"}]}, False),
        ({"Fn::Or": [{"Condition": "IsNot"}, {"Condition": "IsChurn"}]}, True),
        ({"Fn::Or": [{"Condition": "IsNot"}, {"Condition": "IsNot"}]}, False),
        ({"Fn::Contains": [["a", "churn"], {"Ref": "Name"}]}, True),
        ({"Fn::Contains": [{"Ref": "Zones"}, "c"]}, False),
    ],
)
def test_a_condition_holds_or_not(condition: Any, expected: bool) -> None:
    assert holds(condition, SCOPE) is expected
    assert holds({"Fn::Not": [condition]}, SCOPE) is not expected


def test_a_function_that_needs_an_unknown_resource_stays_as_it_is() -> None:
    scope = Scope(VALUES, _never, _never, CONDITIONS, MAPPINGS, frozenset({"Notebook"}))
    joined = {"Fn::Join": ["/", [{"Ref": "Name"}, {"Ref": "Notebook"}]]}
    assert evaluate(joined, scope) == {
        "Fn::Join": ["/", ["churn", {"Ref": "Notebook", "uses": {}}]],
        "uses": {"Name": "churn"},
    }
    sub = {"Fn::Sub": "${Name}-${Notebook.Arn}"}
    assert evaluate(sub, scope) == {**sub, "uses": {"Name": "churn"}}
    chosen = {"Fn::If": ["IsChurn", {"Ref": "Notebook"}, "no"]}
    assert evaluate(chosen, scope) == {"Ref": "Notebook", "uses": {}}
    assert evaluate({"Fn::Sub": "${Name}"}, scope) == "churn"


def _never(*names: str) -> Any:
    raise AssertionError(f"asked for {names}")


@given(PLAIN)
def test_what_has_no_function_stays_as_it_is(value: Any) -> None:
    assert evaluate(value, SCOPE) == value


@given(st.lists(TEXTS.filter(lambda text: "|" not in text), min_size=1, max_size=5))
def test_split_undoes_join(words: list[str]) -> None:
    joined = {"Fn::Join": ["|", words]}
    assert evaluate({"Fn::Split": ["|", joined]}, SCOPE) == words
    for index, word in enumerate(words):
        assert evaluate({"Fn::Select": [index, {"Fn::Split": ["|", joined]}]}, SCOPE) == word


@given(TEXTS)
def test_base64_can_be_read_back(word: str) -> None:
    assert base64.b64decode(evaluate({"Fn::Base64": word}, SCOPE)).decode() == word


@given(TEXTS, TEXTS)
def test_a_substituted_value_is_not_substituted_again(left: str, right: str) -> None:
    own = {"L": f"${{{left}}}", "R": right}
    assert evaluate({"Fn::Sub": ["${L}|${R}", own]}, SCOPE) == f"${{{left}}}|{right}"


@given(st.lists(st.booleans(), min_size=1, max_size=5))
def test_and_and_or_are_those_of_logic(truths: list[bool]) -> None:
    items = [{"Fn::Equals": ["1", "1" if truth else "0"]} for truth in truths]
    assert holds({"Fn::And": items}, SCOPE) is all(truths)
    assert holds({"Fn::Or": items}, SCOPE) is any(truths)
    negated = [{"Fn::Not": [item]} for item in items]
    assert holds({"Fn::Not": [{"Fn::And": items}]}, SCOPE) is holds({"Fn::Or": negated}, SCOPE)
