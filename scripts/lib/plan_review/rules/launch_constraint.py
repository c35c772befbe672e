"""The role that launches for the end users."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.embedded import parsed
from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject, shown

RULE = Rule(
    "launch-constraint",
    "A launch runs with other rights",
    "Without its launch role a launch needs, and uses, the rights of the person who launches.",
    Risk.HIGH,
)
TYPES = frozenset({"aws_servicecatalog_constraint"})


def check(subject: Subject) -> Iterator[Finding]:
    """Find launch constraints that go, or that name another role."""
    if (subject.before("type") or subject.after("type")) != "LAUNCH":
        return
    if subject.is_gone and not subject.is_replaced:
        if not _goes_with_product(subject):
            yield subject.find(
                RULE,
                "End users can no longer launch, unless they have every right that the launch "
                "needs themselves.",
                mend="Keep the constraint while the product is in the portfolio.",
            )
        return
    if subject.is_replaced and subject.is_gone:
        yield subject.find(
            RULE,
            "Until the new constraint is there, launches run with the rights of the end user.",
            mend="Apply it when nobody launches.",
            risk=Risk.LOW,
        )
    before, after = (_role(side("parameters")) for side in (subject.before, subject.after))
    if before and after and before != after:
        yield subject.find(
            RULE,
            f"Launches, updates and ends run with {shown(after)} instead of {shown(before)}, also "
            "of what was launched before.",
            mend="See that the new role may do all that the old one made.",
            risk=Risk.MEDIUM,
        )


def _goes_with_product(subject: Subject) -> bool:
    return subject.ends_with("aws_servicecatalog_product", "product_id") or subject.ends_with(
        "aws_servicecatalog_portfolio", "portfolio_id"
    )


def _role(parameters: object) -> str:
    given = parsed(parameters)
    if not isinstance(given, dict):
        return ""
    role = given.get("RoleArn") or given.get("LocalRoleName")
    return role if isinstance(role, str) else ""
