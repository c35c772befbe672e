from __future__ import annotations

from scripts.lib.plan_review.rules import wildcard_action
from tests.unit.scripts.lib.plan_review.rules.subjects import (
    allow,
    found,
    of_key,
    of_role,
    policy,
    risks,
)


def test_every_action() -> None:
    assert risks(wildcard_action, of_role(None, policy(allow("*", "*")))) == ["high"]


def test_every_action_of_a_service() -> None:
    assert risks(wildcard_action, of_role(None, policy(allow("s3:*", "arn:aws:s3:::data")))) == [
        "medium"
    ]


def test_not_a_part_nor_what_was_there() -> None:
    assert not found(wildcard_action, of_role(None, policy(allow("s3:Get*", "*"))))
    every = policy(allow("s3:*", "*"))
    assert not found(wildcard_action, of_role(every, every))
    assert not found(wildcard_action, of_role(every, None))


def test_not_the_account_of_a_key() -> None:
    root = {"AWS": "arn:aws:iam::123456789012:root"}
    assert not found(wildcard_action, of_key(None, policy(allow("kms:*", "*", Principal=root))))
    role = {"AWS": "arn:aws:iam::123456789012:role/ds"}
    assert found(wildcard_action, of_key(None, policy(allow("kms:*", "*", Principal=role))))
