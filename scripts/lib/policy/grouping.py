"""Puts parts of statements together again, so that a few sentences say them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import TypeVar

from scripts.lib.policy.coverage import Rest
from scripts.lib.policy.dimensions import PATTERNS, Holders
from scripts.lib.policy.document import Principal
from scripts.lib.policy.patterns import Budget, Pattern
from scripts.lib.policy.regions import Piece, Region

Item = TypeVar("Item", Pattern, Principal)
_ASKED_AT_MOST = 300


def grouped(rests: Sequence[Rest], budget: Budget) -> list[Rest]:
    """Join what differs in one dimension alone, and drop what another piece says already."""
    joined = _joined(rests, lambda r: (r.who, r.resources), _with_actions)
    joined = _joined(joined, lambda r: (r.who, r.actions), _with_resources)
    joined = _joined(joined, lambda r: (r.actions, r.resources), _with_who)
    return [_tidy(rest, budget) for rest in joined]


def _joined(
    rests: Sequence[Rest],
    same: Callable[[Region], Hashable],
    together: Callable[[list[Region]], Region],
) -> list[Rest]:
    groups: dict[Hashable, list[Rest]] = {}
    for rest in rests:
        region = rest.region
        key = (
            rest.under,
            region.conditions,
            region.attached,
            region.unnamed,
            same(region),
        )
        groups.setdefault(key, []).append(rest)
    return [
        replace(group[0], region=together([rest.region for rest in group]))
        for group in groups.values()
    ]


def _with_actions(found: list[Region]) -> Region:
    pieces = dict.fromkeys(piece for each in found for piece in each.actions)
    return replace(found[0], actions=_sorted(pieces))


def _with_resources(found: list[Region]) -> Region:
    pieces = dict.fromkeys(piece for each in found for piece in each.resources)
    return replace(found[0], resources=_sorted(pieces))


def _with_who(found: list[Region]) -> Region:
    pieces = dict.fromkeys(piece for each in found for piece in each.who)
    return replace(found[0], who=tuple(sorted(pieces, key=lambda piece: piece.item)))


def _sorted(pieces: dict[Piece[Pattern], None]) -> tuple[Piece[Pattern], ...]:
    return tuple(sorted(pieces, key=lambda piece: (piece.item.key, len(piece.without))))


def _tidy(rest: Rest, budget: Budget) -> Rest:
    region = rest.region
    tidied = replace(
        region,
        actions=_widest(region.actions, budget),
        resources=_widest(region.resources, budget),
    )
    return replace(rest, region=tidied)


def _widest(pieces: tuple[Piece[Pattern], ...], budget: Budget) -> tuple[Piece[Pattern], ...]:
    """Leave out what another of the pieces has; of two that have each other the first stays."""
    slow = [each for each in pieces if each.without or _takes_asking(each.item)]
    if len(pieces) * len(slow) > _ASKED_AT_MOST:
        return pieces
    holders: Holders[Pattern] = Holders(lambda item: item.key)
    for at, piece in enumerate(pieces):
        holders.add(piece, at, PATTERNS)
    held = [holders.of(piece, budget) for piece in pieces]
    return tuple(
        piece
        for at, piece in enumerate(pieces)
        if not any(
            held[at] >> by & 1 and (by < at or not held[by] >> at & 1)
            for by in range(len(pieces))
            if by != at
        )
    )


def _takes_asking(item: Pattern) -> bool:
    return item.is_wild and item.beginning is None
