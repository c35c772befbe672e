"""What differs and means nothing, and what looks like it and does mean something."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.drift.normalisation import (
    EMPTY,
    KEPT_BY_AWS,
    SAME_JSON,
    SAME_LIST,
    SAME_POLICY,
    differing,
    meaningless,
    part,
    pruned,
)
from tests.unit.scripts.lib.drift.seen import changed, policy

EMPTIES: list[Any] = [None, "", [], {}, [None], [""], [{}], {"a": None}, [{"a": []}]]


def reason(attribute: str, before: Any, after: Any, type_: str = "aws_thing") -> str:
    return meaningless(changed(type_, {attribute: before}, {attribute: after}), attribute)


@pytest.mark.parametrize("one", EMPTIES)
@pytest.mark.parametrize("other", EMPTIES)
def test_nothing_is_nothing_however_it_is_written(one: Any, other: Any) -> None:
    assert reason("rule", one, other) == EMPTY


@pytest.mark.parametrize("value", [False, 0, "0", "a", [0], [False], {"a": False}, [[0]]])
@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_false_and_zero_are_something(value: Any, empty: Any) -> None:
    assert reason("rule", empty, value) == ""
    assert reason("rule", value, empty) == ""


@pytest.mark.parametrize("attribute", ["tags", "tags_all", "variables", "metadata"])
def test_a_tag_without_a_value_is_a_tag(attribute: str) -> None:
    assert reason(attribute, {"a": ""}, {}) == ""
    assert reason(attribute, None, {}) == EMPTY


def test_a_variable_without_a_value_is_one_deep_inside() -> None:
    assert reason("environment", [{"variables": {"A": ""}}], [{"variables": {}}]) == ""


def test_null_deep_inside_is_like_nothing() -> None:
    before = [{"filter": [{"prefix": "", "tag": []}], "id": "x"}]
    assert reason("rule", before, [{"filter": [], "id": "x", "days": None}]) == EMPTY


@pytest.mark.parametrize("attribute", ["last_modified", "version_id", "created_time"])
def test_dates_and_versions_are_kept_by_aws(attribute: str) -> None:
    assert reason(attribute, "1", "2") == KEPT_BY_AWS


def test_a_version_of_another_type_may_mean_something() -> None:
    assert reason("version", "1", "2", "aws_lambda_function") == KEPT_BY_AWS
    assert reason("version", "1", "2", "aws_eks_cluster") == ""


@pytest.mark.parametrize(
    ("after", "expected"), [("available", KEPT_BY_AWS), ("failed", ""), ("deleting", "")]
)
def test_an_endpoint_comes_to_rest_or_fails(after: str, expected: str) -> None:
    assert reason("state", "pending", after, "aws_vpc_endpoint") == expected


def test_json_is_compared_as_json() -> None:
    assert reason("parameters", '{"a":1,"b":2}', '{ "b": 2, "a": 1 }') == SAME_JSON
    assert reason("parameters", '{"a":1}', '{"a":2}') == ""
    assert reason("parameters", '{"a":1,"a":2}', '{"a":2}') == "", "named twice"


def test_rules_of_a_security_group_have_no_order() -> None:
    one, two = {"from_port": 1}, {"from_port": 2}
    assert reason("ingress", [one, two], [two, one]) == SAME_LIST
    assert reason("ingress", [one, one], [one]) == ""
    assert reason("layers", ["a", "b"], ["b", "a"]) == "", "the order of layers matters"


@pytest.mark.parametrize(
    ("type_", "attribute"),
    [("aws_iam_policy", "policy"), ("aws_iam_role_policy", "policy"), ("aws_kms_key", "policy")],
)
def test_a_policy_is_compared_by_meaning(type_: str, attribute: str) -> None:
    one = policy("s3:GetObject", "s3:PutObject")
    same = policy("s3:putobject", "s3:GetObject", "s3:GetObject")
    assert reason(attribute, one, same, type_) == SAME_POLICY
    assert reason(attribute, one, policy("s3:GetObject", "s3:*"), type_) == ""
    assert reason(attribute, one, policy("s3:GetObject"), type_) == ""


def test_trust_is_compared_by_meaning() -> None:
    principal = {"AWS": "arn:aws:iam::123456789012:root"}
    one = policy("sts:AssumeRole", Principal=principal)
    same = policy("sts:assumerole", Principal={"AWS": ["123456789012"]})
    other = policy("sts:AssumeRole", Principal={"AWS": "*"})
    assert reason("assume_role_policy", one, same, "aws_iam_role") == SAME_POLICY
    assert reason("assume_role_policy", one, other, "aws_iam_role") == ""


def test_what_cannot_be_read_as_a_policy_is_no_noise() -> None:
    assert reason("policy", policy("s3:*"), "{broken", "aws_iam_policy") == ""
    assert reason("policy", policy("s3:*"), '{"Statement": 7}', "aws_iam_policy") == ""


def test_a_part_holds_nothing_else_that_differs() -> None:
    change = changed("aws_x", {"name": "n", "a": 1, "b": 1}, {"name": "n", "a": 2, "b": 2})
    small = part(change, "a")
    assert differing(change) == ("a", "b")
    assert differing(small) == ("a",)
    assert (small.after or {})["name"] == "n"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "a"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=6,
)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(_VALUES, _VALUES)
def test_it_is_the_same_from_both_sides(one: Any, other: Any) -> None:
    assert reason("x", one, other) == reason("x", other, one)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(_VALUES)
def test_what_is_left_has_nothing_empty_in_it(value: Any) -> None:
    left = pruned(value)
    assert pruned(left) == left
    assert left is None or not any(f in json.dumps(left) for f in ("null", '""', "[]", "{}"))
