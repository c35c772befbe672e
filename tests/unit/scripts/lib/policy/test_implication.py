from __future__ import annotations

from typing import Any

import pytest

from scripts.lib.policy.document import Condition
from scripts.lib.policy.implication import can_be_split, implies
from scripts.lib.policy.patterns import Budget
from scripts.lib.policy.reading import read_policy

Conditions = dict[str, dict[str, Any]]


def read(given: Conditions) -> tuple[Condition, ...]:
    statement = {"Effect": "Allow", "Action": "*", "Condition": given}
    document = {"Version": "2012-10-17", "Statement": statement}
    return read_policy(document).statements[0].conditions


def on(operator: str, *values: Any, key: str = "k") -> Conditions:
    return {operator: {key: list(values)}}


STRICTER: list[tuple[Conditions, Conditions]] = [
    ({}, {}),
    (on("StringEquals", "a"), {}),
    (on("StringEquals", "a"), on("StringEquals", "b", "a")),
    (on("StringNotEquals", "a", "b"), on("StringNotEquals", "a")),
    (on("StringEquals", "a"), on("StringNotEquals", "b")),
    ({**on("Bool", True, key="t"), **on("StringEquals", "a")}, on("Bool", "true", key="t")),
    (on("StringEquals", "a"), on("StringEqualsIfExists", "a")),
    (on("StringNotEquals", "a"), on("StringNotEqualsIfExists", "a")),
    (on("StringNotEqualsIfExists", "a"), on("StringNotEquals", "a")),
    (on("StringEquals", "a"), on("Null", "false")),
    (on("Null", "true"), on("StringEqualsIfExists", "a")),
    (on("Null", "true"), on("StringNotEquals", "a")),
    (on("Null", "true"), on("ForAllValues:StringEquals", "a")),
    ({**on("StringEqualsIfExists", "a"), **on("Null", "false")}, on("StringEquals", "a")),
    (on("ForAllValues:StringEquals", "a"), on("ForAllValues:StringEquals", "a", "b")),
    (on("ForAnyValue:StringLike", "ab"), on("ForAnyValue:StringLike", "a*")),
    (on("StringFoo", "a"), on("StringFoo", "a")),
]
OTHER: list[tuple[Conditions, Conditions]] = [
    ({}, on("StringEquals", "a")),
    (on("StringEquals", "a", "b"), on("StringEquals", "a")),
    (on("StringNotEquals", "a"), on("StringNotEquals", "a", "b")),
    (on("StringEquals", "a"), on("StringEquals", "a", key="other")),
    (on("StringEqualsIfExists", "a"), on("StringEquals", "a")),
    (on("StringNotEquals", "a"), on("StringEquals", "b")),
    (on("StringNotEquals", "a"), on("Null", "false")),
    (on("ForAllValues:StringEquals", "a"), on("Null", "false")),
    (on("ForAllValues:StringEquals", "a"), on("ForAnyValue:StringEquals", "a")),
    (on("ForAnyValue:StringEquals", "a"), on("ForAllValues:StringEquals", "a")),
    (on("ForAllValues:StringEquals", "a"), on("StringEquals", "a")),
    (on("Null", "true"), on("StringEquals", "a")),
    (on("Null", "false"), on("StringEqualsIfExists", "a")),
    (on("Null", "true"), on("Null", "false")),
    (on("Null", "true", "false"), on("Null", "false")),
    (on("StringFoo", "a"), on("StringFoo", "a", "b")),
    (on("StringFoo", "a"), on("Null", "false")),
    (on("Bool", "true"), on("StringEquals", "true")),
]


@pytest.mark.parametrize(("one", "other"), STRICTER)
def test_implied(one: Conditions, other: Conditions) -> None:
    assert implies(read(one), read(other), Budget())


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_not_implied(one: Conditions, other: Conditions) -> None:
    assert not implies(read(one), read(other), Budget())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (on("StringEquals", "a", "b"), True),
        (on("StringLikeIfExists", "a", "b"), True),
        (on("ForAnyValue:StringEquals", "a", "b"), True),
        (on("StringEquals", "a"), False),
        (on("StringNotEquals", "a", "b"), False),
        (on("ForAllValues:StringEquals", "a", "b"), False),
        (on("Null", "true", "false"), False),
        (on("StringFoo", "a", "b"), False),
    ],
)
def test_what_holds_for_one_of_its_values_can_be_split(given: Conditions, expected: bool) -> None:
    (condition,) = read(given)
    assert can_be_split(condition) == expected
