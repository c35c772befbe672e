"""Versions of a bucket's objects."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "bucket-versioning",
    "A bucket keeps no more versions",
    "Without versions what is overwritten or deleted is gone.",
    Risk.HIGH,
)
_OWN = "aws_s3_bucket_versioning"
TYPES = frozenset({_OWN, "aws_s3_bucket"})
_STATUS = ("versioning_configuration", "status")
_MFA = ("versioning_configuration", "mfa_delete")


def check(subject: Subject) -> Iterator[Finding]:
    """Find versioning that is suspended, and deletion that no longer asks for a second factor."""
    if subject.change.type == _OWN:
        is_on = subject.before(*_STATUS) == "Enabled"
        removed = subject.change.after is None and subject.is_gone
        stops = removed or (
            subject.change.after is not None
            and subject.after(*_STATUS) != "Enabled"
            and not subject.is_unknown(*_STATUS)
        )
        suspended = is_on and stops and not subject.ends_with("aws_s3_bucket", "bucket")
    else:
        # The block is computed: it is off where another resource is about to switch it on.
        suspended = subject.turns("versioning", "enabled", was=True, becomes=False)
    if suspended:
        yield subject.find(
            RULE,
            "What is overwritten or deleted in the bucket from now on cannot be had back.",
            mend="Keep versioning on, and let a lifecycle rule remove old versions.",
        )
    if subject.turns(*_MFA, was="Enabled", becomes="Disabled"):
        yield subject.find(
            RULE,
            "Versions can be deleted for good without a second factor.",
            mend="Keep MFA delete on.",
            risk=Risk.MEDIUM,
        )
