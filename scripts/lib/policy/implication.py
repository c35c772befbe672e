"""Whether one set of conditions is at least as strict as another.

Where it cannot be told, the answer is no.
"""

from __future__ import annotations

from collections.abc import Sequence

from scripts.lib.policy.document import Condition
from scripts.lib.policy.operators import FOR_ALL, FOR_ANY, KNOWN, NEGATED, NULL
from scripts.lib.policy.patterns import Budget
from scripts.lib.policy.values import values_within


def implies(stricter: Sequence[Condition], looser: Sequence[Condition], budget: Budget) -> bool:
    """Tell whether every request that meets all of ``stricter`` meets all of ``looser``."""
    present = {each.key for each in stricter if _needs_key(each)}
    return all(
        any(_one_implies(each, wanted, wanted.key in present, budget) for each in stricter)
        for wanted in looser
    )


def can_be_split(condition: Condition) -> bool:
    """Tell whether the condition holds exactly if it holds for one of its values alone."""
    return (
        len(condition.values) > 1
        and condition.operator in KNOWN
        and condition.operator not in NEGATED
        and condition.operator != NULL
        and condition.quantifier in ("", FOR_ANY)
    )


def _one_implies(one: Condition, other: Condition, present: bool, budget: Budget) -> bool:
    if one == other:
        return True
    if one.key != other.key or not {one.operator, other.operator} <= KNOWN:
        return False
    if other.operator == NULL:
        return other.values == ("false",) and present
    if one.operator == NULL:
        return one.values == ("true",) and _holds_without_key(other)
    needs_more = _holds_without_key(one) and not present and not _holds_without_key(other)
    if one.quantifier != other.quantifier or needs_more:
        return False
    return values_within(one, other, budget)


def _needs_key(condition: Condition) -> bool:
    return condition.operator in KNOWN and not _holds_without_key(condition)


def _holds_without_key(condition: Condition) -> bool:
    """Tell whether it may hold for a request that lacks the key; if in doubt it may."""
    if condition.operator == NULL:
        return condition.values != ("false",)
    if condition.if_exists or condition.quantifier == FOR_ALL:
        return True
    return condition.operator in NEGATED and condition.quantifier != FOR_ANY
