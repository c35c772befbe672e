from __future__ import annotations

from scripts.lib.plan_review.rules import encryption_rule_dropped
from tests.unit.scripts.lib.plan_review.rules.subjects import deny, found, of_bucket, policy

KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id"
RULE = deny(
    "s3:PutObject",
    "arn:aws:s3:::data/*",
    Principal="*",
    Condition={"StringNotEquals": {KEY: "arn:aws:kms:eu-west-1:123456789012:key/1"}},
)


def test_the_rule_goes() -> None:
    (finding,) = found(encryption_rule_dropped, of_bucket(policy(RULE), None))
    assert str(finding.risk) == "high"
    assert KEY in finding.message


def test_not_while_it_is_there() -> None:
    more = deny("s3:DeleteObject", "arn:aws:s3:::data/*", Principal="*")
    assert not found(encryption_rule_dropped, of_bucket(policy(more, RULE), policy(RULE)))
    assert not found(encryption_rule_dropped, of_bucket(None, policy(RULE)))
