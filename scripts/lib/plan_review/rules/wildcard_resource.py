"""Rights on every resource."""

from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns
from scripts.lib.policy.concerns import ConcernKind

RULE = Rule(
    "wildcard-resource",
    "An action is allowed on every resource",
    "It reaches what other teams own in the account, and what is made later.",
    Risk.MEDIUM,
)
check = of_concerns(
    RULE,
    ConcernKind.ALL_RESOURCES,
    mend="Write the resources' ARNs; where an action knows none, add a condition.",
)
