"""What the reader of the plan could not make sense of."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Plan, Risk, Rule
from scripts.lib.plan_review.rules.warnings import is_about_actions

RULE = Rule(
    "not-understood",
    "A part of the plan could not be read",
    "What was not understood was not reviewed.",
    Risk.MEDIUM,
)


def check(plan: Plan) -> Iterator[Finding]:
    """Find that there is something in the plan that this version does not know."""
    odd = [warning for warning in plan.warnings if not is_about_actions(warning)]
    if odd:
        more = f", and {len(odd) - 1:,} more" if len(odd) > 1 else ""
        yield Finding(
            RULE.id,
            RULE.risk,
            plan.stack,
            f"Not understood: {odd[0].rstrip('.')}{more}.",
            "Read that part of the plan yourself.",
        )
