from __future__ import annotations

from scripts.lib.plan_review.rules import pass_role
from tests.unit.scripts.lib.plan_review.rules.subjects import allow, found, of_role, policy, risks

TO_SAGEMAKER = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
ROLE = "arn:aws:iam::123456789012:role/ds"


def test_every_role() -> None:
    looked_at = of_role(None, policy(allow("iam:PassRole", "*", Condition=TO_SAGEMAKER)))
    assert risks(pass_role, looked_at) == ["high"]


def test_one_role_to_one_service_is_less_bad() -> None:
    looked_at = of_role(None, policy(allow("iam:PassRole", ROLE, Condition=TO_SAGEMAKER)))
    assert risks(pass_role, looked_at) == ["medium"]


def test_not_what_was_there_or_goes_or_is_another_right() -> None:
    passing = policy(allow("iam:PassRole", "*"))
    assert not found(pass_role, of_role(passing, passing))
    assert not found(pass_role, of_role(passing, None))
    assert not found(pass_role, of_role(None, policy(allow("iam:GetRole", "*"))))
