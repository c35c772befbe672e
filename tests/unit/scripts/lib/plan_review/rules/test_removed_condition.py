from __future__ import annotations

from scripts.lib.plan_review.rules import removed_condition
from tests.unit.scripts.lib.plan_review.rules.subjects import allow, found, of_role, policy, risks

OBJECTS = "arn:aws:s3:::data/*"
FROM_HERE = {"IpAddress": {"aws:SourceIp": "10.0.0.0/24"}}
FROM_MORE = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
BOUND = policy(allow("s3:GetObject", OBJECTS, Condition=FROM_HERE))
WIDER = policy(allow("s3:GetObject", OBJECTS, Condition=FROM_MORE))
FREE = policy(allow("s3:GetObject", OBJECTS))


def test_gone_or_wider() -> None:
    assert risks(removed_condition, of_role(BOUND, FREE)) == ["medium"]
    assert risks(removed_condition, of_role(BOUND, WIDER)) == ["medium"]


def test_not_narrower_nor_new() -> None:
    assert not found(removed_condition, of_role(FREE, BOUND))
    assert not found(removed_condition, of_role(WIDER, BOUND))
    assert not found(removed_condition, of_role(None, FREE))
