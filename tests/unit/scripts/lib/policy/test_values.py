from __future__ import annotations

from typing import Any

import pytest

from scripts.lib.policy.document import Condition
from scripts.lib.policy.patterns import Budget
from scripts.lib.policy.reading import read_policy
from scripts.lib.policy.values import values_within

Given = tuple[str, list[Any]]
ROLE = "arn:aws:iam::123456789012:role/a"
NEW_YEAR = "2026-01-01T00:00:00Z"


def read(given: Given, version: str = "2012-10-17") -> Condition:
    operator, values = given
    statement = {"Effect": "Allow", "Action": "*", "Condition": {operator: {"k": values}}}
    document = {"Version": version, "Statement": statement}
    return read_policy(document).statements[0].conditions[0]


def within(one: Given, other: Given) -> bool:
    return values_within(read(one), read(other), Budget())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("StringEquals", ["ab"]), ("StringLike", ["a*"])),
        (("StringLike", ["ab*"]), ("StringLike", ["a*", "c"])),
        (("StringEquals", ["a"]), ("StringEqualsIgnoreCase", ["A"])),
        (("StringLike", ["a"]), ("StringEqualsIgnoreCase", ["A"])),
        (("StringEqualsIgnoreCase", ["a"]), ("StringEqualsIgnoreCase", ["A", "b"])),
        (("StringNotLike", ["a*"]), ("StringNotEquals", ["ab", "a"])),
        (("StringNotEqualsIgnoreCase", ["a"]), ("StringNotEquals", ["A"])),
        (("StringLike", ["b*"]), ("StringNotLike", ["a*"])),
        (("StringNotEquals", ["a"]), ("StringLike", ["*"])),
        (("StringEquals", ["${aws:username}"]), ("StringLike", ["*"])),
        (("StringEquals", ["${aws:username}"]), ("StringLike", ["${aws:username}*"])),
        (("StringEquals", []), ("StringEquals", ["a"])),
        (("Bool", [True]), ("Bool", ["TRUE", "false"])),
        (("BinaryEquals", ["QQ=="]), ("BinaryEquals", ["QQ==", "QUI="])),
        (("ArnLike", [ROLE]), ("ArnLike", ["arn:aws:iam::*:role/*"])),
        (("ArnEquals", ["arn:*:iam::1:*"]), ("ArnLike", ["arn:*:iam::?:*"])),
        (("ArnNotLike", ["arn:aws:iam::*:role/*"]), ("ArnNotEquals", [ROLE])),
        (("NumericEquals", [5]), ("NumericLessThan", ["5.5"])),
        (("NumericEquals", ["5.0"]), ("NumericEquals", [5])),
        (("NumericLessThan", [5]), ("NumericLessThanEquals", [5])),
        (("NumericLessThan", [1, 5]), ("NumericLessThan", [9])),
        (("NumericGreaterThanEquals", [5]), ("NumericGreaterThan", [4])),
        (("NumericGreaterThan", [5]), ("NumericNotEquals", [5])),
        (("NumericEquals", [4]), ("NumericNotEquals", [5])),
        (("NumericNotEquals", [4, 5]), ("NumericNotEquals", ["5"])),
        (("NumericLessThan", []), ("NumericLessThan", [1])),
        (("DateLessThan", [NEW_YEAR]), ("DateLessThan", ["2026-06-01T00:00:00Z"])),
        (("DateGreaterThan", ["1767225600"]), ("DateGreaterThanEquals", [NEW_YEAR])),
        (("IpAddress", ["10.0.0.0/24"]), ("IpAddress", ["10.0.0.0/16"])),
        (("IpAddress", ["10.0.0.0/24"]), ("IpAddress", ["10.0.0.0/25", "10.0.0.128/25"])),
        (("IpAddress", ["10.0.0.7"]), ("IpAddress", ["10.0.0.9/24"])),
        (("IpAddress", ["2001:db8:1::/48"]), ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"])),
        (("NotIpAddress", ["10.0.0.0/16"]), ("NotIpAddress", ["10.0.0.0/24"])),
    ],
)
def test_within(one: Given, other: Given) -> None:
    assert within(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("StringLike", ["a*"]), ("StringEquals", ["a*"])),
        (("StringEqualsIgnoreCase", ["a"]), ("StringEquals", ["a"])),
        (("StringLike", ["a*"]), ("StringEqualsIgnoreCase", ["a*", "A"])),
        (("StringNotEquals", ["A"]), ("StringNotEqualsIgnoreCase", ["a"])),
        (("StringNotEquals", ["ab"]), ("StringNotLike", ["a*"])),
        (("StringLike", ["a*"]), ("StringNotEquals", ["ab"])),
        (("StringEquals", ["${aws:username}"]), ("StringNotEquals", ["amy"])),
        (("StringEquals", ["amy"]), ("StringEquals", ["${aws:username}"])),
        (("StringNotEquals", ["a"]), ("StringEquals", ["*"])),
        (("StringEquals", ["true"]), ("Bool", ["true"])),
        (("Bool", ["true", "false"]), ("Bool", ["true"])),
        (("ArnLike", ["*"]), ("ArnLike", ["arn:aws:iam::*:role/*"])),
        (("ArnLike", [ROLE]), ("ArnLike", ["*"])),
        (("ArnLike", [ROLE]), ("ArnNotLike", ["arn:aws:sts::*:*"])),
        (("ArnLike", ["arn:aws:iam::1:${aws:username}"]), ("ArnLike", ["arn:aws:iam::1:*"])),
        (("ArnLike", [ROLE]), ("StringLike", ["*"])),
        (("NumericLessThanEquals", [5]), ("NumericLessThan", [5])),
        (("NumericLessThan", [1, 5]), ("NumericLessThan", [3])),
        (("NumericGreaterThan", [1, 5]), ("NumericGreaterThan", [3])),
        (("NumericLessThan", [5]), ("NumericGreaterThan", [1])),
        (("NumericLessThan", [5]), ("NumericNotEquals", [4])),
        (("NumericLessThan", [5]), ("NumericEquals", [4])),
        (("NumericNotEquals", [5]), ("NumericLessThan", [5])),
        (("NumericEquals", ["nan"]), ("NumericEquals", ["nan", 1])),
        (("NumericLessThan", ["1e999"]), ("NumericLessThan", ["1e998"])),
        (("NumericEquals", ["five"]), ("NumericLessThan", [9])),
        (("NumericLessThan", ["${aws:x}"]), ("NumericLessThan", ["${aws:x}", 1])),
        (("DateLessThan", ["soon"]), ("DateLessThan", [NEW_YEAR])),
        (("DateLessThan", ["2025-01-01"]), ("DateLessThan", [NEW_YEAR])),
        (("DateEquals", ["9999999999999999"]), ("DateGreaterThan", [NEW_YEAR])),
        (("DateEquals", ["2025-13-01T00:00:00Z"]), ("DateLessThan", [NEW_YEAR])),
        (("DateLessThan", [NEW_YEAR]), ("NumericLessThan", ["1767225600"])),
        (("IpAddress", ["10.0.0.0/15"]), ("IpAddress", ["10.0.0.0/16"])),
        (("IpAddress", ["2001:db8::/32"]), ("IpAddress", ["0.0.0.0/0"])),
        (("IpAddress", ["10.0.0.0/24"]), ("NotIpAddress", ["10.0.1.0/24"])),
        (("IpAddress", ["here"]), ("IpAddress", ["0.0.0.0/0"])),
        (("NotIpAddress", ["10.0.0.0/24"]), ("NotIpAddress", ["10.0.0.0/16"])),
    ],
)
def test_not_within(one: Given, other: Given) -> None:
    assert not within(one, other)


def test_a_variable_is_not_the_text_that_it_looks_like() -> None:
    for operator in ("Bool", "BinaryEquals", "ArnLike", "StringEquals"):
        text = read((operator, ["${aws:x}"]), version="2008-10-17")
        variable = read((operator, ["${aws:x}", "y"]))
        assert not values_within(text, variable, Budget()), operator
