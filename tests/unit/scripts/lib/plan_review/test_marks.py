"""Terraform's marks, put into the values."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.plan_review.marks import SENSITIVE, UNKNOWN, Hidden, marked, masked, members

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "unknown", "sensitive", "expected"),
    [
        ("a", False, False, "a"),
        ("a", {}, {}, "a"),
        ("a", False, True, Hidden("a")),
        (None, True, False, UNKNOWN),
        (None, True, True, Hidden(UNKNOWN)),
        ({"a": 1}, {"b": True}, {}, {"a": 1, "b": UNKNOWN}),
        ({"a": 1, "b": 2}, {}, {"a": True}, {"a": Hidden(1), "b": 2}),
        ({"a": {"b": [1, 2]}}, {}, {"a": {"b": [False, True]}}, {"a": {"b": [1, Hidden(2)]}}),
        ([None, 1], [True, False], [], [UNKNOWN, 1]),
        ([], [True], False, [UNKNOWN]),
        (None, {"a": True}, False, {"a": UNKNOWN}),
        (None, {"a": {}}, False, None),
        ({"a": 1}, {"b": False}, {"c": {}}, {"a": 1}),
        ({"a": 1}, {}, {"gone": True}, {"a": 1}),
    ],
)
def test_marks_are_put_in(value: Any, unknown: Any, sensitive: Any, expected: Any) -> None:
    assert marked(value, unknown, sensitive) == expected


@pytest.mark.parametrize(
    ("value", "sensitive"),
    [("a", {"b": True}), ("a", [True]), ([1], {"a": True}), ({"a": 1}, [True]), ("a", "yes")],
)
def test_a_mark_that_does_not_fit_hides_everything(value: Any, sensitive: Any) -> None:
    assert marked(value, False, sensitive) == Hidden(value)


def test_what_is_given_stays_as_it_is() -> None:
    value = {"a": [1, {"b": 2}]}
    marked(value, {"c": True}, {"a": [True, {"b": True}]})
    assert value == {"a": [1, {"b": 2}]}


@given(JSON_VALUES, JSON_VALUES, JSON_VALUES)
@settings(max_examples=100, derandomize=True, deadline=None)
def test_any_marks_leave_something_that_can_be_shown(value: Any, unknown: Any, hides: Any) -> None:
    masked(marked(value, unknown, hides), "name")


@given(JSON_VALUES)
@settings(max_examples=50, derandomize=True, deadline=None)
def test_without_marks_it_is_the_value_itself(value: Any) -> None:
    assert marked(value, {}, False) is value


def test_a_value_is_called_as_its_pair_says() -> None:
    assert masked({"name": "DB_PASSWORD", "value": "x"}, "env") == {
        "name": "DB_PASSWORD",
        "value": SENSITIVE,
    }
    assert masked({"name": "MODE", "value": "x"}, "env") == {"name": "MODE", "value": "x"}
    assert masked({"value": "x"}, "password") == {"value": SENSITIVE}


def test_what_a_secret_of_kubernetes_holds_is_hidden() -> None:
    secret = {"kind": "Secret", "data": {"user": "YQ=="}, "metadata": {"name": "a"}}
    assert masked(secret, "manifest")["data"] == SENSITIVE
    assert masked({**secret, "kind": "ConfigMap"}, "manifest")["data"] == {"user": "YQ=="}
    assert [key for key, _, _ in members(secret, "")] == ["kind", "data", "metadata"]


def test_secrets_are_taken_out_at_any_depth() -> None:
    value = {
        "list": [{"password": "a", "pin_token": 1234, "token": True}],
        "json": '{ "env": [{"name": "API_KEY", "value": "a"}] }',
        "url": "https://a:b@c/",
        "unknown": UNKNOWN,
        "marked": Hidden("a"),
    }
    assert masked(value, "") == {
        "list": [{"password": SENSITIVE, "pin_token": SENSITIVE, "token": True}],
        "json": '{"env": [{"name": "API_KEY", "value": "(sensitive)"}]}',
        "url": "https://a:[hidden]@c/",
        "unknown": "(known after apply)",
        "marked": SENSITIVE,
    }
