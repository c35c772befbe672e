"""The rules: each is a file with its RULE, which says why it is there, and a check.

A rule looks at one change at a time, or at one plan, and knows nothing of the other rules. TYPES,
where a rule has them, are the types of resources that it looks at. To add one, write its file and
its test, name it here, and have the table in the README made anew (see its test).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Final

from scripts.lib.plan_review.model import Action, Finding, Plan, Rule
from scripts.lib.plan_review.rules import (
    audit_weakened,
    bucket_destroyed,
    bucket_encryption,
    bucket_lifecycle,
    bucket_public_access,
    bucket_versioning,
    check_failed,
    data_destroyed,
    domain_destroyed,
    encryption_rule_dropped,
    endpoint_replaced,
    endpoint_rule_dropped,
    external_account,
    forgotten,
    function_public,
    key_destroyed,
    key_weakened,
    launch_constraint,
    logs_lost,
    managed_policy,
    network_open,
    not_understood,
    notebook_destroyed,
    notebook_weakened,
    pass_role,
    permissions_boundary_removed,
    plan_errored,
    plan_incomplete,
    portfolio_access,
    portfolio_destroyed,
    privilege_escalation,
    product_replaced,
    product_version_destroyed,
    protection_removed,
    provider_actions,
    public_access,
    removed_condition,
    removed_deny,
    role_destroyed,
    tls_dropped,
    unreadable_policy,
    widened_trust,
    wildcard_action,
    wildcard_resource,
)
from scripts.lib.plan_review.rules.subject import Subject

_OF_CHANGES: Final[tuple[ModuleType, ...]] = (
    audit_weakened,
    bucket_destroyed,
    bucket_encryption,
    bucket_lifecycle,
    bucket_public_access,
    bucket_versioning,
    data_destroyed,
    domain_destroyed,
    encryption_rule_dropped,
    endpoint_replaced,
    endpoint_rule_dropped,
    external_account,
    forgotten,
    function_public,
    key_destroyed,
    key_weakened,
    launch_constraint,
    logs_lost,
    managed_policy,
    network_open,
    notebook_destroyed,
    notebook_weakened,
    pass_role,
    permissions_boundary_removed,
    portfolio_access,
    portfolio_destroyed,
    privilege_escalation,
    product_replaced,
    product_version_destroyed,
    protection_removed,
    public_access,
    removed_condition,
    removed_deny,
    role_destroyed,
    tls_dropped,
    unreadable_policy,
    widened_trust,
    wildcard_action,
    wildcard_resource,
)
_OF_PLANS: Final[tuple[ModuleType, ...]] = (
    plan_errored,
    plan_incomplete,
    check_failed,
    provider_actions,
    not_understood,
)

RULES: Final[Mapping[str, Rule]] = {
    module.RULE.id: module.RULE for module in (*_OF_PLANS, *_OF_CHANGES)
}
"""By their ids."""

_OF_ALL_TYPES: Final = tuple(each for each in _OF_CHANGES if not hasattr(each, "TYPES"))
_BY_TYPE: Final = {
    kind: tuple(each for each in _OF_CHANGES if kind in getattr(each, "TYPES", (kind,)))
    for kind in sorted({kind for each in _OF_CHANGES for kind in getattr(each, "TYPES", ())})
}
_HARMLESS: Final = frozenset({Action.NOTHING, Action.READ, Action.MOVE, Action.IMPORT})


def findings(subject: Subject) -> Iterator[Finding]:
    """Yield what the rules have to say of a change."""
    change = subject.change
    if change.mode != "managed" or change.action in _HARMLESS:
        return
    for module in _BY_TYPE.get(change.type, _OF_ALL_TYPES):
        yield from module.check(subject)


def stack_findings(plan: Plan) -> Iterator[Finding]:
    """Yield what the rules have to say of a plan as a whole."""
    for module in _OF_PLANS:
        yield from module.check(plan)
