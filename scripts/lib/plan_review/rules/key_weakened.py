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


def check(subject: Subject) -> Iterator[Finding]:
    """Find keys whose rotation, or which themselves, are switched off."""
    if subject.change.type != "aws_kms_key":
        return
    if subject.turns("enable_key_rotation", True, False):
        yield subject.find(RULE, "The key is no longer rotated.", mend="Keep rotation on.")
    if subject.turns("is_enabled", True, False):
        yield subject.find(
            RULE,
            "The key is switched off: nothing that is encrypted under it can be read.",
            mend="`aws kms enable-key` switches it on again.",
            risk=Risk.HIGH,
        )
