"""Decides what one policy document says of one request, by IAM's own evaluation rules.

Rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scripts.sandbox.conditions import (
    Context,
    PolicyError,
    conditions_hold,
    expand,
    like,
    like_any_case,
    listed,
)

__all__ = [
    "ACCOUNT_OF_CALLER",
    "ALLOW",
    "DENY",
    "EVERYBODY",
    "UNKNOWN_RESOURCE",
    "Match",
    "PolicyError",
    "Request",
    "decide",
    "listed",
    "matching",
]

ALLOW = "Allow"
DENY = "Deny"
EVERYBODY = "*"
ACCOUNT_OF_CALLER = "account"
UNKNOWN_RESOURCE = ""
"""A resource that cannot be told: `*` alone allows it, and every Deny of the action denies it."""
# Variables came with this version; in a document of an older one, or of none, `${` is text.
_WITH_VARIABLES = "2012-10-17"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Attributes:
        principals: ARNs that the caller goes by (a session has its own and its role's), or the
            service principal of an AWS service; empty for an anonymous caller.
        action: `service:Operation` as policies write it.
        resource: ARN, `*`, or `UNKNOWN_RESOURCE`.
        context: condition keys and their values; a missing key is one that the request lacks.
    """

    principals: tuple[str, ...]
    action: str
    resource: str
    context: Mapping[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """A statement that speaks of the request.

    Attributes:
        effect: `Allow` or `Deny`.
        sid: its Sid; empty if it has none.
        named: how it names the caller: an ARN or a service principal, `EVERYBODY`,
            `ACCOUNT_OF_CALLER`, or nothing, where it names nobody.
    """

    effect: str
    sid: str
    named: str


def decide(document: Mapping[str, Any], request: Request) -> str | None:
    """`Deny`, `Allow`, or nothing where the document does not speak of the request.

    Raises:
        PolicyError: a condition uses an operator that does not exist.
    """
    effects = {match.effect for match in matching(document, request)}
    return DENY if DENY in effects else ALLOW if ALLOW in effects else None


def matching(document: Mapping[str, Any], request: Request) -> Iterator[Match]:
    """The statements that speak of the request, in their order.

    Raises:
        PolicyError: a condition uses an operator that does not exist.
    """
    context = {key.lower(): value for key, value in request.context.items()}
    variables = document.get("Version") == _WITH_VARIABLES
    for statement in listed(document.get("Statement")):
        named = _names(statement, request.principals)
        if named is not None and _speaks_of(statement, request, context, variables):
            yield Match(statement["Effect"], str(statement.get("Sid", "")), named)


def _speaks_of(
    statement: Mapping[str, Any], request: Request, context: Context, variables: bool
) -> bool:
    def of_action(patterns: list[Any]) -> bool:
        return any(like_any_case(pattern, request.action) for pattern in patterns)

    def of_resource(patterns: list[Any]) -> bool:
        expanded = (expand(pattern, context) if variables else pattern for pattern in patterns)
        return any(p is not None and like(p, request.resource) for p in expanded)

    if not _element(statement, "Action", of_action):
        return False
    if request.resource == UNKNOWN_RESOURCE:
        if not _covers_all(statement):
            return False
    elif not _element(statement, "Resource", of_resource):
        return False
    return conditions_hold(statement.get("Condition", {}), context, variables=variables)


def _covers_all(statement: Mapping[str, Any]) -> bool:
    if statement["Effect"] == DENY:
        return True
    return "NotResource" not in statement and "*" in listed(statement.get("Resource", "*"))


def _element(statement: Mapping[str, Any], name: str, matches: Callable[[list[Any]], bool]) -> bool:
    """An element, or its negation; a statement without either does not narrow by it."""
    if name in statement:
        return matches(listed(statement[name]))
    if f"Not{name}" in statement:
        return not matches(listed(statement[f"Not{name}"]))
    return True


def _names(statement: Mapping[str, Any], principals: tuple[str, ...]) -> str | None:
    """How a statement names the caller; nothing if it means others."""
    if "Principal" in statement:
        return _named(listed(statement["Principal"]), principals)
    if "NotPrincipal" in statement:
        excepted = _named(listed(statement["NotPrincipal"]), principals)
        return EVERYBODY if excepted is None else None
    return ""


def _named(given: list[Any], principals: tuple[str, ...]) -> str | None:
    """The closest of the names that mean the caller: it, then everybody, then its account."""
    found = set(_meant(given, principals))
    # The last of the caller's own names is the closest: the session before its role.
    closest = [*reversed(principals), EVERYBODY, ACCOUNT_OF_CALLER]
    return next((name for name in closest if name in found), None)


def _meant(given: list[Any], principals: tuple[str, ...]) -> Iterator[str]:
    for name in _entries(given):
        if name == "*":
            yield EVERYBODY
        elif name in principals:
            yield name
        else:
            account = re.fullmatch(r"(?:arn:[^:]+:iam::)?(\d{12})(?::root)?", name)
            if account and any(p.split(":")[4:5] == [account[1]] for p in principals):
                yield ACCOUNT_OF_CALLER


def _entries(given: list[Any]) -> Iterable[str]:
    for entry in given:
        if isinstance(entry, str):
            yield entry
        else:
            yield from listed(entry.get("AWS"))
            yield from listed(entry.get("Service"))
