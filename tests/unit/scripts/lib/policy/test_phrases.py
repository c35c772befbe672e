from __future__ import annotations

from typing import Any

import pytest

from scripts.lib.policy.document import EVERYONE, Condition, Principal
from scripts.lib.policy.patterns import pattern
from scripts.lib.policy.phrases import (
    alternatives,
    callers,
    conditions_text,
    deeds,
    listed,
    things,
    when,
)
from scripts.lib.policy.reading import read_policy
from scripts.lib.policy.regions import Piece


def conditions(given: dict[str, dict[str, Any]]) -> tuple[Condition, ...]:
    document = {"Statement": {"Effect": "Allow", "Action": "*", "Condition": given}}
    return read_policy(document).statements[0].conditions


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, ""),
        (1, "a"),
        (2, "a and b"),
        (3, "a, b and c"),
        (7, "a, b, c, d, e, f and g"),
        (8, "a, b, c, d, e, f and 2 more"),
    ],
)
def test_lists(count: int, expected: str) -> None:
    assert listed("abcdefgh"[:count]) == expected


def test_an_item_is_one_line_of_some_length() -> None:
    (item,) = [listed(["a\nb\x1b[0m" + "x" * 1_000])]
    assert item.isprintable()
    assert len(item) < 200


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([Piece(EVERYONE)], "everyone (*)"),
        ([Piece(EVERYONE, (Principal("AWS", "me"),))], "everyone but me"),
        ([Piece(Principal("Account", "1"))], "account 1"),
        ([Piece(Principal("Service", "x.com")), Piece(Principal("AWS", "me"))], "x.com and me"),
        ([Piece(Principal("Federated", "f"))], "federated f"),
        ([Piece(Principal("CanonicalUser", "c"))], "canonical user c"),
        ([Piece(Principal("AWS", ""))], "(no name)"),
        ([], "nobody"),
    ],
)
def test_callers(pieces: list[Piece[Principal]], expected: str) -> None:
    assert callers(pieces) == expected


def test_things_and_deeds() -> None:
    everything = Piece(pattern("*"))
    but = Piece(pattern("*"), (pattern("iam:*"), pattern("sts:*")))
    assert things([everything]) == "everything (*)"
    assert things([but]) == "everything but iam:* and sts:*"
    assert deeds([but]) == "do everything but iam:* and sts:*"
    assert deeds([Piece(pattern("s3:*"))]) == "s3:*"
    assert things([]) == "nothing"
    assert things([Piece(pattern("${a:b}"))]) == "${a:b} (as text)"
    assert things([Piece(pattern("${a:b}", variables=True))]) == "${a:b}"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"StringEquals": {"K": "a"}}, "K is a"),
        ({"StringEquals": {"K": ["b", "a"]}}, "K is a or b"),
        ({"StringNotEquals": {"K": ["b", "a"]}}, "K is not a nor b"),
        ({"StringLike": {"K": "a*"}}, "K is like a*"),
        ({"StringLike": {"K": "a"}}, "K is a"),
        ({"StringNotLike": {"K": "a*"}}, "K is not like a*"),
        ({"ArnLike": {"K": "arn:*"}}, "K is like arn:*"),
        ({"StringEqualsIgnoreCase": {"K": "a"}}, "K is in any case a"),
        ({"StringEqualsIfExists": {"K": "a"}}, "K, if given, is a"),
        ({"ForAllValues:StringEquals": {"K": "a"}}, "every K is a"),
        ({"ForAnyValue:StringNotEquals": {"K": "a"}}, "some K is not a"),
        ({"Bool": {"K": True}}, "K is true"),
        ({"Null": {"K": "true"}}, "there is no K"),
        ({"Null": {"K": False}}, "there is K"),
        ({"NumericLessThanEquals": {"K": 5}}, "K is at most 5"),
        ({"DateGreaterThan": {"K": "2026-01-01T00:00:00Z"}}, "K is more than 2026-01-01T00:00:00Z"),
        ({"IpAddress": {"K": "10.0.0.0/8"}}, "K is in 10.0.0.0/8"),
        ({"NotIpAddress": {"K": "10.0.0.0/8"}}, "K is not in 10.0.0.0/8"),
        ({"ForAnyValue:StringFoo": {"K": "a"}}, "ForAnyValue:StringFoo of K and a"),
        ({"StringEquals": {"K": []}}, "K is any of nothing"),
        ({"StringEquals": {"A": "a", "B": "b"}}, "A is a and B is b"),
        ({}, "nothing else is asked"),
    ],
)
def test_conditions(given: dict[str, dict[str, Any]], expected: str) -> None:
    assert conditions_text(conditions(given)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ""),
        ({"StringNotEquals": {"K": ["a", "b"]}}, " unless K is a or b"),
        ({"StringNotLikeIfExists": {"K": "a*"}}, " unless K is like a*"),
        ({"BoolIfExists": {"K": "false"}}, " unless K is true"),
        ({"Bool": {"K": "false"}}, " if K is false"),
        ({"Null": {"K": "true"}}, " unless there is K"),
        ({"Null": {"K": "false"}}, " if there is K"),
        ({"ForAnyValue:StringNotEquals": {"K": "a"}}, " if some K is not a"),
        ({"StringNotEquals": {"A": "a", "B": "b"}}, " if A is not a and B is not b"),
    ],
)
def test_a_refusal_says_unless_where_it_means_the_same(
    given: dict[str, dict[str, Any]], expected: str
) -> None:
    assert when(conditions(given), refusal=True) == expected


def test_alternatives() -> None:
    one, other = conditions({"Bool": {"A": "true"}}), conditions({"Bool": {"B": "true"}})
    assert alternatives([one, other]) == "A is true or if B is true"
