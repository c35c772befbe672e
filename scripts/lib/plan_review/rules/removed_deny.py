"""Refusals that are gone."""

from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns
from scripts.lib.policy.concerns import ConcernKind

RULE = Rule(
    "removed-deny",
    "A refusal is gone or narrower",
    "What a Deny kept out comes in wherever any other policy allows it.",
    Risk.HIGH,
)
check = of_concerns(
    RULE,
    ConcernKind.DENY_REMOVED,
    ConcernKind.DENY_NARROWED,
    mend="Put the Deny back, unless what it kept out is meant to come in.",
)
