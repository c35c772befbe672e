"""IAM's condition operators and policy variables.

Rules:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from fnmatch import translate
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

Context = Mapping[str, str | list[str]]
"""Condition keys in lower case, and their values; a missing key is one the request lacks."""

# What a variable stands for is never a wildcard: its `*` and `?` are kept apart by these.
_STAR, _ANY_ONE = "\ue000", "\ue001"
_LITERAL = str.maketrans({"*": _STAR, "?": _ANY_ONE})
_PLAIN = str.maketrans({_STAR: "*", _ANY_ONE: "?"})
_VARIABLE = re.compile(r"\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}")


class PolicyError(ValueError):
    """A policy holds what cannot be evaluated; the message names it."""


def conditions_hold(
    conditions: Mapping[str, Mapping[str, Any]], context: Context, *, variables: bool
) -> bool:
    """Whether all conditions of a statement hold.

    Args:
        conditions: the statement's `Condition`.
        context: the request's keys, in lower case.
        variables: whether `${...}` is a variable, as in version 2012-10-17 of the language.

    Raises:
        PolicyError: a condition uses an operator that does not exist.
    """
    return all(
        _holds(operator, _expected(expected, context, variables), context.get(key.lower()))
        for operator, keys in conditions.items()
        for key, expected in keys.items()
    )


def listed(value: Any) -> list[Any]:
    """Policies may write one value where a list is meant."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def expand(text: str, context: Context) -> str | None:
    """A text with its variables' values in their places; nothing if the request lacks one.

    A key with several values is no variable: AWS takes single-valued keys only.
    """
    if "${" not in text:
        return text
    missing = False

    def value(found: re.Match[str]) -> str:
        nonlocal missing
        name, default = found.groups()
        if name in ("*", "?", "$"):
            return str(name).translate(_LITERAL)
        known = context.get(name.lower(), default)
        if not isinstance(known, str):
            missing = True
            return ""
        return known.translate(_LITERAL)

    expanded = _VARIABLE.sub(value, text)
    return None if missing else expanded


def like(pattern: str, value: str) -> bool:
    """Whether a value is of a pattern: `*` any number of characters, `?` one."""
    return _pattern(pattern).match(value) is not None


def like_any_case(pattern: str, value: str) -> bool:
    return like(pattern.lower(), value.lower())


def _expected(given: Any, context: Context, variables: bool) -> list[str]:
    texts = [_text(value) for value in listed(given)]
    if not variables:
        return texts
    return [text for text in (expand(text, context) for text in texts) if text is not None]


def _holds(operator: str, expected: list[str], actual: str | list[str] | None) -> bool:
    quantifier, _, rest = operator.rpartition(":")
    name = rest.removesuffix("IfExists")
    if name == "Null":
        return (actual is None) == (expected[0].lower() == "true")
    positive, matches = _operator(name)
    if actual is None:
        # A negated operator holds for a key that is not there, a positive one does not.
        if quantifier:
            return rest != name or quantifier == "ForAllValues"
        return rest != name or not positive

    def holds(value: str) -> bool:
        return any(matches(pattern, value) for pattern in expected) is positive

    values = listed(actual)
    return all(map(holds, values)) if quantifier == "ForAllValues" else any(map(holds, values))


def _operator(name: str) -> tuple[bool, Callable[[str, str], bool]]:
    """Whether the operator is positive, and how it compares. `NotIpAddress` negates as well."""
    positive_name = name.replace("Not", "", 1)
    if positive_name not in _OPERATORS:
        raise PolicyError(f"condition operator {name!r} does not exist")
    return positive_name == name, _OPERATORS[positive_name]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    # `[` has no special meaning in IAM.
    wild = translate(pattern.replace("[", "[[]"))
    return re.compile(wild.replace(_STAR, r"\*").replace(_ANY_ONE, r"\?"))


def _arn_like(pattern: str, value: str) -> bool:
    """Each of an ARN's six parts is matched by itself: `*` does not cross a colon."""
    wanted, got = pattern.split(":", 5), value.split(":", 5)
    return len(wanted) == len(got) and all(map(like, wanted, got))


def _date(value: str) -> datetime:
    if value.isdigit():
        return datetime.fromtimestamp(int(value), UTC)
    return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(UTC)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, got: wanted.translate(_PLAIN) == got,
    "StringEqualsIgnoreCase": lambda wanted, got: wanted.translate(_PLAIN).lower() == got.lower(),
    "StringLike": like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "BinaryEquals": lambda wanted, got: wanted == got,
    "Bool": lambda wanted, got: wanted.lower() == got.lower(),
    "IpAddress": lambda wanted, got: ip_address(got) in ip_network(wanted, strict=False),
    "NumericEquals": lambda wanted, got: float(got) == float(wanted),
    "NumericLessThan": lambda wanted, got: float(got) < float(wanted),
    "NumericLessThanEquals": lambda wanted, got: float(got) <= float(wanted),
    "NumericGreaterThan": lambda wanted, got: float(got) > float(wanted),
    "NumericGreaterThanEquals": lambda wanted, got: float(got) >= float(wanted),
    "DateEquals": lambda wanted, got: _date(got) == _date(wanted),
    "DateLessThan": lambda wanted, got: _date(got) < _date(wanted),
    "DateLessThanEquals": lambda wanted, got: _date(got) <= _date(wanted),
    "DateGreaterThan": lambda wanted, got: _date(got) > _date(wanted),
    "DateGreaterThanEquals": lambda wanted, got: _date(got) >= _date(wanted),
}
