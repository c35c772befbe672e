"""Attributes, worked out when somebody asks."""

from typing import Any

import pytest
from hypothesis import given, settings

from scripts.lib.plan_review import attributes as module
from scripts.lib.plan_review.attributes import Attributes
from scripts.lib.plan_review.model import Action, AttributeChange
from scripts.lib.plan_review.values import attribute_changes, differs

from .plans import JSON_VALUES, changed

CHANGE = changed({"a": 1, "policy": "x", "c": 1}, {"a": 2, "policy": "y", "c": 2})
A = AttributeChange("a", "1", "2")
C = AttributeChange("c", "1", "2")
POLICY = AttributeChange("policy", "x", "y")


def test_they_are_as_good_as_a_tuple() -> None:
    found = Attributes(CHANGE)
    assert found == (A, C, POLICY)
    assert found == Attributes(CHANGE)
    assert found != (A, C)
    assert (len(found), found[0], found[1:], [*found]) == (3, A, (C, POLICY), [A, C, POLICY])
    assert (hash(found), repr(found)) == (hash((A, C, POLICY)), repr((A, C, POLICY)))
    assert A in found


def test_what_is_told_elsewhere_is_left_out() -> None:
    assert Attributes(CHANGE, ["policy"]) == (A, C)
    assert Attributes(CHANGE, ["polic", "a"]) == (C, POLICY)
    assert not Attributes(CHANGE, ["policy", "a", "c"])
    assert not Attributes(CHANGE, ["policy", "a", "c"])._all()


def test_they_may_be_folded() -> None:
    assert Attributes(CHANGE, (), lambda items: items[:1]) == (A,)


def test_they_are_worked_out_once_and_not_before_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def work(change: Any, told: Any) -> tuple[AttributeChange, ...]:
        asked.append(told)
        return attribute_changes(change, told)

    monkeypatch.setattr(module, "attribute_changes", work)
    found = Attributes(CHANGE)
    assert found
    assert asked == []
    assert (len(found), len(found), bool(found)) == (3, 3, True)
    assert asked == [()]


@given(JSON_VALUES, JSON_VALUES, JSON_VALUES)
@settings(max_examples=100, derandomize=True, deadline=None)
def test_whether_there_are_any_is_known_without_them(before: Any, after: Any, told: Any) -> None:
    names = [*told] if isinstance(told, dict) else []
    for left, right in (({"a": before}, {"a": after}), (before, after), (None, after)):
        for action in (Action.UPDATE, Action.FORGET):
            change = changed(left, right, action=action)
            assert differs(change, names) is bool(attribute_changes(change, names))


def test_what_is_nested_too_deeply_differs() -> None:
    one: Any = 1
    other: Any = 2
    for _ in range(800):
        one, other = {"a": one}, {"a": other}
    assert Attributes(changed({"x": one}, {"x": other}))
