"""Rights that were bound to a condition."""

from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns
from scripts.lib.policy.concerns import ConcernKind

RULE = Rule(
    "removed-condition",
    "A condition is gone or wider",
    "The right holds now where it did not.",
    Risk.MEDIUM,
)
check = of_concerns(
    RULE,
    ConcernKind.CONDITION_REMOVED,
    ConcernKind.CONDITION_WIDENED,
    mend="Put the condition back, unless what it kept out is meant to come in.",
)
