"""Decides what one policy document says of one request, by IAM's own evaluation rules.

Rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import translate
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

ALLOW = "Allow"
DENY = "Deny"


class PolicyError(ValueError):
    """A policy holds what cannot be evaluated; the message names it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Attributes:
        principals: ARNs that the caller goes by (a session has its own and its role's), or the
            service principal of an AWS service; empty for an anonymous caller.
        action: `service:Operation` as policies write it.
        resource: ARN.
        context: condition keys and their values; a missing key is one that the request lacks.
    """

    principals: tuple[str, ...]
    action: str
    resource: str
    context: Mapping[str, str | list[str]] = field(default_factory=dict)


def decide(document: Mapping[str, Any], request: Request) -> str | None:
    """`Deny`, `Allow`, or nothing where the document does not speak of the request.

    Raises:
        PolicyError: a condition uses an operator that does not exist.
    """
    effects = {
        statement["Effect"]
        for statement in listed(document.get("Statement"))
        if _speaks_of(statement, request)
    }
    return DENY if DENY in effects else ALLOW if ALLOW in effects else None


def listed(value: Any) -> list[Any]:
    """Policies may write one value where a list is meant."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _speaks_of(statement: Mapping[str, Any], request: Request) -> bool:
    return (
        _element(
            statement, "Action", lambda patterns: _any(patterns, request.action, _like_any_case)
        )
        and _element(
            statement, "Resource", lambda patterns: _any(patterns, request.resource, _like)
        )
        and _element(statement, "Principal", lambda given: _is_principal(given, request.principals))
        and _conditions_hold(statement.get("Condition", {}), request.context)
    )


def _element(statement: Mapping[str, Any], name: str, matches: Callable[[list[Any]], bool]) -> bool:
    """An element, or its negation; a statement without either does not narrow by it."""
    if name in statement:
        return matches(listed(statement[name]))
    if f"Not{name}" in statement:
        return not matches(listed(statement[f"Not{name}"]))
    return True


def _any(patterns: Iterable[str], value: str, matches: Callable[[str, str], bool]) -> bool:
    return any(matches(pattern, value) for pattern in patterns)


def _is_principal(given: list[Any], principals: tuple[str, ...]) -> bool:
    for entry in given:
        names = [entry] if isinstance(entry, str) else _named(entry)
        for name in names:
            if name == "*" or name in principals:
                return True
            account = re.fullmatch(r"(?:arn:[^:]+:iam::)?(\d{12})(?::root)?", name)
            if account and any(p.split(":")[4:5] == [account[1]] for p in principals):
                return True
    return False


def _named(entry: Mapping[str, Any]) -> list[Any]:
    return [*listed(entry.get("AWS")), *listed(entry.get("Service"))]


def _conditions_hold(
    conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str | list[str]]
) -> bool:
    known = {key.lower(): value for key, value in context.items()}
    return all(
        _holds(operator, [_text(v) for v in listed(expected)], known.get(key.lower()))
        for operator, keys in conditions.items()
        for key, expected in keys.items()
    )


def _holds(operator: str, expected: list[str], actual: str | list[str] | None) -> bool:
    quantifier, _, rest = operator.rpartition(":")
    name = rest.removesuffix("IfExists")
    if name == "Null":
        return (actual is None) == (expected[0].lower() == "true")
    positive, matches = _operator(name)
    if actual is None:
        # A negated operator holds for a key that is not there, a positive one does not.
        return rest != name or not positive or quantifier == "ForAllValues"

    def holds(value: str) -> bool:
        return _any(expected, value, matches) is positive

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
    return re.compile(translate(pattern.replace("[", "[[]")))


def _like(pattern: str, value: str) -> bool:
    return _pattern(pattern).match(value) is not None


def _like_any_case(pattern: str, value: str) -> bool:
    return _like(pattern.lower(), value.lower())


def _arn_like(pattern: str, value: str) -> bool:
    """Each of an ARN's six parts is matched by itself: `*` does not cross a colon."""
    wanted, got = pattern.split(":", 5), value.split(":", 5)
    return len(wanted) == len(got) and all(map(_like, wanted, got))


def _date(value: str) -> datetime:
    return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(UTC)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, got: wanted == got,
    "StringEqualsIgnoreCase": lambda wanted, got: wanted.lower() == got.lower(),
    "StringLike": _like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
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
