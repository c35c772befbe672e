"""The limit of what a role or user can ever be given."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "permissions-boundary-removed",
    "A permissions boundary is gone",
    "A boundary holds whatever policies are attached later; without it they all count.",
    Risk.HIGH,
)
TYPES = frozenset({"aws_iam_role", "aws_iam_user", "aws_ssoadmin_permissions_boundary_attachment"})


def check(subject: Subject) -> Iterator[Finding]:
    """Find roles and users that had a boundary and will have none."""
    if subject.change.type == "aws_ssoadmin_permissions_boundary_attachment":
        gone = subject.change.after is None and subject.is_gone
        owner = ("aws_ssoadmin_permission_set", "permission_set_arn")
        removed = gone and not subject.ends_with(*owner)
    else:
        removed = subject.loses("permissions_boundary")
    if removed:
        yield subject.find(
            RULE,
            f"All that is attached to {subject.name('name', 'permission_set_arn')} counts in "
            "full, for nothing limits it any more.",
            mend="Keep the boundary.",
        )
