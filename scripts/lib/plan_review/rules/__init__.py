"""The rules: each is a file with its RULE, which says why it is there, and a check.

A rule looks at one change at a time and knows nothing of the others. To add one, write its file
and its test, and name it here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Final

from scripts.lib.plan_review.model import Finding, Rule
from scripts.lib.plan_review.rules import (
    bucket_destroyed,
    encryption_rule_dropped,
    endpoint_rule_dropped,
    external_account,
    key_destroyed,
    key_weakened,
    pass_role,
    privilege_escalation,
    product_replaced,
    public_access,
    removed_condition,
    removed_deny,
    tls_dropped,
    unreadable_policy,
    widened_trust,
    wildcard_action,
    wildcard_resource,
)
from scripts.lib.plan_review.rules.subject import Subject

_OF_CHANGES: Final[tuple[ModuleType, ...]] = (
    bucket_destroyed,
    encryption_rule_dropped,
    endpoint_rule_dropped,
    external_account,
    key_destroyed,
    key_weakened,
    pass_role,
    privilege_escalation,
    product_replaced,
    public_access,
    removed_condition,
    removed_deny,
    tls_dropped,
    unreadable_policy,
    widened_trust,
    wildcard_action,
    wildcard_resource,
)

RULES: Final[Mapping[str, Rule]] = {module.RULE.id: module.RULE for module in _OF_CHANGES}
"""By their ids."""


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what all rules have to say of a change."""
    for module in _OF_CHANGES:
        yield from module.check(subject)
