from __future__ import annotations

from scripts.lib.plan_review.rules import endpoint_rule_dropped
from tests.unit.scripts.lib.plan_review.rules.subjects import deny, found, of_bucket, policy

RULE = deny(
    "s3:*",
    "arn:aws:s3:::data/*",
    Principal="*",
    Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
)


def test_the_rule_goes() -> None:
    (finding,) = found(endpoint_rule_dropped, of_bucket(policy(RULE), None))
    assert str(finding.risk) == "high"
    assert "aws:SourceVpce" in finding.message


def test_not_while_it_is_there() -> None:
    assert not found(endpoint_rule_dropped, of_bucket(None, policy(RULE)))
    assert not found(endpoint_rule_dropped, of_bucket(policy(RULE), policy(RULE)))
