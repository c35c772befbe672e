"""The review itself: plans in, what is to be said of them out.."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from scripts.lib.plan_review.acknowledgements import Entry, acknowledged
from scripts.lib.plan_review.attributes import Attributes
from scripts.lib.plan_review.model import (
    Action,
    AttributeChange,
    Finding,
    Links,
    Plan,
    ResourceChange,
    Review,
    ReviewedChange,
    ScriptPlan,
    StackReview,
)
from scripts.lib.plan_review.policy_changes import policy_changes
from scripts.lib.plan_review.rules import findings
from scripts.lib.plan_review.rules.subject import Subject
from scripts.lib.plan_review.sources import Origin


@dataclass(frozen=True, slots=True)
class PlannedStack:
    """A plan, and where its resources come from, by address."""

    plan: Plan
    origins: Mapping[str, Origin] = field(default_factory=dict)


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
    return StackReview(
        plan,
        tuple(_change(change, stack, terms, judged=True) for change in plan.changes),
        # What was done outside Terraform is done: there is nothing to approve or refuse.
        tuple(_change(change, stack, terms, judged=False) for change in plan.drift),
    )


def _change(
    change: ResourceChange, stack: PlannedStack, terms: Terms, *, judged: bool
) -> ReviewedChange:
    policies = policy_changes(change, terms.own_accounts)
    rights = tuple(policy.rights for policy in policies)
    found: Iterable[Finding] = findings(Subject(change, policies)) if judged else ()
    origin = stack.origins.get(change.address)
    return ReviewedChange(
        change,
        # What the sentences tell better is left out.
        Attributes(
            change,
            [right.policy for right in rights if not right.unreadable],
            partial(_telling, change),
        ),
        rights,
        acknowledged(found, stack.plan.stack, terms.acknowledgements, terms.today),
        origin.construct if origin else "",
        origin.frames if origin else (),
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
