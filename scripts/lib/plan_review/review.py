"""The review itself: plans in, what is to be said of them out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from scripts.lib.drift.findings import Sight
from scripts.lib.drift.folding import fold_drift
from scripts.lib.drift.model import Drift
from scripts.lib.drift.world import World
from scripts.lib.plan_review.acknowledgements import Entry, acknowledged
from scripts.lib.plan_review.attachments import attachment_rights
from scripts.lib.plan_review.attributes import Attributes
from scripts.lib.plan_review.ending import Ending, ending
from scripts.lib.plan_review.model import (
    Action,
    AttributeChange,
    Finding,
    Links,
    Plan,
    ResourceChange,
    Review,
    ReviewedChange,
    Rights,
    ScriptPlan,
    StackReview,
)
from scripts.lib.plan_review.policy_changes import policy_changes
from scripts.lib.plan_review.rules import findings, stack_findings
from scripts.lib.plan_review.rules.subject import Subject
from scripts.lib.plan_review.secrets import redact
from scripts.lib.plan_review.sources import Origin


@dataclass(frozen=True, slots=True)
class PlannedStack:
    """A plan, where its resources come from, by address, and what is around its drift."""

    plan: Plan
    origins: Mapping[str, Origin] = field(default_factory=dict)
    world: World = field(default_factory=World)


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a plan is judged.

    Attributes:
        today: the day on which acknowledgements are valid or not.
        own_accounts: ids of accounts that are no strangers.
    """

    today: date
    acknowledgements: Sequence[Entry] = ()
    own_accounts: frozenset[str] = frozenset()


def review(
    stacks: Iterable[PlannedStack],
    terms: Terms,
    *,
    script: ScriptPlan | None = None,
    links: Links | None = None,
) -> Review:
    """Say what the plans mean, and what of it is dangerous."""
    reviewed = tuple(_stack(stack, terms) for stack in stacks)
    return Review(reviewed, script, links or Links(), _fingerprint(reviewed, script))


def _stack(stack: PlannedStack, terms: Terms) -> StackReview:
    plan = stack.plan
    ends = ending(plan.changes)
    folded = fold_drift(
        plan.drift, stack.world, Sight(own_accounts=terms.own_accounts), stack=plan.stack
    )
    return StackReview(
        plan,
        tuple(_change(change, stack, terms, ends) for change in plan.changes),
        tuple(_outside(folded.drifts, stack)),
        _weighed(stack_findings(plan), plan, terms),
        meaningless=sum(len(noise.places) for noise in folded.noise),
    )


def _outside(drifts: Iterable[Drift], stack: PlannedStack) -> Iterator[ReviewedChange]:
    """Yield what was changed outside Terraform. It is done: nothing to approve or to refuse."""
    changes = {change.address: change for change in stack.plan.drift}
    by_address: dict[str, list[Drift]] = {}
    for drift in drifts:
        by_address.setdefault(drift.subject, []).append(drift)
    for address, same in by_address.items():
        origin = stack.origins.get(address)
        yield ReviewedChange(
            # What came beside a resource that is as it was is told of that resource.
            changes.get(address)
            or ResourceChange(stack.plan.stack, address, "managed", "", "", "", "", Action.UPDATE),
            tuple(attribute for drift in same for attribute in drift.attributes),
            tuple(_without_secrets(rights) for drift in same for rights in drift.rights),
            (),
            origin.construct if origin else "",
            origin.frames if origin else (),
        )


def _change(
    change: ResourceChange, stack: PlannedStack, terms: Terms, ends: Ending
) -> ReviewedChange:
    policies = policy_changes(change, terms.own_accounts, ends)
    rights = (*(policy.rights for policy in policies), *attachment_rights(change, ends))
    found = findings(Subject(change, policies, ends))
    origin = stack.origins.get(change.address)
    return ReviewedChange(
        change,
        # What the sentences tell better is left out.
        Attributes(
            change,
            [right.policy for right in rights if not right.unreadable],
            partial(_telling, change),
        ),
        tuple(map(_without_secrets, rights)),
        _weighed(found, stack.plan, terms),
        origin.construct if origin else "",
        origin.frames if origin else (),
    )


def _weighed(found: Iterable[Finding], plan: Plan, terms: Terms) -> tuple[Finding, ...]:
    clean = (replace(finding, message=redact(finding.message)) for finding in found)
    return acknowledged(clean, plan.stack, terms.acknowledgements, terms.today)


def _without_secrets(rights: Rights) -> Rights:
    """Conditions of policies hold values of all kinds."""
    return replace(
        rights,
        gained=tuple(map(redact, rights.gained)),
        lost=tuple(map(redact, rights.lost)),
    )


def _telling(
    change: ResourceChange, attributes: tuple[AttributeChange, ...]
) -> tuple[AttributeChange, ...]:
    """Fold what is unknown of a replacement only because all that AWS assigns is assigned anew."""
    if change.action is not Action.REPLACE:
        return attributes
    anew = [item for item in attributes if item.unknown and not item.forces_replacement]
    if len(anew) <= 1:
        return attributes
    folded = AttributeChange(f"{len(anew)} other attributes", None, None, unknown=True)
    return (*(item for item in attributes if item not in anew), folded)


def _fingerprint(stacks: Iterable[StackReview], script: ScriptPlan | None) -> str:
    """Return a digest of all plans together, in whatever order they were given."""
    lines = sorted(f"{stack.plan.stack}\n{stack.plan.fingerprint}\n" for stack in stacks)
    if script:
        lines.append(f"script\n{script.fingerprint}\n")
    return "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()
