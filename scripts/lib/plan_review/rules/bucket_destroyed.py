"""Buckets that go, and their objects."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Action, Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "bucket-destroyed",
    "A bucket is destroyed",
    "Objects of a bucket that is gone cannot be had back, and anybody can take its name.",
    Risk.HIGH,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Find buckets that are destroyed or replaced."""
    if subject.change.type not in ("aws_s3_bucket", "aws_s3_directory_bucket"):
        return
    if not subject.is_gone:
        return
    forced = subject.before("force_destroy") is True
    replaced = subject.change.action is Action.REPLACE
    yield subject.find(
        RULE,
        "All of its objects, every version of them, are deleted with it."
        if forced
        else "It fails halfway if the bucket still holds an object.",
        mend="Make the new bucket beside it and copy the objects before this one goes."
        if replaced
        else "Copy what is still needed before.",
        risk=Risk.HIGH if forced else Risk.MEDIUM,
    )
