"""More principals that may take on a role."""

from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns
from scripts.lib.policy.concerns import ConcernKind

RULE = Rule(
    "widened-trust",
    "More may take on a role",
    "Whoever takes on a role has all of its rights.",
    Risk.MEDIUM,
)
# A role that is new had no trust to widen; whom it lets in is told as rights.
check = of_concerns(
    RULE,
    ConcernKind.TRUST_WIDENED,
    mend="Ask why, and whether a condition can narrow it.",
    of_new=False,
)
