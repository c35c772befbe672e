"""Words that the golden pairs do not show: hostile names, and policies of every kind."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.lib.policy import PolicyKind, compare, read_policy, sentences
from scripts.lib.policy.sentences import LINE_LIMIT, Sentences

READ: dict[str, Any] = {"Effect": "Allow", "Action": "s3:Get", "Resource": "b"}
BY_SERVICE: dict[str, Any] = {**READ, "Principal": {"Service": "x.com"}}


def told(before: Any, after: Any, kind: PolicyKind) -> Sentences:
    first, second = (read_policy({"Statement": given}) for given in (before, after))
    return sentences(compare(first, second), "it", kind)


@pytest.mark.parametrize(
    ("kind", "statement", "gained", "lost"),
    [
        ("identity", READ, "it may now s3:Get on b", "it may no longer s3:Get on b"),
        ("boundary", READ, "it may now be granted s3:Get on b", ""),
        ("s3", BY_SERVICE, "x.com may now s3:Get on b", ""),
        ("resource", BY_SERVICE, "x.com may now s3:Get on b", ""),
        ("endpoint", BY_SERVICE, "x.com may now s3:Get on b through it", ""),
        ("kms", {**BY_SERVICE, "Resource": "*"}, "x.com may now s3:Get on it", ""),
        ("kms", BY_SERVICE, "x.com may now s3:Get on b", ""),
        ("trust", BY_SERVICE, "x.com may now s3:Get on it", ""),
        ("trust", {**BY_SERVICE, "Action": "STS:assumerole"}, "x.com may now assume it", ""),
        ("trust", {**BY_SERVICE, "Action": "*"}, "x.com may now do everything (*) on it", ""),
        (
            "s3",
            {**BY_SERVICE, "Effect": "Deny"},
            "now refused to x.com: s3:Get on b",
            "no longer refused to x.com: s3:Get on b",
        ),
    ],
)
def test_each_kind_has_its_words(kind: str, statement: Any, gained: str, lost: str) -> None:
    there, back = told([], statement, PolicyKind(kind)), told(statement, [], PolicyKind(kind))
    assert [*there.gained, *there.lost] == [gained]
    if lost:
        assert [*back.gained, *back.lost] == [lost]


def test_a_condition_that_comes_is_said_from_both_sides() -> None:
    under = {**READ, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}
    text = "s3:Get on b under any condition"
    only = "only if aws:SecureTransport is true"
    assert told(under, READ, PolicyKind.IDENTITY).gained == (f"it may now {text}; before {only}",)
    assert told(READ, under, PolicyKind.IDENTITY).lost == (f"it may no longer {text}; now {only}",)


def test_a_refusal_that_narrows_is_said_from_both_sides() -> None:
    whole = {**READ, "Effect": "Deny"}
    under = {**whole, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    text = "refused to it: s3:Get on b under any condition"
    only = "only if aws:SecureTransport is false"
    assert told(whole, under, PolicyKind.IDENTITY).gained == (f"no longer {text}; now {only}",)
    assert told(under, whole, PolicyKind.IDENTITY).lost == (f"now {text}; before {only}",)


def test_a_sentence_is_one_printable_line_whatever_the_names() -> None:
    name = "a\r\n\u2028\x1b]8;;\x07\ud800|`<b>" + "x" * 5_000
    hostile = {
        "Effect": "Allow",
        "Action": [f"{name}{at}" for at in range(50)],
        "Resource": [f"{name}{at}" for at in range(50)],
        "Principal": {"AWS": [f"{name}{at}" for at in range(50)]},
        "Condition": {name: {name: [f"{name}{at}" for at in range(50)]}},
    }
    for kind in PolicyKind:
        (line,) = told([], hostile, kind).gained
        assert line.isprintable()
        assert len(line) <= LINE_LIMIT
