"""What one policy allows and another does not.

A request is allowed if an Allow speaks of it and no Deny does. Nothing is left out of ``gained``:
if it is empty, no request is newly allowed. What cannot be told is said to be gained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from scripts.lib.policy.coverage import Coverage, Rest
from scripts.lib.policy.dimensions import PATTERNS, Dimension, who_of
from scripts.lib.policy.document import (
    ALLOW,
    DENY,
    Chosen,
    Condition,
    Policy,
    Principal,
    Statement,
)
from scripts.lib.policy.grouping import grouped
from scripts.lib.policy.patterns import EVERYTHING, Budget, Pattern
from scripts.lib.policy.regions import Piece, Region, region_of

Item = TypeVar("Item", Pattern, Principal)

EVERYTHING_ALLOWED = Policy(
    (Statement(ALLOW, None, Chosen((EVERYTHING,)), Chosen((EVERYTHING,))),),
)
"""Stands for the lack of a permissions boundary, and for an endpoint's default policy."""


class How(StrEnum):
    """How a right came, or went."""

    ALLOWED = "allowed"
    """An Allow has it that only one of the policies has."""
    CONDITION = "condition"
    """Both policies have the Allow, under conditions that differ."""
    REFUSED = "refused"
    """A Deny has it that only one of the policies has."""
    REFUSAL_CONDITION = "refusal condition"
    """Both policies have the Deny, under conditions that differ."""

    @property
    def is_refusal(self) -> bool:
        """Tell whether a Deny is what differs."""
        return self in (How.REFUSED, How.REFUSAL_CONDITION)


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights that one of two policies gives and the other does not.

    Attributes:
        who: the principals; empty in a policy that names none, which is attached to them.
        resources: empty where the policy names none, as in a trust policy.
        conditions: all must hold.
        under: conditions under which the other policy has it: a set for each of its statements.
    """

    how: How
    who: tuple[Piece[Principal], ...]
    actions: tuple[Piece[Pattern], ...]
    resources: tuple[Piece[Pattern], ...]
    conditions: tuple[Condition, ...] = ()
    under: tuple[tuple[Condition, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two policies in meaning.

    Attributes:
        gained, lost: by the subject or the principals, in the order of the statements.
        is_exact: False if the policies were too large to compare: then more may be named than
            differs, but nothing is left out.
    """

    before: Policy
    after: Policy
    gained: tuple[Grant, ...] = ()
    lost: tuple[Grant, ...] = ()
    is_exact: bool = True

    @property
    def is_same_meaning(self) -> bool:
        """Tell whether both allow and refuse the same."""
        return not (self.gained or self.lost)


def compare(
    before: Policy | None, after: Policy | None, budget: Budget | None = None
) -> Comparison:
    """Say what ``after`` allows that ``before`` did not, and the other way round.

    Args:
        before, after: None where there is no policy, which allows nothing. Where the lack of a
            policy allows everything, give EVERYTHING_ALLOWED.
        budget: what it may cost.
    """
    first, second = before or Policy(), after or Policy()
    budget = budget or Budget()
    if set(first.statements) == set(second.statements):
        return Comparison(first, second)
    one, other = (
        _Covered(_regions(each, ALLOW, budget), _regions(each, DENY, budget))
        for each in (first, second)
    )
    gained, lost = _gained(one, other, budget), _gained(other, one, budget)
    return Comparison(first, second, gained, lost, not budget.is_exhausted)


@dataclass(frozen=True, slots=True)
class _Covered:
    """What the statements of a policy allow and refuse."""

    allowed: list[Region]
    refused: list[Region]


def _gained(before: _Covered, after: _Covered, budget: Budget) -> tuple[Grant, ...]:
    allowed = _rests(after.allowed, [*before.allowed, *after.refused], budget)
    # Other policies may allow it: a Deny that goes counts whether or not this policy does.
    freed = _rests(before.refused, after.refused, budget, kept=before.refused)
    return (
        *_grants(allowed, How.ALLOWED, How.CONDITION, budget),
        *_grants(freed, How.REFUSED, How.REFUSAL_CONDITION, budget),
    )


def _rests(
    regions: Sequence[Region], covers: Sequence[Region], budget: Budget, kept: Sequence[Region] = ()
) -> list[Rest]:
    """Return what of ``regions`` is not covered; most statements stay as they are."""
    staying = set(covers)
    new = [each for each in regions if each not in staying]
    if not new:
        return []
    coverage = Coverage(covers, budget, kept)
    return [rest for each in new for rest in coverage.rest(each)]


def _grants(rests: Sequence[Rest], whole: How, conditional: How, budget: Budget) -> list[Grant]:
    return [
        Grant(
            how=conditional if rest.under else whole,
            who=() if rest.region.attached else rest.region.who,
            actions=rest.region.actions,
            resources=() if rest.region.unnamed else rest.region.resources,
            conditions=rest.region.conditions,
            under=rest.under,
        )
        for rest in grouped(rests, budget)
    ]


def _regions(policy: Policy, effect: str, budget: Budget) -> list[Region]:
    """Return what the statements of this effect cover, but for those that cover nothing."""
    found = (region_of(each) for each in policy.statements if each.effect == effect)
    every = [
        replace(
            each,
            who=_not_empty(each.who, who_of(effect), budget),
            actions=_not_empty(each.actions, PATTERNS, budget),
            resources=_not_empty(each.resources, PATTERNS, budget),
        )
        for each in found
    ]
    return [each for each in every if each.who and each.actions and each.resources]


def _not_empty(
    pieces: tuple[Piece[Item], ...], dimension: Dimension[Item], budget: Budget
) -> tuple[Piece[Item], ...]:
    """Leave out what excepts all that it names, such as a NotAction of everything."""
    if not any(piece.without for piece in pieces):
        return pieces
    return tuple(left for piece in pieces for left in dimension.rest(piece, (), budget))
