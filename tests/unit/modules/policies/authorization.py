"""AWS's service authorization reference, to check policies against.

The data is the copy that cfn-lint ships: for every service its actions, the resource types
of each action, and the ARN formats of each type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from modules.naming import AwsEnvironment
from modules.policies.document import Document, Statement

ENV = AwsEnvironment(
    partition="aws-cn",
    account_id="123456789012",
    region="cn-north-1",
    dns_suffix="amazonaws.com.cn",
)
"""Not the commonest partition: a hard-coded one shows."""


def faults(document: Document, *, unscoped: frozenset[str] = frozenset()) -> list[str]:
    """Return what is wrong with an identity policy or a bucket policy.

    Every action must exist; an action that has resource types must be given an ARN of one of
    them, and every ARN must serve an action; an action without resource types needs ``*``.
    ``unscoped`` are the actions that have types but are meant to have ``*``.
    """
    return [
        f"{statement['Sid']}: {fault}"
        for statement in document["Statement"]
        for fault in _faults(statement, unscoped)
    ]


def _faults(statement: Statement, unscoped: frozenset[str]) -> Iterator[str]:
    resources: list[str] = statement["Resource"]
    serving: set[str] = set()
    for pattern in statement["Action"]:
        actions = _expand(pattern)
        if not actions:
            yield f"no such action: {pattern}"
        matching = {action: _matching(action, resources, unscoped) for action in actions}
        serving.update(*matching.values())
        # A family may hold actions of other types than those meant; one by one, none may.
        if actions and not any(matching.values()):
            types = "" if any(map(_formats, actions)) else ", it has no resource types"
            yield f"{pattern} never matches {resources}{types}"
    for arn in resources:
        if arn not in serving:
            yield f"no action applies to {arn}"


def _matching(action: str, resources: list[str], unscoped: frozenset[str]) -> set[str]:
    formats = _formats(action)
    if not formats or action.lower() in map(str.lower, unscoped):
        return {"*"} & set(resources)
    return {arn for arn in resources if any(_fits(arn, format_) for format_ in formats)}


def _expand(pattern: str) -> list[str]:
    service, _, name = pattern.partition(":")
    wanted = re.compile(re.escape(name).replace(r"\*", ".*"), re.IGNORECASE)
    known = _reference().get(service, {}).get("Actions", {})
    return [f"{service}:{action}" for action in known if wanted.fullmatch(action)]


def _formats(action: str) -> list[str]:
    service, _, name = action.partition(":")
    entry = _reference()[service]
    types = {kind.lower(): value for kind, value in entry["Resources"].items()}
    kinds = entry["Actions"][name].get("Resources", [])
    return [arn for kind in kinds for arn in types[kind.lower()]["ARNFormats"]]


def _fits(arn: str, format_: str) -> bool:
    """Return whether an ARN with wildcards is one of ``format_``, by its parts before any."""
    filled = (
        format_.replace("${Partition}", ENV.partition)
        .replace("${Region}", ENV.region)
        .replace("${Account}", ENV.account_id)
    )
    head = filled.split(".*")[0].split(":", 5)
    parts = arn.split(":", 5)
    if len(parts) < len(head):
        return False
    same_place = all(a in (b, "*") for a, b in zip(parts[:5], head[:5], strict=True))
    return same_place and parts[5].startswith(head[5])


@cache
def _reference() -> dict[str, Any]:
    path = files("cfnlint.data.AdditionalSpecs") / "Policies.json"
    reference: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return reference
