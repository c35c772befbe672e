"""Service Catalog products that go while they are in use."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "product-replaced",
    "A product of the catalog goes",
    "What people launched from it stays, but can no longer be updated from the catalog.",
    Risk.HIGH,
)
TYPES = frozenset({"aws_servicecatalog_product"})


def check(subject: Subject) -> Iterator[Finding]:
    """Find products that are destroyed or replaced."""
    if subject.is_gone:
        yield subject.find(
            RULE,
            "What was launched from the product can no longer be updated, and the apply fails if "
            "Service Catalog still counts the product as in use.",
            mend="Add a version instead of replacing the product."
            if subject.is_replaced
            else "End what was launched from it first.",
        )
