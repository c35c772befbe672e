"""Differences that mean nothing: the same, said otherwise, or what AWS counts by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scripts.lib.plan_review.embedded import parsed
from scripts.lib.plan_review.model import ResourceChange
from scripts.lib.plan_review.policy_changes import policy_changes

EMPTY = "nothing is written as null in one place and as empty in the other"
SAME_JSON = "the same JSON, written in another way"
SAME_POLICY = "the policy means the same"
SAME_LIST = "the same in another order"
KEPT_BY_AWS = "AWS keeps it by itself: a date, a version or a count"

_KEPT: Mapping[str, frozenset[str]] = {
    "": frozenset(
        {
            "version_id", "last_modified", "last_modified_date", "last_updated_date",
            "created_date", "create_date", "created_time", "creation_date", "latest_version",
            "source_code_size", "owner_id",
        }
    ),
    "aws_lambda_function": frozenset({"qualified_arn", "qualified_invoke_arn", "version"}),
    "aws_vpc_endpoint": frozenset({"dns_entry", "network_interface_ids", "cidr_blocks"}),
    "aws_servicecatalog_product": frozenset({"has_default_path"}),
    "aws_iam_role": frozenset({"role_last_used"}),
}  # fmt: skip
"""By type, "" for all: attributes that change without anybody's doing."""
_UNORDERED = frozenset({"resource_types", "ingress", "egress", "architectures"})
_FREE = frozenset({"tags", "tags_all", "variables", "metadata"})
"""Maps whose names people choose: an empty value is one there."""
_SETTLING = frozenset(
    {
        ("aws_vpc_endpoint", "state"),
        ("aws_servicecatalog_product", "status"),
        ("aws_servicecatalog_constraint", "status"),
    }
)
"""Attributes that come to rest at "available" some time after the apply."""


def differing(change: ResourceChange) -> tuple[str, ...]:
    """Return the attributes whose values differ in any way."""
    before, after = change.before or {}, change.after or {}
    return tuple(name for name in sorted({*before, *after}) if before.get(name) != after.get(name))


def part(change: ResourceChange, *attributes: str) -> ResourceChange:
    """Return the change as if it were of some attributes alone.

    What policies are called by (``name``, ``role``) stays, as it is the same on both sides.
    """
    shared = {
        name: value
        for name, value in (change.after or {}).items()
        if name not in attributes and (change.before or {}).get(name) == value
    }

    def side(values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        if values is None:
            return None
        return {**shared, **{name: values[name] for name in attributes if name in values}}

    return replace(change, before=side(change.before), after=side(change.after))


def meaningless(change: ResourceChange, attribute: str) -> str:
    """Return why a difference of an attribute means nothing, "" if it may mean something."""
    before = (change.before or {}).get(attribute)
    after = (change.after or {}).get(attribute)
    old, new = pruned(before, attribute), pruned(after, attribute)
    if old == new:
        return EMPTY
    if attribute in _KEPT[""] or attribute in _KEPT.get(change.type, ()):
        return KEPT_BY_AWS
    if (change.type, attribute) in _SETTLING and str(after).lower() == "available":
        return KEPT_BY_AWS
    left, right = parsed(before), parsed(after)
    if left is not None and left == right:
        return SAME_JSON
    if attribute in _UNORDERED and _unordered(old) == _unordered(new):
        return SAME_LIST
    return SAME_POLICY if _is_same_policy(change, attribute) else ""


def pruned(value: Any, name: str = "") -> Any:
    """Return a value without what is empty in it; None if nothing is left.

    Args:
        name: of the attribute; of some, empty values are kept.
    """
    if isinstance(value, dict):
        if name in _FREE:
            return value or None
        return {k: kept for k, v in value.items() if (kept := pruned(v, k)) is not None} or None
    if isinstance(value, list):
        return [kept for v in value if (kept := pruned(v, name)) is not None] or None
    return None if value == "" else value


def _is_same_policy(change: ResourceChange, attribute: str) -> bool:
    changes = policy_changes(part(change, attribute))
    return bool(changes) and all(
        each.attribute == attribute
        and not (each.unreadable or each.rights.gained or each.rights.lost)
        for each in changes
    )


def _unordered(value: Any) -> Any:
    return sorted(map(repr, value)) if isinstance(value, list) else value
