"""Policies that nobody can review now."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.policy_changes import DEFAULT_OR_UNKNOWN, SENSITIVE, UNKNOWN
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "unreadable-policy",
    "A policy cannot be read yet",
    "What it allows is approved without anybody having seen it.",
    Risk.LOW,
)
_MENDS = {
    UNKNOWN: "Write names, not ids that AWS assigns, into its ARNs.",
    DEFAULT_OR_UNKNOWN: "Give it a policy, with names instead of ids that AWS assigns.",
    SENSITIVE: "Take the mark off: a policy holds no secret.",
}


def check(subject: Subject) -> Iterator[Finding]:
    """Find policies that are not known, hidden, or no policies at all.

    Worse is one that takes the place of a policy that somebody has read.
    """
    for policy in subject.policies:
        if policy.unreadable:
            was_there = bool(subject.before(policy.attribute))
            yield subject.find(
                RULE,
                f"What {policy.attribute} of {policy.subject} will allow cannot be told: "
                f"{policy.unreadable}.",
                mend=_MENDS.get(policy.unreadable, ""),
                risk=Risk.MEDIUM if was_there else Risk.LOW,
            )
