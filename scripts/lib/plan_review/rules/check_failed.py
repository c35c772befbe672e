"""Checks of the configuration that do not hold."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.errors import one_line
from scripts.lib.plan_review.model import Finding, Plan, Risk, Rule

RULE = Rule(
    "check-failed",
    "A check fails",
    "Whoever wrote the check wanted nobody to go on without looking.",
    Risk.HIGH,
)

_LIMIT = 500
_SAYS = {
    "fail": ("The check fails", Risk.HIGH),
    "error": ("The check could not be evaluated", Risk.MEDIUM),
}


def check(plan: Plan) -> Iterator[Finding]:
    """Find checks, preconditions and postconditions that fail; those not known yet are none."""
    for result in plan.checks:
        if result.status in _SAYS:
            says, risk = _SAYS[result.status]
            problems = one_line("; ".join(result.problems), _LIMIT).rstrip(".")
            yield Finding(
                RULE.id,
                risk,
                result.address or plan.stack,
                f"{says}{f': {problems}' if problems else ''}.",
                "Mend what it asks for, or the check.",
            )
