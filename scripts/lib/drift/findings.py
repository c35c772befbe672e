"""Drift of Terraform's plane, made of a change: what it should be, what it is, how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from scripts.lib.drift import causes, remedies
from scripts.lib.drift.mirrors import INLINE, Element
from scripts.lib.drift.model import Drift, Plane
from scripts.lib.drift.normalisation import part
from scripts.lib.drift.shell import Shell
from scripts.lib.drift.world import Managed, World
from scripts.lib.errors import one_line
from scripts.lib.plan_review.model import Action, AttributeChange, ResourceChange, Rights, Risk
from scripts.lib.plan_review.policy_changes import PolicyChange, policy_changes
from scripts.lib.plan_review.values import attribute_changes

MOST_SHOWN = 3
"""Attributes in ``expected`` and ``actual``; all are in ``attributes``."""


@dataclass(frozen=True, slots=True)
class Sight:
    """By what a change is judged.

    Attributes:
        own_accounts: ids of accounts that are no strangers.
    """

    shell: Shell = field(default_factory=Shell)
    own_accounts: frozenset[str] = frozenset()


def deleted(change: ResourceChange, sight: Sight) -> Drift:
    """Return that a resource is gone."""
    policies = policy_changes(change, sight.own_accounts)
    cause = causes.deleted(change)
    return Drift(
        Plane.TERRAFORM,
        change.stack,
        change.address,
        cause.what,
        "there",
        "gone",
        max(cause.risk, causes.policy_risk(policies)),
        rights=_rights(policies),
        remedies=remedies.of_deleted(change, sight.shell),
    )


def changed(
    change: ResourceChange,
    name: str,
    attributes: tuple[str, ...],
    world: World,
    sight: Sight,
) -> Drift:
    """Return that attributes, the group ``name``, are others than they should be."""
    smaller = part(change, *attributes)
    policies = policy_changes(smaller, sight.own_accounts)
    cause = causes.changed(smaller, name, policies)
    rights = _rights(policies)
    told = _told(smaller, name)
    expected, actual = _sides(told, rights)
    return Drift(
        Plane.TERRAFORM,
        change.stack,
        change.address,
        one_line(cause.what),
        expected,
        actual,
        cause.risk,
        () if _tells_all(rights) else told,
        rights,
        remedies=remedies.of_changed(change, name, attributes, world, sight.shell),
    )


def came(stack: str, role: Managed, element: Element, sight: Sight) -> Drift:
    """Return that a role has a policy that Terraform does not give it."""
    change = ResourceChange(
        stack, role.address, "managed", role.type, "", "", "", Action.UPDATE,
        before=role.values, after=role.values,
    )  # fmt: skip
    return _element(change, element, sight, ("added", "attached"))


def left(change: ResourceChange, element: Element, sight: Sight) -> Drift:
    """Return that a role lost a policy that Terraform did not give it."""
    return _element(change, element, sight, ("removed", "detached"))


def _element(
    change: ResourceChange, element: Element, sight: Sight, verbs: tuple[str, str]
) -> Drift:
    is_inline, has_come = element.attribute == INLINE, element.after is not None
    kind = f"{'inline' if is_inline else 'managed'} policy"
    short = element.name if is_inline else element.name.rpartition("/")[2]
    small = _inline_change(change, element)
    policies = policy_changes(small, sight.own_accounts) if is_inline else ()
    rights = _rights(policies)
    is_unread = has_come and not is_inline
    return Drift(
        Plane.TERRAFORM,
        change.stack,
        change.address,
        one_line(f"{'An' if is_inline else 'A'} {kind} was {verbs[not is_inline]}: {short}."),
        one_line(f"no {kind} {short}" if has_come else f"{kind} {short}"),
        one_line(_first(rights) or f"{kind} {element.name}") if has_come else "gone",
        max(causes.policy_risk(policies), Risk.HIGH if is_unread else Risk.MEDIUM),
        rights=rights,
        remedies=remedies.of_element(change, element, sight.shell),
    )


def _inline_change(change: ResourceChange, element: Element) -> ResourceChange:
    """Return the change as if the inline policy were a resource of its own."""
    name = (change.before or {}).get("name")

    def side(text: str | None) -> dict[str, object]:
        return {"role": name, "name": element.name, "policy": text}

    return replace(
        change,
        type="aws_iam_role_policy",
        action=Action.UPDATE,
        before=side(element.before),
        after=side(element.after),
        after_unknown=False,
        before_sensitive=False,
        after_sensitive=False,
    )


def _rights(policies: tuple[PolicyChange, ...]) -> tuple[Rights, ...]:
    return tuple(policy.rights for policy in policies)


def _told(change: ResourceChange, name: str) -> tuple[AttributeChange, ...]:
    """Return what differs; tags once, though the provider holds them twice."""
    found = attribute_changes(change)
    if name == causes.TAGS and any(each.path.startswith("tags_all") for each in found):
        return tuple(each for each in found if each.path.startswith("tags_all"))
    return found


def _tells_all(rights: tuple[Rights, ...]) -> bool:
    return bool(rights) and not any(each.unreadable for each in rights)


def _sides(told: tuple[AttributeChange, ...], rights: tuple[Rights, ...]) -> tuple[str, str]:
    if _tells_all(rights):
        return "the policy that was agreed on", one_line(_first(rights))
    return _side(told, [each.before for each in told]), _side(told, [each.after for each in told])


def _first(rights: tuple[Rights, ...]) -> str:
    """Return the first sentences, what was gained before what was lost."""
    said = [*(line for each in rights for line in each.gained)]
    said += [line for each in rights for line in each.lost]
    more = f"; and {len(said) - MOST_SHOWN} more" if len(said) > MOST_SHOWN else ""
    return "; ".join(said[:MOST_SHOWN]) + more


def _side(told: tuple[AttributeChange, ...], values: list[str | None]) -> str:
    lines = [
        f"{each.path} = {value}" if value is not None else f"no {each.path}"
        for each, value in zip(told[:MOST_SHOWN], values, strict=False)
    ]
    more = [f"and {len(told) - MOST_SHOWN} more"] if len(told) > MOST_SHOWN else []
    return one_line("; ".join([*lines, *more]))
