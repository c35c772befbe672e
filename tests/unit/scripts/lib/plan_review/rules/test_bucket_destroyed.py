from __future__ import annotations

from scripts.lib.plan_review.rules import bucket_destroyed
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, risks, subject

BUCKET = {"bucket": "data", "force_destroy": True}


def test_its_objects_go_when_it_may_be_emptied() -> None:
    (finding,) = found(bucket_destroyed, subject("aws_s3_bucket", BUCKET))
    assert str(finding.risk) == "high"
    assert "every version" in finding.message


def test_else_the_apply_fails_halfway() -> None:
    (finding,) = found(bucket_destroyed, subject("aws_s3_bucket", {"bucket": "data"}))
    assert str(finding.risk) == "medium"
    assert "fails halfway" in finding.message


def test_a_replacement_has_another_way_out() -> None:
    (finding,) = found(bucket_destroyed, replaced("aws_s3_bucket", BUCKET))
    assert "Make the new bucket beside it" in finding.mend


def test_a_deposed_one_holds_objects_too() -> None:
    assert risks(bucket_destroyed, subject("aws_s3_bucket", BUCKET, deposed="ab12")) == ["high"]


def test_not_what_is_kept_or_only_changed() -> None:
    assert not found(bucket_destroyed, subject("aws_s3_bucket", BUCKET, {"bucket": "data"}))
    assert not found(bucket_destroyed, subject("aws_s3_bucket", None, BUCKET))
    assert not found(bucket_destroyed, replaced("aws_s3_bucket", BUCKET, keeps_old=True))
