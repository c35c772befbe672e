"""Keys that are no longer rotated, or switched off."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "key-weakened",
    "A key is weakened",
    "Rotation limits what one leaked key can read; a key that is off reads nothing at all.",
    Risk.MEDIUM,
)
TYPES = frozenset({"aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key"})
_WINDOW = "deletion_window_in_days"


def check(subject: Subject) -> Iterator[Finding]:
    """Find keys whose rotation, or which themselves, are switched off."""
    if subject.turns("enable_key_rotation", was=True, becomes=False):
        yield subject.find(RULE, "The key is no longer rotated.", mend="Keep rotation on.")
    for attribute in ("is_enabled", "enabled"):
        if subject.turns(attribute, was=True, becomes=False):
            yield subject.find(
                RULE,
                "The key is switched off: nothing that is encrypted under it can be read.",
                mend="`aws kms enable-key` switches it on again.",
                risk=Risk.HIGH,
            )
    before, after = subject.before(_WINDOW), subject.after(_WINDOW)
    if isinstance(before, int) and isinstance(after, int) and after < before:
        yield subject.find(
            RULE,
            f"Whoever deletes the key leaves {after} days to notice it, {before} before.",
            mend="Keep the longest window, 30 days.",
            risk=Risk.LOW,
        )
