"""What a plan takes away for good: a setting that goes with what it is of is no loss of its own."""

from __future__ import annotations

from collections.abc import Iterable

from scripts.lib.plan_review.model import Action, ResourceChange

Ending = frozenset[tuple[str, str]]
"""Types of resources that are destroyed and not replaced, each with a name that it goes by."""

_NAMES = ("id", "name", "arn", "bucket", "key_id")


def ending(changes: Iterable[ResourceChange]) -> Ending:
    """Return what the changes destroy and do not replace, by every name that others may use."""
    return frozenset(
        (change.type, name)
        for change in changes
        if change.action is Action.DESTROY and change.mode == "managed" and not change.deposed
        for attribute in _NAMES
        if isinstance(name := (change.before or {}).get(attribute), str) and name
    )
