"""Versions of a product that go."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "product-version-destroyed",
    "A version of a product goes",
    "What was launched in a version that is gone can no longer be changed without another version.",
    Risk.MEDIUM,
)
TYPES = frozenset({"aws_servicecatalog_provisioning_artifact"})


def check(subject: Subject) -> Iterator[Finding]:
    """Find versions that are destroyed or replaced while their product stays."""
    if subject.is_gone and not subject.ends_with("aws_servicecatalog_product", "product_id"):
        yield subject.find(
            RULE,
            f"What was launched in version {subject.name('name')} cannot be updated in it any "
            "more, only to another version.",
            mend="Deprecate the version (guidance DEPRECATED) and add the new one beside it.",
        )
