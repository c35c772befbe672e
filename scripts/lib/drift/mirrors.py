"""Attributes that only show what other resources manage: one cause, seen in two places.

AWS's own provider documents them as deprecated in favour of those resources:
https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/s3_bucket and
https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/iam_role.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.lib.drift.world import Managed
from scripts.lib.plan_review.model import ResourceChange

_BUCKET_PARTS: Mapping[str, tuple[str, ...]] = {
    "acceleration_status": ("aws_s3_bucket_accelerate_configuration",),
    "acl": ("aws_s3_bucket_acl",),
    "cors_rule": ("aws_s3_bucket_cors_configuration",),
    "grant": ("aws_s3_bucket_acl", "aws_s3_bucket_ownership_controls"),
    "lifecycle_rule": ("aws_s3_bucket_lifecycle_configuration",),
    "logging": ("aws_s3_bucket_logging",),
    "object_lock_configuration": ("aws_s3_bucket_object_lock_configuration",),
    "policy": ("aws_s3_bucket_policy",),
    "replication_configuration": ("aws_s3_bucket_replication_configuration",),
    "request_payer": ("aws_s3_bucket_request_payment_configuration",),
    "server_side_encryption_configuration": ("aws_s3_bucket_server_side_encryption_configuration",),
    "versioning": ("aws_s3_bucket_versioning",),
    "website": ("aws_s3_bucket_website_configuration",),
    "website_domain": ("aws_s3_bucket_website_configuration",),
    "website_endpoint": ("aws_s3_bucket_website_configuration",),
}


COUNT = "attachment_count"


@dataclass(frozen=True, slots=True)
class _Whole:
    """An attribute that is all managed elsewhere: by ``types``, whose ``link`` is our ``own``."""

    types: tuple[str, ...]
    link: str
    own: str


_WHOLE: Mapping[tuple[str, str], _Whole] = {
    **{
        ("aws_s3_bucket", name): _Whole(types, "bucket", "bucket")
        for name, types in _BUCKET_PARTS.items()
    },
    ("aws_kms_key", "policy"): _Whole(("aws_kms_key_policy",), "key_id", "key_id"),
    ("aws_vpc_endpoint", "policy"): _Whole(("aws_vpc_endpoint_policy",), "vpc_endpoint_id", "id"),
    ("aws_iam_policy", COUNT): _Whole(
        ("aws_iam_role_policy_attachment", "aws_iam_policy_attachment"), "policy_arn", "arn"
    ),
}

INLINE, ATTACHED = "inline_policy", "managed_policy_arns"
ELEMENTS = frozenset({("aws_iam_role", INLINE), ("aws_iam_role", ATTACHED)})
"""Attributes that are managed elsewhere one by one: see ``elements``."""


@dataclass(frozen=True, slots=True)
class Element:
    """One policy that a role has.

    Attributes:
        attribute: INLINE or ATTACHED.
        name: of an inline policy, or ARN of a managed one.
        before, after: the policy's text, or the ARN; None if it is not there.
        sources: addresses of what manages it; none if Terraform does not.
    """

    attribute: str
    name: str
    before: str | None
    after: str | None
    sources: tuple[str, ...] = ()


def sources(
    change: ResourceChange, attribute: str, resources: Sequence[Managed]
) -> tuple[str, ...]:
    """Return the addresses of what manages an attribute in the resource's place.

    None of a count that is more than they explain.
    """
    whole = _WHOLE.get((change.type, attribute))
    if whole is None:
        return ()
    own = {
        side[whole.own] for side in (change.before, change.after) if side and side.get(whole.own)
    }
    found = tuple(
        each.address
        for each in resources
        if each.type in whole.types and each.text(whole.link) in own
    )
    count = (change.after or {}).get(attribute)
    is_more = attribute == COUNT and isinstance(count, int) and count > len(found)
    return () if is_more else found


def elements(change: ResourceChange, resources: Sequence[Managed]) -> Iterator[Element]:
    """Yield the policies of a role that are another than they were."""
    if change.type != "aws_iam_role":
        return
    role = str((change.after or change.before or {}).get("name", ""))
    for name, (old, new) in _changed(_inline(change.before), _inline(change.after)):
        yield Element(INLINE, name, old, new, _inline_sources(role, name, resources))
    for arn, (old, new) in _changed(_attached(change.before), _attached(change.after)):
        yield Element(ATTACHED, arn, old, new, _attached_sources(role, arn, resources))


def strangers(role: Managed, resources: Sequence[Managed]) -> Iterator[Element]:
    """Yield the policies that a role has and nothing in Terraform gives it.

    An apply takes into the state what it finds on a role: from then on, no plan shows it.
    """
    if role.type != "aws_iam_role":
        return
    called = role.text("name")
    for name, text in _inline(role.values).items():
        if not _inline_sources(called, name, resources):
            yield Element(INLINE, name, None, text)
    for arn in _attached(role.values):
        if not _attached_sources(called, arn, resources):
            yield Element(ATTACHED, arn, None, arn)


def _inline_sources(role: str, name: str, resources: Sequence[Managed]) -> tuple[str, ...]:
    return tuple(
        each.address
        for each in resources
        if each.type == "aws_iam_role_policy"
        and each.text("role") == role
        and each.text("name") == name
    )


def _attached_sources(role: str, arn: str, resources: Sequence[Managed]) -> tuple[str, ...]:
    return tuple(
        each.address
        for each in resources
        if each.text("policy_arn") == arn
        and (
            (each.type == "aws_iam_role_policy_attachment" and each.text("role") == role)
            or (each.type == "aws_iam_policy_attachment" and role in _list(each.values, "roles"))
        )
    )


def _changed(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield name, (before.get(name), after.get(name))


def _inline(side: Mapping[str, Any] | None) -> dict[str, str]:
    blocks = _list(side or {}, INLINE)
    return {
        str(block["name"]): str(block.get("policy") or "")
        for block in blocks
        if isinstance(block, dict) and block.get("name")
    }


def _attached(side: Mapping[str, Any] | None) -> dict[str, str]:
    return {arn: arn for arn in _list(side or {}, ATTACHED) if isinstance(arn, str)}


def _list(values: Mapping[str, Any], attribute: str) -> list[Any]:
    value = values.get(attribute)
    return value if isinstance(value, list) else []
