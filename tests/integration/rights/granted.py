"""What roles are granted, and what of it decisions show to be used and to be needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scripts.sandbox.decisions import Decided

IDENTITY, RESOURCE = "identity-based policy", "resource-based policy"


@dataclass(frozen=True, order=True)
class Right:
    """One action of one statement."""

    sid: str
    action: str


def granted(document: dict[str, Any]) -> set[Right]:
    """Every right that a policy document allows."""
    return {
        Right(statement["Sid"], action)
        for statement in document["Statement"]
        for action in _listed(statement["Action"])
        if statement["Effect"] == "Allow"
    }


def of_role(decisions: Iterable[Decided], role: str) -> list[Decided]:
    return [each for each in decisions if f":assumed-role/{role}/" in each.principal]


def used(decisions: Iterable[Decided]) -> set[Right]:
    """The rights that allowed something."""
    return {
        Right(spoke.sid, each.action)
        for each in decisions
        for spoke in each.statements
        if each.allowed and spoke.kind == IDENTITY
    }


def needed(decisions: Iterable[Decided]) -> set[Right]:
    """The rights without which something would have been refused: nothing else allowed it.

    A resource's policy that names a role allows by itself, so a role's own right beside it is
    not needed.
    """
    return {
        Right(own[0].sid, each.action)
        for each in decisions
        if each.allowed
        and len(own := [spoke for spoke in each.statements if spoke.kind == IDENTITY]) == 1
        and not any(spoke.kind == RESOURCE for spoke in each.statements)
    }


def without(document: dict[str, Any], action: str) -> dict[str, Any]:
    """The document without an action, and without statements that have no other."""
    statements = (
        {**each, "Action": [name for name in _listed(each["Action"]) if name != action]}
        for each in document["Statement"]
    )
    return {**document, "Statement": [each for each in statements if each["Action"]]}


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
