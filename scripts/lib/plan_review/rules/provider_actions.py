"""Actions of providers, which Terraform runs beside its changes."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Plan, Risk, Rule
from scripts.lib.plan_review.rules.warnings import is_about_actions

RULE = Rule(
    "provider-actions",
    "Actions run that no plan describes",
    "An action may do anything that its provider can, and the plan does not say what.",
    Risk.MEDIUM,
)


def check(plan: Plan) -> Iterator[Finding]:
    """Find the actions that the plan runs (Terraform 1.14)."""
    for warning in plan.warnings:
        if is_about_actions(warning):
            yield Finding(
                RULE.id,
                RULE.risk,
                plan.stack,
                f"{warning[:1].upper()}{warning[1:]}.",
                "Read in the configuration what they do.",
            )
