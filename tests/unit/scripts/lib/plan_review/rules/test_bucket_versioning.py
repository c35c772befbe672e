from __future__ import annotations

from scripts.lib.plan_review.rules import bucket_versioning
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, risks, subject

KIND = "aws_s3_bucket_versioning"


def versions(status: object, mfa: str = "Disabled") -> dict[str, object]:
    return {"bucket": "data", "versioning_configuration": [{"status": status, "mfa_delete": mfa}]}


def test_it_is_suspended() -> None:
    looked_at = subject(KIND, versions("Enabled"), versions("Suspended"))
    (finding,) = found(bucket_versioning, looked_at)
    assert str(finding.risk) == "high"
    assert "cannot be had back" in finding.message


def test_it_goes_while_the_bucket_stays() -> None:
    assert risks(bucket_versioning, subject(KIND, versions("Enabled"))) == ["high"]
    ending = frozenset({("aws_s3_bucket", "data")})
    assert not found(bucket_versioning, subject(KIND, versions("Enabled"), ending=ending))


def test_the_old_block_of_a_bucket() -> None:
    on, off = ({"versioning": [{"enabled": each}]} for each in (True, False))
    assert risks(bucket_versioning, subject("aws_s3_bucket", on, off)) == ["high"]
    assert not found(bucket_versioning, subject("aws_s3_bucket", off, on))
    assert not found(bucket_versioning, subject("aws_s3_bucket", on))


def test_deletion_without_a_second_factor() -> None:
    looked_at = subject(KIND, versions("Enabled", "Enabled"), versions("Enabled"))
    assert risks(bucket_versioning, looked_at) == ["medium"]


def test_not_what_was_off_or_is_unknown() -> None:
    on, off = versions("Enabled"), versions("Suspended")
    unknown = {"versioning_configuration": [{"status": True}]}
    assert not found(bucket_versioning, subject(KIND, off, on))
    assert not found(bucket_versioning, subject(KIND, off))
    assert not found(bucket_versioning, subject(KIND, None, off))
    assert not found(bucket_versioning, replaced(KIND, on))
    assert not found(bucket_versioning, subject(KIND, on, deposed="ab12"))
    assert not found(bucket_versioning, subject(KIND, on, versions(None), after_unknown=unknown))
