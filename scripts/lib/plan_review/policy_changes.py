"""Which policies a change of the plan holds, and what their change means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.lib.plan_review.embedded import parsed
from scripts.lib.plan_review.ending import Ending
from scripts.lib.plan_review.model import Action, ResourceChange, Rights
from scripts.lib.plan_review.policy_places import PLACES, Place, guessed_places
from scripts.lib.plan_review.secrets import redact
from scripts.lib.plan_review.shown_values import is_marked, name_of
from scripts.lib.policy.comparison import EVERYTHING_ALLOWED, Comparison, Grant, compare
from scripts.lib.policy.concerns import Concern, ConcernKind, concerns
from scripts.lib.policy.document import ACCOUNT, Policy, PolicyError
from scripts.lib.policy.kinds import PolicyKind
from scripts.lib.policy.reading import read_policy
from scripts.lib.policy.sentences import sentences

UNKNOWN = "it is known only when it is applied"
DEFAULT_OR_UNKNOWN = "it is AWS's default, or known only when it is applied"
SENSITIVE = "it is marked as sensitive"

_ACCOUNT_PART, _ACCOUNT_ID = 4, re.compile(r"\d{12}", re.ASCII)
_COMPARED = frozenset({Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DESTROY})


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
        return Rights(
            self.attribute, tuple(map(redact, said.gained)), tuple(map(redact, said.lost))
        )


def policy_changes(
    change: ResourceChange,
    own_accounts: frozenset[str] = frozenset(),
    ending: Ending = frozenset(),
) -> tuple[PolicyChange, ...]:
    """Return the policies of a resource that differ, or may differ, before and after.

    Args:
        own_accounts: ids of accounts that are no strangers, besides the resource's own.
        ending: what the whole plan destroys; a policy that goes with what it is attached to is
            no change, for nobody can reach that any more.
    """
    if change.action not in _COMPARED or change.mode != "managed" or change.deposed:
        return ()
    return tuple(_changes(change, own_accounts | _account(change), ending))


def _changes(change: ResourceChange, own: frozenset[str], ending: Ending) -> Iterator[PolicyChange]:
    for place in PLACES.get(change.type) or _guessed(change):
        if change.action is Action.DESTROY and _ends_with_owner(change, place, ending):
            continue
        before, after = (_value(side, place.attribute) for side in (change.before, change.after))
        if place.only_of and not _has_type(change, place.only_of):
            continue
        found = _change(change, place, before, after, own)
        if found:
            yield found
    if change.type == "aws_iam_role" and change.action is not Action.DESTROY:
        yield from _inline(change, own)


def _change(
    change: ResourceChange, place: Place, before: object, after: object, own: frozenset[str]
) -> PolicyChange | None:
    attribute, subject = place.attribute, f"{place.owner} {name_of(change, place.name)}"
    if is_marked(change.after_unknown, attribute):
        if place.is_computed:
            return None
        why = DEFAULT_OR_UNKNOWN if place.has_default and before is None else UNKNOWN
        return PolicyChange(attribute, place.kind, subject, unreadable=why)
    if before == after:
        return None
    if any(is_marked(marks, attribute) for marks in _sensitive(change)):
        return PolicyChange(attribute, place.kind, subject, unreadable=SENSITIVE)
    return _compared(change, place, subject, (before, after), own)


def _sensitive(change: ResourceChange) -> tuple[object, object]:
    return change.before_sensitive, change.after_sensitive


def _value(side: Mapping[str, Any] | None, attribute: str) -> Any:
    """Return the policy; what is empty is none."""
    value = side.get(attribute) if side else None
    return None if value in ("", {}, []) else value


def _has_type(change: ResourceChange, types: frozenset[str]) -> bool:
    given = _value(change.after or change.before, "type")
    return not isinstance(given, str) or given in types


def _ends_with_owner(change: ResourceChange, place: Place, ending: Ending) -> bool:
    if not place.is_own:
        return True
    owner = (change.before or {}).get(place.name)
    return isinstance(owner, str) and (place.of, owner) in ending


def _inline(change: ResourceChange, own: frozenset[str]) -> Iterator[PolicyChange]:
    """Compare the ``inline_policy`` blocks of a role by their names."""
    subject = f"role {name_of(change, 'name')}"
    attribute, kind = "inline_policy", PolicyKind.IDENTITY
    before, after = (_blocks(side) for side in (change.before, change.after))
    if is_marked(change.after_unknown, attribute, "policy") or is_marked(
        change.after_unknown, attribute, "name"
    ):
        # Blocks without any are computed: then nothing is known to come.
        if before or after:
            yield PolicyChange(attribute, kind, subject, unreadable=UNKNOWN)
        return
    if before != after and any(is_marked(marks, attribute) for marks in _sensitive(change)):
        yield PolicyChange(attribute, kind, subject, unreadable=SENSITIVE)
        return
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            place = Place(f"{attribute} {name}", kind, "role", "name")
            yield _compared(change, place, subject, (before.get(name), after.get(name)), own)


def _blocks(side: Mapping[str, Any] | None) -> dict[str, Any]:
    blocks = (side or {}).get("inline_policy")
    return {
        str(block.get("name")): block.get("policy")
        for block in (blocks if isinstance(blocks, list) else ())
        if isinstance(block, dict) and block.get("policy")
    }


def _compared(
    change: ResourceChange,
    place: Place,
    subject: str,
    sides: tuple[object, object],
    own: frozenset[str],
) -> PolicyChange:
    try:
        first, second = map(_policy, sides)
    except PolicyError as error:
        why = redact(str(error))
        return PolicyChange(place.attribute, place.kind, subject, unreadable=why)
    is_new = first is None
    if first is None and _was_open(change, place):
        first = EVERYTHING_ALLOWED
    if second is None and place.kind in _OPEN_WITHOUT:
        second = EVERYTHING_ALLOWED
    comparison = compare(first, second)
    found = concerns(comparison, subject, place.kind, own)
    return PolicyChange(
        place.attribute,
        place.kind,
        subject,
        comparison,
        tuple(_worth_saying(found, place.kind, own)),
        is_new=is_new,
    )


_OPEN_WITHOUT = frozenset({PolicyKind.ENDPOINT, PolicyKind.BOUNDARY})
"""Where no policy means that everything is allowed
(https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html)."""


def _was_open(change: ResourceChange, place: Place) -> bool:
    """Tell whether what the policy is attached to was there before it, and open."""
    if place.kind not in _OPEN_WITHOUT:
        return False
    if place.is_own:
        return not is_marked(change.after_unknown, place.name)
    return change.action is Action.UPDATE


def _policy(side: Any) -> Policy | None:
    return None if side is None else read_policy(side)


def _worth_saying(
    found: Sequence[Concern], kind: PolicyKind, own: frozenset[str]
) -> Iterator[Concern]:
    """Leave out what says the same twice, and what every key of AWS has."""
    said = [each.grant for each in found if each.kind in _TELL_RESOURCES]
    for each in found:
        if each.kind is ConcernKind.ALL_RESOURCES and each.grant in said:
            continue
        if kind is PolicyKind.KMS and _is_default_of_keys(each.grant, own):
            continue
        yield each


_TELL_RESOURCES = frozenset(
    {ConcernKind.ALL_ACTIONS, ConcernKind.PASS_ROLE, ConcernKind.ESCALATION}
)


def _is_default_of_keys(grant: Grant, own: frozenset[str]) -> bool:
    """Tell whether it is that a key's account, and so its administrators, may use the key.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    who = [piece.item for piece in grant.who]
    return (
        bool(who)
        and all(each.kind == ACCOUNT and (not own or each.account_id in own) for each in who)
        and any(piece.item.key == "kms:*" for piece in grant.actions)
        and not grant.how.is_refusal
    )


def _account(change: ResourceChange) -> frozenset[str]:
    """Return the account that the resource is in, if its ARN tells."""
    arns = ((side or {}).get("arn") for side in (change.before, change.after))
    parts = [arn.split(":") for arn in arns if isinstance(arn, str)]
    return frozenset(
        part[_ACCOUNT_PART]
        for part in parts
        if len(part) > _ACCOUNT_PART and _ACCOUNT_ID.fullmatch(part[_ACCOUNT_PART])
    )


def _guessed(change: ResourceChange) -> tuple[Place, ...]:
    """Return the places of a type of resource that is not known here."""
    return tuple(
        place
        for place in guessed_places(change.type)
        if _may_hold_a_policy(change, place.attribute)
    )


def _may_hold_a_policy(change: ResourceChange, attribute: str) -> bool:
    if is_marked(change.after_unknown, attribute):
        sides = [change.before]
        if change.type.startswith("aws_") and change.type.endswith("_policy"):
            return True
    else:
        sides = [change.before, change.after]
    values = [(side or {}).get(attribute) for side in sides]
    if len(values) > 1 and values[0] == values[1]:
        return False
    return any(
        isinstance(document := parsed(value), dict) and "Statement" in document for value in values
    )
