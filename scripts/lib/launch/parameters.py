"""Whether values fit what a launch asks for: pure, and one line for each fault.

What is checked here is what CloudFormation checks by itself before it makes anything, so that a
fault costs no failed launch. What only AWS can know (that a subnet exists) is left to AWS.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from scripts.lib.errors import one_line
from scripts.lib.launch.model import Parameter

SHOWN_VALUES = 20
HIDDEN = "****"
"""In place of a value that the template marks NoEcho; CloudFormation shows it so, too."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with the value of one parameter."""

    parameter: str
    message: str


def missing(parameters: Iterable[Parameter], given: Mapping[str, str]) -> tuple[Parameter, ...]:
    """Return the parameters that have no default and are not given."""
    return tuple(item for item in parameters if item.default is None and item.name not in given)


def check(
    parameters: Sequence[Parameter],
    given: Mapping[str, str],
    *,
    kept: frozenset[str] = frozenset(),
) -> tuple[Fault, ...]:
    """Return every fault of the values given: unknown names, values not allowed, and missing
    ones. ``kept`` have values already."""
    known = {item.name: item for item in parameters}
    faults = []
    for name, value in given.items():
        if name not in known:
            faults.append(Fault(name, _unknown(name, known)))
        elif message := fault_of(known[name], value):
            faults.append(Fault(name, message))
    for item in missing(parameters, given):
        if item.name in kept:
            continue
        wanted = allowed(item) or item.description
        faults.append(Fault(item.name, f"must be given{f': {wanted}' if wanted else ''}"))
    return tuple(faults)


def fault_of(parameter: Parameter, value: str) -> str:
    """Return what is wrong with ``value``, or an empty string."""
    shown = HIDDEN if parameter.is_secret else one_line(repr(value), limit=80)
    for fits in (_fits_length, _fits_type, _fits_values, _fits_pattern):
        if not fits(parameter, value):
            return f"got {shown}; {allowed(parameter) or f'must be of type {parameter.type}'}"
    return ""


def allowed(parameter: Parameter) -> str:
    """Say what is allowed; empty if anything is. The template's own words, where it has some,
    say it better than its rules, but for a list of values."""
    if parameter.constraint and not parameter.allowed_values:
        return parameter.constraint.strip().rstrip(".")
    return ", ".join(text for text in (rule(parameter) for rule in _RULES) if text)


def _unknown(name: str, known: Mapping[str, Parameter]) -> str:
    close = get_close_matches(name, known, n=1)
    if close:
        return f"is no parameter of this version; did you mean {close[0]}?"
    return f"is no parameter of this version; there are: {', '.join(known) or 'none'}"


def _members(parameter: Parameter, value: str) -> Iterator[str]:
    """CloudFormation applies the rules for a list to each of its members."""
    yield from (item.strip() for item in value.split(",")) if parameter.is_list else [value]


def _fits_type(parameter: Parameter, value: str) -> bool:
    if not parameter.is_number:
        return True
    return all(_fits_number(parameter, item) for item in _members(parameter, value))


def _fits_number(parameter: Parameter, value: str) -> bool:
    number = _number(value)
    if number is None:
        return False
    smallest, largest = _number(parameter.min_value), _number(parameter.max_value)
    return (smallest is None or number >= smallest) and (largest is None or number <= largest)


def _number(text: str | None) -> float | None:
    try:
        # Python takes "1_000" and " 1 " for numbers, too.
        number = float(text) if text and re.fullmatch(r"[-+.0-9eE]+", text) else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _fits_length(parameter: Parameter, value: str) -> bool:
    smallest, largest = _number(parameter.min_length), _number(parameter.max_length)
    if smallest is not None and len(value) < smallest:
        return False
    return largest is None or len(value) <= largest


def _fits_values(parameter: Parameter, value: str) -> bool:
    if not parameter.allowed_values:
        return True
    return all(item in parameter.allowed_values for item in _members(parameter, value))


def _fits_pattern(parameter: Parameter, value: str) -> bool:
    if not parameter.allowed_pattern:
        return True
    try:
        pattern = re.compile(parameter.allowed_pattern)
    except re.error:
        # CloudFormation's expressions are Java's: what Python cannot read, AWS checks.
        return True
    return all(pattern.fullmatch(item) for item in _members(parameter, value))


def _values_rule(parameter: Parameter) -> str:
    values = parameter.allowed_values
    if not values:
        return ""
    if len(values) == 1:
        return f"allowed is only {values[0]}"
    more = f", and {len(values) - SHOWN_VALUES} more" if len(values) > SHOWN_VALUES else ""
    return f"allowed is one of {', '.join(values[:SHOWN_VALUES])}{more}"


def _number_rule(parameter: Parameter) -> str:
    if not parameter.is_number:
        return ""
    limits = _range(parameter.min_value, parameter.max_value)
    return f"must be a number{f', {limits}' if limits else ''}"


def _length_rule(parameter: Parameter) -> str:
    limits = _range(parameter.min_length, parameter.max_length)
    return f"must have {limits} characters" if limits else ""


def _pattern_rule(parameter: Parameter) -> str:
    return f"must match {parameter.allowed_pattern}" if parameter.allowed_pattern else ""


def _range(smallest: str | None, largest: str | None) -> str:
    if smallest is not None and largest is not None:
        return f"{smallest} to {largest}"
    if smallest is not None:
        return f"at least {smallest}"
    return f"at most {largest}" if largest is not None else ""


_RULES: tuple[Callable[[Parameter], str], ...] = (
    _values_rule,
    _number_rule,
    _length_rule,
    _pattern_rule,
)
