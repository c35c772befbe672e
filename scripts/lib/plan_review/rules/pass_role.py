"""Rights to hand a role to a service."""

from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns
from scripts.lib.policy.concerns import ConcernKind

RULE = Rule(
    "pass-role",
    "A role may be passed",
    "Whoever may pass a role to a service can do there all that the role may.",
    Risk.HIGH,
)
check = of_concerns(
    RULE,
    ConcernKind.PASS_ROLE,
    mend="Name the role, and the service in a condition on iam:PassedToService.",
)
