"""Rights of everybody."""

from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns
from scripts.lib.policy.concerns import ConcernKind

RULE = Rule(
    "public-access",
    "Everybody is let in",
    "A principal of `*` is everybody, of every account and of none.",
    Risk.HIGH,
)
check = of_concerns(RULE, ConcernKind.PUBLIC, mend="Name the principals.")
