from __future__ import annotations

from scripts.lib.plan_review.rules import public_access
from tests.unit.scripts.lib.plan_review.rules.subjects import (
    allow,
    deny,
    found,
    of_bucket,
    policy,
    risks,
)

OBJECTS = "arn:aws:s3:::data/*"


def test_everybody() -> None:
    looked_at = of_bucket(None, policy(allow("s3:GetObject", OBJECTS, Principal="*")))
    assert risks(public_access, looked_at) == ["high"]


def test_everybody_under_a_condition_is_less_bad() -> None:
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    statement = allow("s3:GetObject", OBJECTS, Principal="*", Condition=condition)
    assert risks(public_access, of_bucket(None, policy(statement))) == ["low"]


def test_not_a_deny_nor_somebody_named() -> None:
    assert not found(public_access, of_bucket(None, policy(deny("s3:*", OBJECTS, Principal="*"))))
    named = allow("s3:GetObject", OBJECTS, Principal={"AWS": "123456789012"})
    assert not found(public_access, of_bucket(None, policy(named)))
