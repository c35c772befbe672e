"""Buckets that go, and their objects."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "bucket-destroyed",
    "A bucket is destroyed",
    "Objects of a bucket that is gone cannot be had back, and anybody can take its name.",
    Risk.HIGH,
)
TYPES = frozenset({"aws_s3_bucket", "aws_s3_directory_bucket"})


def check(subject: Subject) -> Iterator[Finding]:
    """Find buckets that are destroyed or replaced."""
    if not subject.takes_data:
        return
    forced = subject.before("force_destroy") is True
    yield subject.find(
        RULE,
        "All objects of the bucket, every version of them, are deleted with it."
        if forced
        else "The apply fails halfway if the bucket still holds an object.",
        mend="Make the new bucket beside it and copy the objects before this one goes."
        if subject.is_replaced
        else "Copy what is still needed first.",
        risk=Risk.HIGH if forced else Risk.MEDIUM,
    )
