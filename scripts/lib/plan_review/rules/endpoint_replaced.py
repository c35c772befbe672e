"""VPC endpoints that go."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "endpoint-replaced",
    "A VPC endpoint goes",
    "A VPC without internet has no other way to the service, and policies name the endpoint's id.",
    Risk.HIGH,
)
TYPES = frozenset({"aws_vpc_endpoint"})


def check(subject: Subject) -> Iterator[Finding]:
    """Find endpoints that are destroyed or replaced while their VPC stays."""
    if subject.is_gone and not subject.ends_with("aws_vpc", "vpc_id"):
        yield subject.find(
            RULE,
            "Open connections break, and a bucket policy that names the endpoint's old id refuses "
            "everybody."
            if subject.is_replaced
            else "Whoever has no other way to the service is cut off, and a bucket policy that "
            "names the endpoint's id refuses everybody.",
            mend="Apply the bucket policies that name it with the new id."
            if subject.is_replaced
            else "Take its id out of bucket policies first.",
        )
