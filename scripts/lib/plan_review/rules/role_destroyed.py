"""Roles and users that go, and who works as them."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "role-destroyed",
    "A role or user is destroyed",
    "Whoever works as it is refused, and policies that name it stop working.",
    Risk.MEDIUM,
)
TYPES = frozenset({"aws_iam_role", "aws_iam_user"})


def check(subject: Subject) -> Iterator[Finding]:
    """Find roles and users that are destroyed or replaced."""
    if not subject.is_gone:
        return
    what = subject.change.type.removeprefix("aws_iam_")
    if subject.is_replaced:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
        yield subject.find(
            RULE,
            f"The new {what} has another unique id, even under the same name: whoever works as "
            "the old one is refused, and so is the new one by every key, bucket and trust policy "
            "that names it.",
            mend="Apply the policies that name it again afterwards.",
            risk=Risk.HIGH,
        )
    else:
        yield subject.find(
            RULE,
            f"Whoever works as the {what} is refused from now on.",
            mend=f"See when it was last used: `aws iam get-{what}` tells it.",
        )
