"""What of a statement no other statement covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from scripts.lib.policy.dimensions import PATTERNS, Holders, who_of
from scripts.lib.policy.document import ALLOW, DENY, Condition, Principal
from scripts.lib.policy.implication import can_be_split, implies
from scripts.lib.policy.patterns import Budget, Pattern
from scripts.lib.policy.regions import Piece, Region

Item = TypeVar("Item", Pattern, Principal)


@dataclass(frozen=True, slots=True)
class Rest:
    """A part of a statement that nothing covers.

    Attributes:
        under: conditions under which a statement of the same effect, with some of the same keys,
            does cover it; empty if none does under any.
    """

    region: Region
    under: tuple[tuple[Condition, ...], ...] = ()


class Coverage:
    """Statements, put in order for the question what they cover together."""

    def __init__(
        self, covers: Sequence[Region], budget: Budget, kept: Sequence[Region] = ()
    ) -> None:
        """Put ``covers`` in order. ``kept`` are the statements whose rest will be asked for."""
        self._covers = covers
        self._budget = budget
        self._who: Holders[Principal] = Holders(lambda item: f"{item.kind} {item.name}")
        self._actions: Holders[Pattern] = Holders(lambda item: item.key)
        self._resources: Holders[Pattern] = Holders(lambda item: item.key)
        self._by_conditions: dict[tuple[Condition, ...], int] = {}
        self._implied: dict[tuple[Condition, ...], int] = {}
        self._of_effect = {ALLOW: 0, DENY: 0}
        self._staying = 0
        staying = {each for each in kept if each.effect == DENY}
        for at, cover in enumerate(covers):
            asked = cover.conditions
            self._by_conditions[asked] = self._by_conditions.get(asked, 0) | 1 << at
            self._of_effect[cover.effect] |= 1 << at
            self._staying |= (cover in staying) << at
            for caller in cover.who:
                self._who.add(caller, at, who_of(cover.effect))
            for deed in cover.actions:
                self._actions.add(deed, at, PATTERNS)
            for thing in cover.resources:
                self._resources.add(thing, at, PATTERNS)

    def rest(self, region: Region) -> list[Rest]:
        """Return what of a region is not covered; more than that when the budget is used up."""
        if self._budget.is_exhausted:
            return [Rest(region)]
        left = self._rest(region)
        for condition in region.conditions:
            if left and can_be_split(condition) and _is_alone(condition, region):
                left = [part for each in left for part in self._of_values(each, condition)]
        return left

    def _of_values(self, rest: Rest, condition: Condition) -> Iterator[Rest]:
        """Take away the values of a condition under which the rest is covered after all."""
        region = rest.region
        met = self._met(region.conditions)
        left = []
        for value in condition.values:
            narrowed = _with(region, condition, (value,))
            if self._met(narrowed.conditions) == met or self._rest(narrowed):
                left.append(value)
        if len(left) == len(condition.values):
            yield rest
        elif left:
            yield replace(rest, region=_with(region, condition, tuple(left)))

    def _rest(self, region: Region) -> list[Rest]:
        met = self._met(region.conditions)
        related = self._related(region)
        found = []
        for box, held in self._boxes_outside(region, met):
            left = self._less_unions(box, met)
            if left:
                found.append(Rest(left, self._conditions(held & related)))
        return found

    def _met(self, conditions: tuple[Condition, ...]) -> int:
        """Return a bit for each cover whose conditions hold whenever these do."""
        if conditions not in self._implied:
            self._implied[conditions] = sum(
                bits
                for asked, bits in self._by_conditions.items()
                if implies(conditions, asked, self._budget)
            )
        return self._implied[conditions]

    def _related(self, region: Region) -> int:
        """Return a bit for each cover that may have come of the region by other conditions.

        Several Denies of the same are separate rules, so one that stays is no other's rest.
        """
        keys = {each.key for each in region.conditions}
        alike = sum(
            bits
            for asked, bits in self._by_conditions.items()
            if not keys or any(each.key in keys for each in asked)
        )
        return alike & self._of_effect[region.effect] & ~self._staying

    def _conditions(self, bits: int) -> tuple[tuple[Condition, ...], ...]:
        each = (cover.conditions for at, cover in enumerate(self._covers) if bits >> at & 1)
        return tuple(dict.fromkeys(each))

    def _boxes_outside(self, region: Region, met: int) -> Iterator[tuple[Region, int]]:
        """Part a region so that each cover has all or none of a part, conditions aside.

        Parts that one of the covers of ``met`` has are left out; the others come with a bit for
        each cover that has them.
        """
        who = _classes(region.who, self._who, self._budget)
        actions = _classes(region.actions, self._actions, self._budget)
        resources = _classes(region.resources, self._resources, self._budget)
        if not self._budget.spend(len(who) * len(actions) * len(resources)):
            yield region, 0
            return
        for named, callers in who.items():
            for on, things in resources.items():
                for doing, deeds in actions.items():
                    held = named & on & doing
                    if not held & met:
                        box = replace(region, who=callers, actions=deeds, resources=things)
                        yield box, held

    def _less_unions(self, box: Region, met: int) -> Region | None:
        """Take away what several covers have only together, one dimension after the other."""
        who, actions, resources = (
            self._all(box.who, self._who),
            self._all(box.actions, self._actions),
            self._all(box.resources, self._resources),
        )
        if not met & ((who & (actions | resources)) | (actions & resources)):
            return box
        together = self._chosen(met & who & resources)
        deeds = self._left(box.actions, [p for c in together for p in c.actions])
        if deeds != box.actions:
            actions = self._all(deeds, self._actions)
        together = self._chosen(met & who & actions)
        things = self._left(box.resources, [p for c in together for p in c.resources])
        if things != box.resources:
            resources = self._all(things, self._resources)
        callers = box.who
        for cover in self._chosen(met & actions & resources):
            dimension = who_of(cover.effect)
            callers = tuple(
                left for each in callers for left in dimension.rest(each, cover.who, self._budget)
            )
        if not (callers and deeds and things):
            return None
        return replace(box, who=callers, actions=deeds, resources=things)

    def _left(
        self, parts: tuple[Piece[Pattern], ...], wholes: Sequence[Piece[Pattern]]
    ) -> tuple[Piece[Pattern], ...]:
        if not wholes:
            return parts
        rest = (left for part in parts for left in PATTERNS.rest(part, wholes, self._budget))
        return tuple(dict.fromkeys(rest))

    def _all(self, pieces: Sequence[Piece[Item]], holders: Holders[Item]) -> int:
        """Return a bit for each cover that has all of these pieces."""
        bits = (1 << len(self._covers)) - 1
        for piece in pieces:
            bits &= holders.of(piece, self._budget)
        return bits

    def _chosen(self, bits: int) -> list[Region]:
        return [cover for at, cover in enumerate(self._covers) if bits >> at & 1]


def _with(region: Region, condition: Condition, values: tuple[str, ...]) -> Region:
    variables = condition.variables and any("${" in value for value in values)
    narrowed = replace(condition, values=values, variables=variables)
    asked = _question(condition)
    return replace(
        region,
        conditions=tuple(
            narrowed if _question(each) == asked else each for each in region.conditions
        ),
    )


def _is_alone(condition: Condition, region: Region) -> bool:
    return [_question(each) for each in region.conditions].count(_question(condition)) == 1


def _question(condition: Condition) -> tuple[str, str, str, bool]:
    """Return all of a condition but its values."""
    return condition.key, condition.operator, condition.quantifier, condition.if_exists


def _classes(
    pieces: Sequence[Piece[Item]], holders: Holders[Item], budget: Budget
) -> dict[int, tuple[Piece[Item], ...]]:
    """Put together the pieces that the same covers hold."""
    classes: dict[int, list[Piece[Item]]] = {}
    for piece in pieces:
        classes.setdefault(holders.of(piece, budget), []).append(piece)
    return {held: tuple(group) for held, group in classes.items()}
