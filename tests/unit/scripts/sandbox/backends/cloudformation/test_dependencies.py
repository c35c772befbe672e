"""The order in which resources come and go."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.sandbox.backends.cloudformation.dependencies import (
    creation_order,
    dependents,
    prerequisites,
)
from scripts.sandbox.backends.cloudformation.errors import ValidationError

NAMES = [f"R{index}" for index in range(8)]


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, frozenset[str]]:
    """Resources that need only some of those before them, given in any order."""
    needs = {
        name: draw(st.frozensets(st.sampled_from(NAMES[:index]))) if index else frozenset()
        for index, name in enumerate(NAMES)
    }
    order = draw(st.permutations(NAMES))
    return {name: needs[name] for name in order}


def test_whatever_names_another_needs_it() -> None:
    resources: dict[str, dict[str, Any]] = {
        "A": {"Type": "T"},
        "B": {"Type": "T", "Properties": {"P": [{"Q": {"Ref": "A"}}]}},
        "C": {"Type": "T", "Properties": {"P": {"Fn::GetAtt": ["B", "X"]}}},
        "D": {"Type": "T", "Properties": {"P": {"Fn::Sub": "${C.X} ${Name} ${AWS::Region}"}}},
        "E": {"Type": "T", "DependsOn": ["D", "A"]},
        "F": {"Type": "T", "DependsOn": "E", "Metadata": {"Ref": "A"}},
    }
    assert prerequisites(resources) == {
        "A": set(),
        "B": {"A"},
        "C": {"B"},
        "D": {"C"},
        "E": {"D", "A"},
        "F": {"E"},
    }


def test_a_resource_that_is_not_made_is_not_waited_for() -> None:
    assert prerequisites({"A": {"Type": "T", "DependsOn": "Unmade"}}) == {"A": set()}


@pytest.mark.parametrize(
    ("needs", "names"),
    [
        ({"A": {"A"}}, "[A]"),
        ({"A": {"B"}, "B": {"A"}, "C": set()}, "[A, B]"),
        ({"A": {"B"}, "B": {"C"}, "C": {"A"}}, "[A, B, C]"),
    ],
)
def test_fails_when_resources_need_each_other(needs: dict[str, set[str]], names: str) -> None:
    with pytest.raises(ValidationError) as caught:
        creation_order(needs)
    assert caught.value.message == f"Circular dependency between resources: {names}"


def test_those_that_are_free_keep_the_templates_order() -> None:
    assert creation_order({"Z": set(), "B": {"Z"}, "A": set()}) == ["Z", "A", "B"]


@given(graphs())
def test_every_resource_comes_once_and_after_those_that_it_needs(
    needs: dict[str, frozenset[str]],
) -> None:
    order = creation_order(needs)
    assert sorted(order) == sorted(needs)
    for name, needed in needs.items():
        assert all(order.index(one) < order.index(name) for one in needed)


@given(graphs(), st.data())
def test_a_circle_is_always_found(needs: dict[str, frozenset[str]], data: st.DataObject) -> None:
    order = creation_order(needs)
    last = data.draw(st.sampled_from(order))
    chain = sorted(dependents(needs, [last]), key=order.index)
    first = chain[0]
    closed = {**needs, first: needs[first] | {last}}
    with pytest.raises(ValidationError, match="Circular dependency"):
        creation_order(closed)


@given(graphs(), st.sampled_from(NAMES))
def test_what_a_resource_needs_is_closed_and_no_larger_than_it_must_be(
    needs: dict[str, frozenset[str]], name: str
) -> None:
    reached = dependents(needs, [name])
    assert name in reached
    assert all(needs[one] <= reached for one in reached)
    for other in reached - {name}:
        assert any(other in needs[one] for one in reached)
