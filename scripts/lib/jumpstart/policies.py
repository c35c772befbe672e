"""What policies grant, judged by reading them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

NEEDED = (
    "iam:PassRole",
    "sagemaker:CreateEndpoint",
    "sagemaker:CreateEndpointConfig",
    "sagemaker:CreateModel",
    "sagemaker:CreateTrainingJob",
    "sagemaker:DescribeHubContent",
    "sagemaker:ListHubContents",
    "servicecatalog:DescribeProduct",
    "servicecatalog:ListLaunchPaths",
    "servicecatalog:ProvisionProduct",
    "servicecatalog:SearchProducts",
)
"""What a role needs to see JumpStart, and to deploy and train from it. AWS's policy grants it."""

LIMITED_BY_NATURE = frozenset({"iam:PassRole"})
"""Nobody grants this on everything and without a condition, AWS's own policy does not either."""


class _Grant(IntEnum):
    NO, IN_PART, YES = range(3)


@dataclass(frozen=True)
class Grants:
    """Needed actions that are granted nowhere, and those granted on some resources only, or
    under a condition: whether that is enough cannot be told by reading."""

    missing: tuple[str, ...]
    in_part: tuple[str, ...]


def grants(documents: Iterable[str]) -> Grants:
    """Return what policies (JSON) do not grant of ``NEEDED``.

    A document that is no policy grants nothing. Permissions boundaries and policies of the
    organisation are not seen here.
    """
    statements = [each for text in documents for each in _statements(text)]
    found = {action: _granted(action, statements) for action in NEEDED}
    return Grants(
        missing=tuple(action for action in NEEDED if found[action] is _Grant.NO),
        in_part=tuple(action for action in NEEDED if found[action] is _Grant.IN_PART),
    )


def _granted(action: str, statements: list[Mapping[str, object]]) -> _Grant:
    allowed = denied = _Grant.NO
    for statement in statements:
        if not _names(statement, action):
            continue
        if statement.get("Effect") == "Allow":
            whole = action in LIMITED_BY_NATURE or _is_unlimited(statement)
            allowed = max(allowed, _Grant.YES if whole else _Grant.IN_PART)
        elif statement.get("Effect") == "Deny":
            denied = max(denied, _Grant.YES if _is_unlimited(statement) else _Grant.IN_PART)
    if denied is _Grant.YES:
        return _Grant.NO
    return min(allowed, _Grant.IN_PART) if denied is _Grant.IN_PART else allowed


def _is_unlimited(statement: Mapping[str, object]) -> bool:
    """AWS's own policy leaves out single kinds of resources: ``NotResource`` of an Allow, which
    for a Deny is a limit."""
    if statement.get("Condition"):
        return False
    all_but_some = "NotResource" in statement and statement.get("Effect") == "Allow"
    return all_but_some or "*" in _listed(statement.get("Resource"))


def _names(statement: Mapping[str, object], action: str) -> bool:
    if "NotAction" in statement:
        return not _matches(statement["NotAction"], action)
    return _matches(statement.get("Action"), action)


def _matches(patterns: object, action: str) -> bool:
    return any(
        re.fullmatch(
            re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), action, re.IGNORECASE
        )
        for pattern in _listed(patterns)
        if isinstance(pattern, str)
    )


def _statements(text: str) -> Iterator[Mapping[str, object]]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        return
    if isinstance(document, Mapping):
        yield from (
            each for each in _listed(document.get("Statement")) if isinstance(each, Mapping)
        )


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
