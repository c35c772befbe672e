from __future__ import annotations

from scripts.lib.plan_review.rules import wildcard_resource
from tests.unit.scripts.lib.plan_review.rules.subjects import (
    allow,
    found,
    of_key,
    of_role,
    policy,
    risks,
)


def test_every_resource() -> None:
    assert risks(wildcard_resource, of_role(None, policy(allow("s3:PutObject", "*")))) == ["medium"]


def test_reading_lists_is_less_bad() -> None:
    assert risks(wildcard_resource, of_role(None, policy(allow("ec2:DescribeVpcs", "*")))) == [
        "low"
    ]


def test_not_what_another_rule_says_of_the_same_statement() -> None:
    assert not found(wildcard_resource, of_role(None, policy(allow("*", "*"))))
    assert not found(wildcard_resource, of_role(None, policy(allow("iam:PassRole", "*"))))


def test_not_one_resource_nor_a_key_that_means_itself() -> None:
    one = policy(allow("s3:PutObject", "arn:aws:s3:::data/*"))
    assert not found(wildcard_resource, of_role(None, one))
    own = policy(allow("kms:Decrypt", "*", Principal={"AWS": "123456789012"}))
    assert not found(wildcard_resource, of_key(None, own))
