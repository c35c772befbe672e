from __future__ import annotations

from scripts.lib.plan_review.rules import tls_dropped
from tests.unit.scripts.lib.plan_review.rules.subjects import (
    allow,
    deny,
    found,
    of_bucket,
    policy,
    subject,
)

TLS = deny(
    "s3:*",
    "arn:aws:s3:::data/*",
    Principal="*",
    Condition={"Bool": {"aws:SecureTransport": "false"}},
)
READ = allow("s3:GetObject", "arn:aws:s3:::data/*", Principal={"AWS": "123456789012"})


def test_the_rule_goes() -> None:
    (finding,) = found(tls_dropped, of_bucket(policy(TLS, READ), policy(READ)))
    assert str(finding.risk) == "high"
    assert "aws:SecureTransport" in finding.mend


def test_the_policy_goes_and_the_bucket_stays() -> None:
    before = {"bucket": "data", "policy": policy(TLS)}
    assert found(tls_dropped, subject("aws_s3_bucket_policy", before))
    ending = frozenset({("aws_s3_bucket", "data")})
    assert not found(tls_dropped, subject("aws_s3_bucket_policy", before, ending=ending))


def test_not_while_it_is_there() -> None:
    assert not found(tls_dropped, of_bucket(policy(READ), policy(READ, TLS)))
    assert not found(tls_dropped, of_bucket(policy(READ, TLS), policy(TLS)))
