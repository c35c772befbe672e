"""Rights of principals of another account."""

from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns
from scripts.lib.policy.concerns import ConcernKind

RULE = Rule(
    "external-account",
    "Another account is let in",
    "Who may use the right there is decided by that account's administrators.",
    Risk.HIGH,
)
check = of_concerns(
    RULE,
    ConcernKind.EXTERNAL_ACCOUNT,
    mend="If it is one of yours, name it with --own-account.",
)
