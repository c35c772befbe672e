"""Reads a policy document, from anybody and anywhere, and refuses what is none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from scripts.lib.errors import one_line
from scripts.lib.policy.document import (
    ACCOUNT,
    ALLOW,
    AWS,
    DENY,
    EVERYONE,
    Chosen,
    Condition,
    Policy,
    PolicyError,
    Principal,
    Statement,
)
from scripts.lib.policy.operators import spelled
from scripts.lib.policy.patterns import MARKS, Pattern, pattern

# ``${`` is text in a document of the older version, or of none.
_WITH_VARIABLES = "2012-10-17"
_VERSIONS = (_WITH_VARIABLES, "2008-10-17", None)
_ELEMENTS = frozenset(
    {"Sid", "Effect", "Condition"}
    | {f"{no}{name}" for no in ("", "Not") for name in ("Principal", "Action", "Resource")}
)
_KINDS_OF_PRINCIPAL = ("AWS", "Service", "Federated", "CanonicalUser")
_ACCOUNT = re.compile(r"(?:arn:[^:]+:iam::(\d{12}):root|(\d{12}))", re.ASCII)
_MARK = re.compile(f"[{MARKS}]")
_SHOWN = 60

Item = TypeVar("Item")


def read_policy(document: str | Mapping[str, Any]) -> Policy:
    """Return the policy of JSON text, or of a mapping that such text was read into.

    Raises:
        PolicyError: it is not a policy document.
    """
    try:
        return _policy(json.loads(document) if isinstance(document, str) else document)
    except PolicyError:
        raise
    except (ValueError, RecursionError) as exc:
        raise PolicyError(f"not a policy document: {one_line(exc, _SHOWN)}") from None


def _policy(document: object) -> Policy:
    if not isinstance(document, Mapping) or "Statement" not in document:
        raise _wrong("document", document, "a mapping with a Statement")
    version = document.get("Version")
    if version not in _VERSIONS:
        raise _wrong("Version", version, "2012-10-17, 2008-10-17 or none")
    statements = _listed(document["Statement"])
    return Policy(tuple(_statement(item, version == _WITH_VARIABLES) for item in statements))


def _statement(given: object, variables: bool) -> Statement:
    if not isinstance(given, Mapping):
        raise _wrong("Statement", given, "a mapping or a list of mappings")
    unknown = [name for name in given if name not in _ELEMENTS]
    if unknown:
        raise _wrong("Statement's element", unknown[0], "an element of the policy language")
    if given.get("Effect") not in (ALLOW, DENY):
        raise _wrong("Effect", given.get("Effect"), "Allow or Deny")

    def action(text: str) -> Pattern:
        return pattern(text, any_case=True)

    def resource(text: str) -> Pattern:
        return pattern(text, variables=variables)

    actions = _patterns(given, "Action", action)
    if actions is None:
        raise PolicyError("a statement names no Action: expected Action or NotAction")
    return Statement(
        effect=given["Effect"],
        principals=_principals(given),
        actions=actions,
        resources=_patterns(given, "Resource", resource),
        conditions=_conditions(given.get("Condition", {}), variables),
        sid=str(given.get("Sid", "")),
    )


def _element(given: Mapping[str, Any], name: str) -> tuple[Any, bool] | None:
    """Return an element and whether it is the negated one; None if there is neither."""
    if name in given and f"Not{name}" in given:
        raise PolicyError(f"a statement has both {name} and Not{name}: expected one of them")
    if name in given:
        return given[name], False
    return (given[f"Not{name}"], True) if f"Not{name}" in given else None


def _patterns(
    given: Mapping[str, Any], name: str, made: Callable[[str], Pattern]
) -> Chosen[Pattern] | None:
    element = _element(given, name)
    if element is None:
        return None
    values, negated = element
    found = {each.key: each for each in (made(_text(name, value)) for value in _listed(values))}
    return Chosen(tuple(found[key] for key in sorted(found)), negated)


def _principals(given: Mapping[str, Any]) -> Chosen[Principal] | None:
    element = _element(given, "Principal")
    if element is None:
        return None
    values, negated = element
    found = {each for value in _listed(values) for each in _named(value)}
    if EVERYONE in found:
        found = {EVERYONE} | {each for each in found if each.kind == "Federated"}
    return Chosen(tuple(sorted(found)), negated)


def _named(value: object) -> Iterator[Principal]:
    if value == "*":
        yield EVERYONE
        return
    if not isinstance(value, Mapping):
        raise _wrong("Principal", value, "* or a mapping such as AWS to ARNs")
    for kind, names in value.items():
        if kind not in _KINDS_OF_PRINCIPAL:
            raise _wrong("Principal", kind, ", ".join(_KINDS_OF_PRINCIPAL))
        for name in _listed(names):
            text = _text("Principal", name)
            account = _ACCOUNT.fullmatch(text) if kind == AWS else None
            yield Principal(ACCOUNT, account[1] or account[2]) if account else Principal(kind, text)


def _conditions(given: object, variables: bool) -> tuple[Condition, ...]:
    if not isinstance(given, Mapping):
        raise _wrong("Condition", given, "a mapping of operators")
    found: dict[Condition, None] = {}
    for operator, keys in given.items():
        if not isinstance(operator, str) or not isinstance(keys, Mapping):
            raise _wrong("Condition", keys, "a mapping of operators to keys and values")
        found |= dict.fromkeys(
            _condition(operator, key, values, variables) for key, values in keys.items()
        )
    return tuple(sorted(found, key=_order))


def _order(condition: Condition) -> tuple[str, str, str, bool, tuple[str, ...]]:
    return (
        condition.key,
        condition.operator,
        condition.quantifier,
        condition.if_exists,
        condition.values,
    )


def _condition(operator: str, key: object, values: object, variables: bool) -> Condition:
    quantifier, name, if_exists = spelled(operator)
    key = _text("condition key", key)
    texts = {_value(value) for value in _listed(values)}
    return Condition(
        quantifier=quantifier,
        operator=name,
        if_exists=if_exists,
        key=key.lower(),
        values=tuple(sorted({each.lower() for each in texts} if name == "Bool" else texts)),
        variables=variables and any("${" in text for text in texts),
        name=key,
    )


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    return _text("condition value", value)


def _text(what: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(what, value, "text")
    if _MARK.search(value):
        raise _wrong(what, value, "no noncharacters of Unicode")
    return value


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _wrong(what: str, value: object, allowed: str) -> PolicyError:
    shown = value if isinstance(value, str) else type(value).__name__
    return PolicyError(f"{what} is {one_line(shown, _SHOWN)!r}: expected {allowed}")
