from __future__ import annotations

from scripts.lib.plan_review.rules import unreadable_policy
from tests.unit.scripts.lib.plan_review.rules.subjects import allow, found, of_role, policy, subject


def test_a_policy_known_later() -> None:
    looked_at = subject("aws_iam_role_policy", None, {"role": "ds"}, after_unknown={"policy": True})
    (finding,) = found(unreadable_policy, looked_at)
    assert str(finding.risk) == "low"
    assert finding.message == (
        "What policy of role ds will allow cannot be told: it is known only when it is applied."
    )
    assert "names" in finding.mend


def test_one_that_takes_the_place_of_a_policy_is_worse() -> None:
    before = {"role": "ds", "policy": policy(allow("s3:GetObject", "*"))}
    looked_at = subject(
        "aws_iam_role_policy", before, {"role": "ds"}, after_unknown={"policy": True}
    )
    (finding,) = found(unreadable_policy, looked_at)
    assert str(finding.risk) == "medium"


def test_the_default_of_a_new_key() -> None:
    looked_at = subject(
        "aws_kms_key", None, {"description": "data"}, after_unknown={"policy": True}
    )
    (finding,) = found(unreadable_policy, looked_at)
    assert "AWS's default" in finding.message


def test_a_marked_one() -> None:
    sides = ({"role": "ds", "policy": text} for text in ("a", "b"))
    looked_at = subject("aws_iam_role_policy", *sides, after_sensitive={"policy": True})
    (finding,) = found(unreadable_policy, looked_at)
    assert "sensitive" in finding.message


def test_what_is_no_policy() -> None:
    (finding,) = found(unreadable_policy, of_role(None, "{"))
    assert "not a policy document" in finding.message


def test_not_one_that_can_be_read() -> None:
    assert not found(unreadable_policy, of_role(None, policy(allow("s3:GetObject", "*"))))


def test_not_what_a_bucket_computes() -> None:
    """It is the bucket's policy resource that has it."""
    looked_at = subject("aws_s3_bucket", None, {"bucket": "data"}, after_unknown={"policy": True})
    assert not found(unreadable_policy, looked_at)
