"""What a statement covers, as a box: who, which actions, on what, under which conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from scripts.lib.policy.document import (
    EVERYONE,
    Chosen,
    Condition,
    Principal,
    Statement,
)
from scripts.lib.policy.patterns import EVERYTHING, Pattern

Item = TypeVar("Item", Pattern, Principal)


@dataclass(frozen=True, slots=True)
class Piece(Generic[Item]):
    """All that ``item`` means but what ``without`` mean."""

    item: Item
    without: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """The requests that a statement speaks of, or a part of them.

    Attributes:
        attached: nobody is named: the policy is attached to its subject.
        unnamed: no resource is named: what the policy is attached to is meant.
    """

    effect: str
    who: tuple[Piece[Principal], ...]
    actions: tuple[Piece[Pattern], ...]
    resources: tuple[Piece[Pattern], ...]
    conditions: tuple[Condition, ...] = ()
    attached: bool = False
    unnamed: bool = False


def region_of(statement: Statement) -> Region:
    """Return what a statement covers."""
    return Region(
        effect=statement.effect,
        who=_pieces(statement.principals, EVERYONE),
        actions=_pieces(statement.actions, EVERYTHING),
        resources=_pieces(statement.resources, EVERYTHING),
        conditions=statement.conditions,
        attached=statement.principals is None,
        unnamed=statement.resources is None,
    )


def _pieces(chosen: Chosen[Item] | None, everything: Item) -> tuple[Piece[Item], ...]:
    if chosen is None:
        return (Piece(everything),)
    if chosen.all_but:
        return (Piece(everything, chosen.items),)
    return tuple(Piece(item) for item in chosen.items)
