"""Plans that need a further one."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Plan, Risk, Rule

RULE = Rule(
    "plan-incomplete",
    "One run is not enough",
    "What is planned later is not in this review.",
    Risk.MEDIUM,
)


def check(plan: Plan) -> Iterator[Finding]:
    """Find a plan after which there is more to do."""
    if not plan.complete and not plan.errored:
        later = f"{len(plan.deferred):,} of its resources" if plan.deferred else "A part"
        yield Finding(
            RULE.id,
            RULE.risk,
            plan.stack,
            f"{later} can be planned only after this plan is applied.",
            "Review the next plan as well.",
        )
