"""Service Catalog products that go while they are in use."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Action, Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "product-replaced",
    "A product of the catalog goes",
    "What people launched from it stays, but can no longer be updated from the catalog.",
    Risk.HIGH,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Find products that are destroyed or replaced."""
    if subject.change.type == "aws_servicecatalog_product" and subject.is_gone:
        replaced = subject.change.action is Action.REPLACE
        yield subject.find(
            RULE,
            "What was launched from the product loses it: no update, no new version. Terraform "
            "fails where Service Catalog still counts it as in use.",
            mend="Add a version instead of replacing the product."
            if replaced
            else "End what was launched from it first.",
        )
