"""Keys that go, and what is encrypted under them."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "key-destroyed",
    "A key is destroyed",
    "What is encrypted under a key can never be read again once the key is deleted.",
    Risk.HIGH,
)
_TYPES = frozenset({"aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key"})
_DEFAULT_WINDOW = 30
"""In days (https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html)."""


def check(subject: Subject) -> Iterator[Finding]:
    """Find keys that are destroyed or replaced."""
    if subject.change.type in _TYPES and subject.is_gone:
        days = subject.before("deletion_window_in_days") or _DEFAULT_WINDOW
        yield subject.find(
            RULE,
            "What is encrypted under the key (buckets' objects, notebooks' volumes, logs) cannot "
            f"be read from now on, and is lost when the key is deleted in {days} days.",
            mend="Encrypt anew under another key first. Until it is deleted, "
            "`aws kms cancel-key-deletion` brings it back.",
        )
