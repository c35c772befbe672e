from __future__ import annotations

from scripts.lib.plan_review.rules import widened_trust
from tests.unit.scripts.lib.plan_review.rules.subjects import allow, found, of_trust, policy, risks


def trust(*services: str, condition: bool = False) -> str:
    bound = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    more = {"Condition": bound} if condition else {}
    return policy(allow("sts:AssumeRole", Principal={"Service": list(services)}, **more))


ONE = "sagemaker.amazonaws.com"


def test_one_more() -> None:
    (finding,) = found(widened_trust, of_trust(trust(ONE), trust(ONE, "ec2.amazonaws.com")))
    assert str(finding.risk) == "medium"
    assert "ec2.amazonaws.com" in finding.message


def test_a_condition_that_goes_is_worse() -> None:
    assert risks(widened_trust, of_trust(trust(ONE, condition=True), trust(ONE))) == ["high"]


def test_not_narrower_nor_of_a_new_role() -> None:
    assert not found(widened_trust, of_trust(trust(ONE, "ec2.amazonaws.com"), trust(ONE)))
    assert not found(widened_trust, of_trust(None, trust(ONE)))
