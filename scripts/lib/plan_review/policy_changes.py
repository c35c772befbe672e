"""Which attributes of a plan hold policies, whose they are, and what their change means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.lib.plan_review.embedded import parsed
from scripts.lib.plan_review.model import Action, ResourceChange, Rights
from scripts.lib.policy.comparison import EVERYTHING_ALLOWED, Comparison, compare
from scripts.lib.policy.concerns import Concern, concerns
from scripts.lib.policy.document import Policy, PolicyError
from scripts.lib.policy.kinds import PolicyKind
from scripts.lib.policy.reading import read_policy
from scripts.lib.policy.sentences import sentences

UNKNOWN = "it is known only when it is applied"
SENSITIVE = "it is marked as sensitive"

_COMPARED = frozenset({Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DESTROY})


@dataclass(frozen=True, slots=True)
class _Place:
    """An attribute of a type of resource that holds a policy.

    Attributes:
        owner: what the policy is attached to, in words.
        name: the attribute that names the owner.
        is_own: the policy is all that the resource is, so that its end is the policy's; else a
            policy ends with what it protects, which nobody can then reach.
    """

    attribute: str
    kind: PolicyKind
    owner: str
    name: str
    is_own: bool = True


_IDENTITY, _TRUST, _RESOURCE = PolicyKind.IDENTITY, PolicyKind.TRUST, PolicyKind.RESOURCE
_PLACES: Mapping[str, tuple[_Place, ...]] = {
    "aws_iam_policy": (_Place("policy", _IDENTITY, "whoever has policy", "name"),),
    "aws_iam_role": (_Place("assume_role_policy", _TRUST, "role", "name", is_own=False),),
    "aws_iam_role_policy": (_Place("policy", _IDENTITY, "role", "role"),),
    "aws_iam_user_policy": (_Place("policy", _IDENTITY, "user", "user"),),
    "aws_iam_group_policy": (_Place("policy", _IDENTITY, "group", "group"),),
    "aws_ssoadmin_permission_set_inline_policy": (
        _Place("inline_policy", _IDENTITY, "permission set", "permission_set_arn"),
    ),
    "aws_kms_key": (_Place("policy", PolicyKind.KMS, "key", "description", is_own=False),),
    "aws_kms_key_policy": (_Place("policy", PolicyKind.KMS, "key", "key_id"),),
    "aws_s3_bucket": (_Place("policy", PolicyKind.S3, "bucket", "bucket", is_own=False),),
    "aws_s3_bucket_policy": (_Place("policy", PolicyKind.S3, "bucket", "bucket"),),
    "aws_vpc_endpoint": (
        _Place("policy", PolicyKind.ENDPOINT, "the endpoint of", "service_name", is_own=False),
    ),
    "aws_vpc_endpoint_policy": (
        _Place("policy", PolicyKind.ENDPOINT, "endpoint", "vpc_endpoint_id"),
    ),
    "aws_organizations_policy": (_Place("content", PolicyKind.BOUNDARY, "policy", "name"),),
}
_OTHER_ATTRIBUTES = ("policy", "access_policy", "resource_policy", "policy_document", "policy_text")


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A policy before and after.

    Attributes:
        attribute: where it is in the resource.
        subject: what it is attached to, in words: ``role data-scientist``.
        comparison: None if it cannot be told, see ``unreadable``.
        concerns: what is dangerous of what was gained.
        is_new: there was none before.
    """

    attribute: str
    kind: PolicyKind
    subject: str
    comparison: Comparison | None = None
    concerns: tuple[Concern, ...] = ()
    unreadable: str = ""
    is_new: bool = False

    @property
    def rights(self) -> Rights:
        """Return it as sentences."""
        if self.comparison is None:
            return Rights(self.attribute, unreadable=self.unreadable)
        said = sentences(self.comparison, self.subject, self.kind)
        return Rights(self.attribute, said.gained, said.lost)


def policy_changes(
    change: ResourceChange, own_accounts: frozenset[str] = frozenset()
) -> tuple[PolicyChange, ...]:
    """Return the policies of a resource that differ, or may differ, before and after.

    Args:
        own_accounts: ids of accounts that are no strangers.
    """
    if change.action not in _COMPARED or change.mode != "managed" or change.deposed:
        return ()
    return tuple(_changes(change, own_accounts))


def _changes(change: ResourceChange, own: frozenset[str]) -> Iterator[PolicyChange]:
    for place in _PLACES.get(change.type) or _found(change):
        if change.action is Action.DESTROY and not place.is_own:
            continue
        attribute = place.attribute
        before, after = (
            side.get(attribute) if side else None for side in (change.before, change.after)
        )
        subject = _subject(change, place)
        if _mark(change.after_unknown, attribute):
            yield PolicyChange(attribute, place.kind, subject, unreadable=UNKNOWN)
        elif _mark(change.before_sensitive, attribute) or _mark(change.after_sensitive, attribute):
            if before != after:
                yield PolicyChange(attribute, place.kind, subject, unreadable=SENSITIVE)
        elif before != after:
            yield _compared(place, subject, before, after, own)
    if change.type == "aws_iam_role":
        yield from _inline(change, own)


def _inline(change: ResourceChange, own: frozenset[str]) -> Iterator[PolicyChange]:
    """Compare the deprecated ``inline_policy`` blocks of a role by their names."""
    before, after = (_blocks(side) for side in (change.before, change.after))
    subject = f"role {_name(change, 'name')}"
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            place = _Place(f"inline_policy {name}", PolicyKind.IDENTITY, "role", "name")
            yield _compared(place, subject, before.get(name), after.get(name), own)


def _blocks(side: Mapping[str, Any] | None) -> dict[str, Any]:
    blocks = (side or {}).get("inline_policy")
    return {
        str(block.get("name")): block.get("policy")
        for block in (blocks if isinstance(blocks, list) else ())
        if isinstance(block, dict) and block.get("policy")
    }


def _compared(
    place: _Place, subject: str, before: object, after: object, own: frozenset[str]
) -> PolicyChange:
    try:
        first, second = _policy(before), _policy(after)
    except PolicyError as error:
        return PolicyChange(place.attribute, place.kind, subject, unreadable=str(error))
    if place.kind is PolicyKind.ENDPOINT and second is None:
        # https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
        second = EVERYTHING_ALLOWED
    comparison = compare(first, second)
    return PolicyChange(
        place.attribute,
        place.kind,
        subject,
        comparison,
        concerns(comparison, subject, place.kind, own),
        is_new=first is None,
    )


def _policy(side: object) -> Policy | None:
    if side is None or side == "":
        return None
    if isinstance(side, str | dict):
        return read_policy(side)
    raise PolicyError(f"not a policy document, but a {type(side).__name__}")


def _found(change: ResourceChange) -> tuple[_Place, ...]:
    """Return the attributes that hold a policy in a type of resource that is not known here."""
    return tuple(
        _Place(attribute, _RESOURCE, change.type.removeprefix("aws_").replace("_", " "), "name")
        for attribute in _OTHER_ATTRIBUTES
        if any(
            isinstance(document := parsed((side or {}).get(attribute)), dict)
            and "Statement" in document
            for side in (change.before, change.after)
        )
    )


def _subject(change: ResourceChange, place: _Place) -> str:
    return f"{place.owner} {_name(change, place.name)}"


def _name(change: ResourceChange, attribute: str) -> str:
    for side in (change.after, change.before):
        name = (side or {}).get(attribute)
        if isinstance(name, str) and name:
            return name
    return change.address


def _mark(marks: object, attribute: str) -> bool:
    """Tell whether Terraform marks an attribute that is one value."""
    return marks is True or (isinstance(marks, dict) and bool(marks.get(attribute)))
