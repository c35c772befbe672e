from __future__ import annotations

from scripts.lib.plan_review.rules import removed_deny
from tests.unit.scripts.lib.plan_review.rules.subjects import deny, found, of_role, policy, risks

OBJECTS = "arn:aws:s3:::data/*"
WHOLE = policy(deny(["s3:DeleteObject", "s3:PutObject"], OBJECTS))
LESS = policy(deny("s3:DeleteObject", OBJECTS))


def test_gone_or_narrower() -> None:
    assert risks(removed_deny, of_role(WHOLE, None)) == ["high"]
    assert found(removed_deny, of_role(WHOLE, LESS))


def test_not_wider_nor_the_same() -> None:
    assert not found(removed_deny, of_role(LESS, WHOLE))
    assert not found(removed_deny, of_role(None, WHOLE))
    assert not found(removed_deny, of_role(WHOLE, WHOLE))
