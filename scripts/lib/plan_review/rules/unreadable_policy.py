"""Policies that nobody can review now."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "unreadable-policy",
    "A policy cannot be read yet",
    "What it allows is approved without anybody having seen it.",
    Risk.LOW,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Find policies that are not known, hidden or no policies."""
    for policy in subject.policies:
        if policy.unreadable:
            yield subject.find(
                RULE,
                f"What {policy.attribute} of {policy.subject} will allow cannot be told: "
                f"{policy.unreadable}.",
                mend="Write names, not ids that AWS assigns, into its ARNs.",
            )
