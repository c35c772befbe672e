"""Managed policies that allow very much."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.lib.plan_review.attachments import MANAGED_TYPES, new_managed_policies
from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject, shown

RULE = Rule(
    "managed-policy",
    "A broad managed policy is attached",
    "AWS's own broad policies allow more than any one task needs, and AWS adds to them.",
    Risk.HIGH,
)
TYPES = MANAGED_TYPES
_WORST = frozenset({"AdministratorAccess", "IAMFullAccess", "PowerUserAccess"})
_OF_AWS = re.compile(r"arn:[^:]+:iam::aws:policy/(?:[^:]*/)?([^/:]+)")


def check(subject: Subject) -> Iterator[Finding]:
    """Find AWS's policies that are attached and allow all, or all of a service."""
    for arn in new_managed_policies(subject.change):
        match = _OF_AWS.fullmatch(arn)
        name = match[1] if match else ""
        if name in _WORST or name.endswith("FullAccess"):
            yield subject.find(
                RULE,
                f"{subject.name('role', 'user', 'group', 'name', 'permission_set_arn')} gets "
                f"{shown(name)}, which allows {_what(name)}.",
                mend="Write a policy of the actions that are needed.",
                risk=Risk.HIGH if name in _WORST else Risk.MEDIUM,
            )


def _what(name: str) -> str:
    if name == "AdministratorAccess":
        return "everything"
    if name == "PowerUserAccess":
        return "nearly everything but IAM"
    if name == "IAMFullAccess":
        return "every right to be given to anybody"
    return "all of a service, on every resource"
