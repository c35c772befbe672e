"""Requests from outside the VPC."""

from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns
from scripts.lib.policy.concerns import ConcernKind

RULE = Rule(
    "endpoint-rule-dropped",
    "The way through the VPC endpoint is no longer demanded",
    "With credentials that leaked, the data can be read from anywhere.",
    Risk.HIGH,
)
check = of_concerns(
    RULE,
    ConcernKind.ENDPOINT_DROPPED,
    mend="Keep the Deny of what does not come through the endpoint.",
)
