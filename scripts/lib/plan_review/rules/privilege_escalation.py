"""Rights by which more rights can be had."""

from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns
from scripts.lib.policy.concerns import ConcernKind

RULE = Rule(
    "privilege-escalation",
    "More rights can be had by it",
    "Who writes policies, takes on any role or changes code with other rights, has those as well.",
    Risk.HIGH,
)
check = of_concerns(
    RULE,
    ConcernKind.ESCALATION,
    mend="Leave it to the role that deploys, or limit it to the resources that are meant.",
)
