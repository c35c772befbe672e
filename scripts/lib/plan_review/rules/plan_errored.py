"""Plans that failed halfway."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Plan, Risk, Rule

RULE = Rule(
    "plan-errored",
    "Planning failed",
    "What would have come after the failure is in no plan, and nobody has reviewed it.",
    Risk.HIGH,
)


def check(plan: Plan) -> Iterator[Finding]:
    """Find a plan that Terraform could not finish."""
    if plan.errored:
        yield Finding(
            RULE.id,
            RULE.risk,
            plan.stack,
            "Terraform failed while it planned, so that this is only a part of what would change.",
            "Mend what Terraform says and plan again; this plan cannot be applied.",
        )
