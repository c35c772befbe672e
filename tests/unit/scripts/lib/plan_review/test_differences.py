"""What differs between two values, leaf by leaf."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.plan_review.differences import differences, is_same
from scripts.lib.plan_review.marks import MISSING, UNKNOWN, Hidden

from .plans import JSON_VALUES

SETTINGS = settings(max_examples=150, derandomize=True, deadline=None)
Leaf = tuple[tuple[str | int, ...], Any, Any]


def found(before: Any, after: Any) -> list[Leaf]:
    return [(item.path, item.before, item.after) for item in differences(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "leaves"),
    [
        ({"a": 1}, {"a": 2}, [(("a",), 1, 2)]),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, [(("a", "b", "c"), 1, 2)]),
        ({"a": 1}, {"b": 1}, [(("a",), 1, None), (("b",), None, 1)]),
        ({"b": 1, "a": 1}, {"a": 2, "b": 2}, [(("a",), 1, 2), (("b",), 1, 2)]),
        ({"a": 1}, {"a": "1"}, [(("a",), 1, "1")]),
        ({"a": 1}, {"a": True}, [(("a",), 1, True)]),
        ({"a": 1}, {"a": 1.0}, [(("a",), 1, 1.0)]),
        ({"a": None}, {"a": ""}, [(("a",), None, "")]),
        ({"a": "x"}, {"a": ["x"]}, [(("a",), "x", ["x"])]),
        ({"a": [1, 2]}, {"a": None}, [(("a",), [1, 2], None)]),
        ({"a": {"b": 1}}, {"a": None}, [(("a", "b"), 1, MISSING)]),
        ({"a": None}, {"a": [{"b": 1}]}, [(("a", 0, "b"), MISSING, 1)]),
        ({"a": None}, {"a": {"b": ""}}, [(("a",), None, {"b": ""})]),
        ({"a": []}, {"a": [{}]}, [(("a", 0), MISSING, {})]),
        ({"a": "x"}, {"a": UNKNOWN}, [(("a",), "x", UNKNOWN)]),
        ({"a": Hidden("x")}, {"a": Hidden("y")}, [(("a",), Hidden("x"), Hidden("y"))]),
        ({"a": Hidden(1)}, {"a": Hidden(True)}, [(("a",), Hidden(1), Hidden(True))]),
    ],
)
def test_each_leaf_that_differs_is_told(before: Any, after: Any, leaves: list[Leaf]) -> None:
    assert found(before, after) == leaves


def test_of_what_is_created_or_destroyed_only_what_is_set_is_told() -> None:
    values: dict[str, Any] = {
        "a": 1,
        "b": None,
        "c": "",
        "d": [],
        "e": {},
        "f": False,
        "g": 0,
        "h": {"i": None},
    }
    assert found(MISSING, values) == [
        (("a",), MISSING, 1),
        (("f",), MISSING, False),
        (("g",), MISSING, 0),
    ]
    assert found(values, MISSING) == [
        (("a",), 1, MISSING),
        (("f",), False, MISSING),
        (("g",), 0, MISSING),
    ]


@pytest.mark.parametrize(
    ("before", "after", "leaves"),
    [
        # An element more at the front is one difference.
        ([1, 2, 3], [0, 1, 2, 3], [((0,), MISSING, 0)]),
        ([1, 2, 3], [1, 3], [((1,), 2, MISSING)]),
        ([1, 2], [1, 3], [((1,), 2, 3)]),
        # As many times as it is there.
        ([1, 1], [1], [((1,), 1, MISSING)]),
        ([], [1], [((0,), MISSING, 1)]),
        # The order of a list may matter, and is all that differs.
        ([1, 2], [2, 1], [((), [1, 2], [2, 1])]),
        ([1], [True], [((0,), 1, True)]),
    ],
)
def test_elements_of_lists_are_matched(before: Any, after: Any, leaves: list[Leaf]) -> None:
    assert found(before, after) == leaves


@pytest.mark.parametrize("name", ["name", "key", "id", "Sid", "arn", "device_name", "Name"])
def test_elements_that_call_themselves_alike_are_compared(name: str) -> None:
    before = [{name: "a", "x": 1}, {name: "b", "x": 1}]
    after = [{name: "c", "x": 1}, {name: "b", "x": 2}, {name: "a", "x": 1}]
    assert found(before, after) == [
        ((1, "x"), 1, 2),
        ((0, name), MISSING, "c"),
        ((0, "x"), MISSING, 1),
    ]


def test_elements_that_call_themselves_differently_are_not_compared() -> None:
    assert found([{"name": "a", "x": 1}], [{"name": "b", "x": 1}]) == [
        ((0, "name"), "a", MISSING),
        ((0, "x"), 1, MISSING),
        ((0, "name"), MISSING, "b"),
        ((0, "x"), MISSING, 1),
    ]


def test_elements_without_a_name_are_compared_in_their_place() -> None:
    before = [{"port": 1, "to": 1}, {"port": 2, "to": 1}]
    after = [{"port": 1, "to": 2}, {"port": 2, "to": 1}]
    assert found(before, after) == [((0, "to"), 1, 2)]


def test_json_in_strings_is_compared_as_json() -> None:
    before = {"policy": '{"Statement": [{"Action": "a", "Effect": "Allow"}]}'}
    same = {"policy": '{"Statement":[\n {"Effect":"Allow","Action":"a"}]}'}
    other = {"policy": '{"Statement":[{"Effect":"Deny","Action":"a"}]}'}
    assert found(before, same) == []
    assert found(before, other) == [(("policy", "Statement", 0, "Effect"), "Allow", "Deny")]


def test_json_in_json_is_compared_too() -> None:
    before = json.dumps({"a": json.dumps({"b": 1, "c": 1})})
    assert found(before, json.dumps({"a": '{ "c": 1, "b": 1 }'})) == []
    assert found(before, json.dumps({"a": '{ "c": 1, "b": 2 }'})) == [(("a", "b"), 1, 2)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Whoever reads the last of two members, or the first, would not see what the other does.
        ('{"a": 1, "a": 2}', '{"a": 2}'),
        ('{"a": 1', '{"a": 2'),
        ('{"a": 1}', "[1]"),
        ('{"a": 1}', "text"),
    ],
)
def test_what_is_not_clearly_json_on_both_sides_is_text(before: str, after: str) -> None:
    assert found(before, after) == [((), before, after)]


def test_leaves_are_named_for_the_question_whether_they_are_secret() -> None:
    before = {"env": [{"name": "DB_PASSWORD", "value": "a"}], "tags": {"x": "1"}}
    after = {"env": [{"name": "DB_PASSWORD", "value": "b"}], "tags": {"x": "2"}}
    names = [item.names for item in differences(before, after)]
    assert names == [("DB_PASSWORD", "DB_PASSWORD"), ("x", "x")]


def test_a_leaf_may_be_called_differently_on_either_side() -> None:
    before, after = {"a": {"name": "TOKEN", "value": 1}}, {"a": {"name": "MODE", "value": 2}}
    assert {item.path: item.names for item in differences(before, after)} == {
        ("a", "name"): ("name", "name"),
        ("a", "value"): ("TOKEN", "MODE"),
    }


@given(JSON_VALUES)
@SETTINGS
def test_nothing_differs_from_itself(value: Any) -> None:
    assert found(value, copy.deepcopy(value)) == []


@given(JSON_VALUES, JSON_VALUES)
@SETTINGS
def test_something_is_told_whenever_values_differ(before: Any, after: Any) -> None:
    one, other = without_nulls(before), without_nulls(after)
    assert bool(found({"a": one}, {"a": other})) is not is_same(one, other)


def without_nulls(value: Any) -> Any:
    """Return it without members that are null: as good as none."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


@given(JSON_VALUES, JSON_VALUES)
@SETTINGS
def test_both_directions_tell_as_much(before: Any, after: Any) -> None:
    assert bool(found(before, after)) is bool(found(after, before))


def slow_is_same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@given(JSON_VALUES, JSON_VALUES)
@SETTINGS
def test_values_are_the_same_if_their_json_is(one: Any, other: Any) -> None:
    if isinstance(one, float) or isinstance(other, float):
        return  # -0.0 is 0.0
    assert is_same(one, copy.deepcopy(one))
    assert is_same([one], [other]) is slow_is_same([one], [other])


@given(st.lists(st.integers(0, 3), max_size=8), st.lists(st.integers(0, 3), max_size=8))
@SETTINGS
def test_a_list_tells_no_more_than_what_came_and_went(before: list[int], after: list[int]) -> None:
    assert len(found({"a": before}, {"a": after})) <= max(1, len(before), len(after))


def test_long_lists_do_not_take_long() -> None:
    before = [{"name": f"n{index}", "x": index} for index in range(3000)]
    after = [{"name": f"n{index}", "x": -index} for index in reversed(range(3000))]
    assert len(found(before, after)) == 2999
