"""Whether the values that meet one condition meet another, by the kind of operator."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import cast

from scripts.lib.policy.document import Condition
from scripts.lib.policy.operators import NEGATED
from scripts.lib.policy.patterns import EVERYTHING, Budget, Pattern, covered, disjoint, pattern

Network = IPv4Network | IPv6Network

_TEXTS = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike"})
_ARN_PARTS = 6
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_SECONDS = re.compile(r"\d{1,11}", re.ASCII)


def values_within(one: Condition, other: Condition, budget: Budget) -> bool:
    """Tell whether every value that ``one`` takes, ``other`` takes; no if it cannot be told."""
    first, second = _kind(one), _kind(other)
    if first != second:
        return False
    try:
        return _WITHIN[first](one, other, budget)
    except ValueError:
        # A value that is no number, date or network; equal conditions never come here.
        return False


def _positive(condition: Condition) -> str:
    return NEGATED.get(condition.operator, condition.operator)


def _kind(condition: Condition) -> str:
    name = _positive(condition)
    if name in _TEXTS:
        return "String"
    return next(
        (kind for kind in ("Arn", "Numeric", "Date", "IpAddress") if name.startswith(kind)), name
    )


def _is_negated(condition: Condition) -> bool:
    return condition.operator in NEGATED


def _texts_within(one: Condition, other: Condition, budget: Budget) -> bool:
    if not _is_negated(other) and EVERYTHING in _patterns(other):
        return True
    match _is_negated(one), _is_negated(other):
        case False, False:
            return _listed_within(one, other, budget)
        case True, True:
            return _listed_within(other, one, budget)
        case False, True:
            any_case = "StringEqualsIgnoreCase" in (_positive(one), _positive(other))
            return all(
                disjoint(mine, theirs, budget)
                for mine in _patterns(one, any_case)
                for theirs in _patterns(other, any_case)
            )
        case _:
            return False


def _listed_within(one: Condition, other: Condition, budget: Budget) -> bool:
    """Tell whether the values listed in ``one`` are among those of ``other``, negated or not."""
    any_case = _positive(other) == "StringEqualsIgnoreCase"
    if not any_case and _positive(one) == "StringEqualsIgnoreCase":
        return False
    wholes = _patterns(other, any_case)
    return all(covered(part, wholes, budget) for part in _patterns(one, any_case))


def _patterns(condition: Condition, any_case: bool = False) -> list[Pattern]:
    wild = _positive(condition) == "StringLike"
    return [
        pattern(value, variables=condition.variables, wild=wild, any_case=any_case)
        for value in condition.values
    ]


def _literals_within(one: Condition, other: Condition, _budget: Budget) -> bool:
    plain = one.variables == other.variables or not any("${" in value for value in one.values)
    return plain and set(one.values) <= set(other.values)


def _arns_within(one: Condition, other: Condition, budget: Budget) -> bool:
    if _is_negated(one) != _is_negated(other):
        return False
    inner, outer = (other, one) if _is_negated(one) else (one, other)
    return all(
        any(
            _arn_within(part, inner.variables, whole, outer.variables, budget)
            for whole in outer.values
        )
        for part in inner.values
    )


def _arn_within(
    part: str, part_varies: bool, whole: str, whole_varies: bool, budget: Budget
) -> bool:
    """Compare part by part: no wildcard crosses a colon, but a variable's value may hold one."""
    if (part_varies and "${" in part) or (whole_varies and "${" in whole):
        return part == whole and part_varies == whole_varies
    mine, theirs = part.split(":", _ARN_PARTS - 1), whole.split(":", _ARN_PARTS - 1)
    return len(mine) == len(theirs) and all(
        covered(pattern(a), [pattern(b)], budget) for a, b in zip(mine, theirs, strict=False)
    )


def _numbers_within(one: Condition, other: Condition, _budget: Budget) -> bool:
    return _measures_within(one, other, _number)


def _dates_within(one: Condition, other: Condition, _budget: Budget) -> bool:
    return _measures_within(one, other, _date)


def _measures_within(one: Condition, other: Condition, read: Callable[[str], float]) -> bool:
    mine, theirs = [read(v) for v in one.values], [read(v) for v in other.values]
    if _positive(one).endswith("Equals") and "Than" not in one.operator:
        if _is_negated(one):
            return _is_negated(other) and set(theirs) <= set(mine)
        return all(_takes(other.operator, theirs, value) for value in mine)
    if _is_negated(other):
        return not any(_takes(one.operator, mine, value) for value in theirs)
    if one.operator.replace("Equals", "") != other.operator.replace("Equals", ""):
        return False
    furthest = (max if "Less" in one.operator else min)(mine, default=None)
    if furthest is None or _takes(other.operator.replace("Equals", ""), theirs, furthest):
        return True
    return furthest in theirs and ("Equals" in other.operator or "Equals" not in one.operator)


def _takes(operator: str, values: Sequence[float], value: float) -> bool:
    if operator in NEGATED:
        return value not in values
    if "LessThan" in operator:
        return any(value < each for each in values) or ("Equals" in operator and value in values)
    if "GreaterThan" in operator:
        return any(value > each for each in values) or ("Equals" in operator and value in values)
    return value in values


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _date(text: str) -> float:
    if _SECONDS.fullmatch(text):
        return float(text)
    if not _ISO_DATE.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text).timestamp()


def _networks_within(one: Condition, other: Condition, _budget: Budget) -> bool:
    if _is_negated(one) != _is_negated(other):
        return False
    inner, outer = (other, one) if _is_negated(one) else (one, other)
    wholes = _collapsed([ip_network(value, strict=False) for value in outer.values])
    return all(
        any(_is_subnet(ip_network(part, strict=False), whole) for whole in wholes)
        for part in inner.values
    )


def _collapsed(networks: Sequence[Network]) -> list[Network]:
    fours = [each for each in networks if isinstance(each, IPv4Network)]
    sixes = [each for each in networks if isinstance(each, IPv6Network)]
    return [*collapse_addresses(fours), *collapse_addresses(sixes)]


def _is_subnet(part: Network, whole: Network) -> bool:
    if part.version != whole.version:
        return False
    return cast(IPv4Network, part).subnet_of(cast(IPv4Network, whole))


_WITHIN: dict[str, Callable[[Condition, Condition, Budget], bool]] = {
    "String": _texts_within,
    "Bool": _literals_within,
    "BinaryEquals": _literals_within,
    "Arn": _arns_within,
    "Numeric": _numbers_within,
    "Date": _dates_within,
    "IpAddress": _networks_within,
}
