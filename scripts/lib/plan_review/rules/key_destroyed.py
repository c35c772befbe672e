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
TYPES = frozenset({"aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key"})
_DEFAULT_WINDOW = 30
"""In days (https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html)."""


def check(subject: Subject) -> Iterator[Finding]:
    """Find keys that are destroyed or replaced."""
    if not subject.takes_data:
        return
    window = subject.before("deletion_window_in_days")
    days = window if isinstance(window, int) and window > 1 else _DEFAULT_WINDOW
    yield subject.find(
        RULE,
        "What is encrypted under the key (objects of buckets, volumes, logs) cannot be read from "
        f"now on, and is lost when AWS deletes the key after {days} days.",
        mend="Encrypt anew under another key first; until the days are over, "
        "`aws kms cancel-key-deletion` and `aws kms enable-key` bring the key back.",
    )
