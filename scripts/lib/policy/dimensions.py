"""How the pieces of one dimension of a statement compare: its principals, or its patterns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from scripts.lib.policy.document import ACCOUNT, ALLOW, AWS, EVERYONE, Principal
from scripts.lib.policy.patterns import Budget, Pattern, covered, disjoint
from scripts.lib.policy.regions import Piece

Item = TypeVar("Item", Pattern, Principal)


@dataclass(frozen=True, slots=True)
class Dimension(Generic[Item]):
    """The three questions that a dimension answers.

    Attributes:
        within: whether all that an item means is meant by one or another of several, or is
            among the exceptions (the third argument).
        apart: whether nothing is meant by both of two items.
        is_alone: whether an item stands for nothing but itself.
        beginning: what all that an item means begins with, if nothing more is asked; else None.
    """

    within: Callable[[Item, Sequence[Item], Sequence[Item], Budget], bool]
    apart: Callable[[Item, Item, Budget], bool]
    is_alone: Callable[[Item], bool]
    beginning: Callable[[Item], str | None]

    def holds(self, whole: Piece[Item], part: Piece[Item], budget: Budget) -> bool:
        """Tell whether ``whole`` has all of ``part``."""
        return not self._rest(part, whole, budget)

    def rest(
        self, part: Piece[Item], wholes: Sequence[Piece[Item]], budget: Budget
    ) -> list[Piece[Item]]:
        """Return what of ``part`` is in none of ``wholes``; more than that if in doubt."""
        plain = [each.item for each in wholes if not each.without]
        if self.within(part.item, plain, part.without, budget):
            return []
        for whole in wholes:
            if not whole.without or not budget.spend():
                continue
            rest = self._rest(part, whole, budget)
            if rest != [part]:
                others = [each for each in wholes if each != whole]
                return [left for each in rest for left in self.rest(each, others, budget)]
        return [part]

    def _rest(self, part: Piece[Item], whole: Piece[Item], budget: Budget) -> list[Piece[Item]]:
        if not self.within(part.item, [whole.item], part.without, budget):
            return [part]
        left = [
            item
            for item in whole.without
            if not self.within(item, (), part.without, budget)
            and not self.apart(part.item, item, budget)
        ]
        if all(self.within(item, [part.item], (), budget) for item in left):
            return [Piece(item, self._met(item, part.without, budget)) for item in left]
        return [part]

    def _met(self, item: Item, without: Sequence[Item], budget: Budget) -> tuple[Item, ...]:
        return tuple(each for each in without if not self.apart(item, each, budget))


def _matched(
    item: Pattern, wholes: Sequence[Pattern], without: Sequence[Pattern], budget: Budget
) -> bool:
    return covered(item, [*wholes, *without], budget)


def _is_literal(item: Pattern) -> bool:
    return not item.is_wild


def _named_directly(
    item: Principal, wholes: Sequence[Principal], without: Sequence[Principal], _budget: Budget
) -> bool:
    """An account does not stand for its principals: its name only lets it delegate to them.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    everyone = EVERYONE in wholes and item.kind != "Federated"
    return everyone or item in wholes or item in without


def _named_or_of_account(
    item: Principal, wholes: Sequence[Principal], without: Sequence[Principal], budget: Budget
) -> bool:
    """To refuse an account is to refuse everybody in it; to except it is not to except them."""
    account = Principal(ACCOUNT, item.account_id)
    return _named_directly(item, wholes, without, budget) or account in wholes


def _are_apart(one: Principal, other: Principal, _budget: Budget) -> bool:
    """Tell whether no caller goes by both names: a session goes by its role's as well."""
    if EVERYONE in (one, other) or one == other:
        return False
    if one.account_id and other.account_id and one.account_id != other.account_id:
        return True
    return _is_identity(one) and _is_identity(other)


def _is_identity(principal: Principal) -> bool:
    """Tell whether it is a user or a role: nobody goes by two of these."""
    parts = principal.name.split(":")
    return principal.kind == AWS and parts[:1] == ["arn"] and parts[2:3] == ["iam"]


def _no_beginning(_item: Principal) -> None:
    return None


def _is_one_name(item: Principal) -> bool:
    return item != EVERYONE and item.kind != ACCOUNT


PATTERNS: Dimension[Pattern] = Dimension(
    _matched, disjoint, _is_literal, lambda item: item.beginning
)
_GRANTED: Dimension[Principal] = Dimension(_named_directly, _are_apart, _is_one_name, _no_beginning)
_REFUSED: Dimension[Principal] = Dimension(
    _named_or_of_account, _are_apart, _is_one_name, _no_beginning
)


def who_of(effect: str) -> Dimension[Principal]:
    """Return how the principals of statements of this effect have others."""
    return _GRANTED if effect == ALLOW else _REFUSED


class Holders(Generic[Item]):
    """Finds which of many wholes hold a piece, without asking each of them."""

    __slots__ = ("_alone", "_beginnings", "_found", "_lengths", "_others", "_text")

    def __init__(self, text: Callable[[Item], str]) -> None:
        """Take ``text``: what tells one item from another, of which the beginnings are."""
        self._text: Callable[[Item], str] = text
        self._alone: dict[str, int] = {}
        self._beginnings: dict[str, int] = {}
        self._lengths: set[int] = set()
        self._others: dict[tuple[Piece[Item], Dimension[Item]], int] = {}
        self._found: dict[tuple[str, tuple[Item, ...]], int] = {}

    def add(self, piece: Piece[Item], holder: int, dimension: Dimension[Item]) -> None:
        """Note that the holder of this number has ``piece``."""
        bit = 1 << holder
        beginning = dimension.beginning(piece.item)
        if piece.without or (beginning is None and not dimension.is_alone(piece.item)):
            key = piece, dimension
            self._others[key] = self._others.get(key, 0) | bit
        elif beginning is None:
            text = self._text(piece.item)
            self._alone[text] = self._alone.get(text, 0) | bit
        else:
            self._beginnings[beginning] = self._beginnings.get(beginning, 0) | bit
            self._lengths.add(len(beginning))

    def of(self, piece: Piece[Item], budget: Budget) -> int:
        """Return a bit for each holder that has all of ``piece`` in one of its own."""
        text = self._text(piece.item)
        key = text, piece.without
        if key not in self._found:
            self._found[key] = self._of(piece, text, budget)
        return self._found[key]

    def _of(self, piece: Piece[Item], text: str, budget: Budget) -> int:
        held = self._alone.get(text, 0)
        for length in self._lengths:
            held |= self._beginnings.get(text[:length], 0)
        for (whole, dimension), bits in self._others.items():
            if bits & ~held and dimension.holds(whole, piece, budget):
                held |= bits
        return held
