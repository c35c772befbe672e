"""What Terraform does with a resource, in words. Raw: names of other people are in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from scripts.lib.plan_review.model import Action, Deferred, Path, ResourceChange

COUNTED: Final = tuple(action for action in Action if action is not Action.NOTHING)

SHOWN_PATHS: Final = 5
"""Attributes that force a replacement that are named; the details have them all."""

REASONS: Final = {
    "replace_because_tainted": "It is marked as tainted: its creation failed halfway.",
    "replace_by_request": "Somebody asked for the replacement with -replace.",
    "replace_by_triggers": "A resource named in its replace_triggered_by changes.",
    "delete_because_no_resource_config": "It is no longer in the configuration.",
    "delete_because_no_module": "Its module is no longer in the configuration.",
    "delete_because_wrong_repetition": "Its count or for_each came or went.",
    "delete_because_count_index": "Its index is past the new count.",
    "delete_because_each_key": "Its key is no longer in for_each.",
    "delete_because_no_move_target": "It was moved to where nothing is in the configuration.",
    "read_because_config_unknown": "Read when it is applied: what it asks for is not known before.",
    "read_because_dependency_pending": "Read when it is applied: what it depends on changes.",
    "read_because_check_nested": "Read when it is applied: a check needs it.",
}
"""Terraform's ``action_reason``; see "Plan Representation" at developer.hashicorp.com, "JSON Output
Format". ``replace_because_cannot_update`` is told by the attributes that force it."""

DEFERRED: Final = {
    "instance_count_unknown": "its count or for_each is not known yet",
    "resource_config_unknown": "its configuration is not known yet",
    "provider_config_unknown": "its provider's configuration is not known yet",
    "absent_prereq": "what it needs is not there yet",
    "deferred_prereq": "what it depends on comes later too",
}
"""Terraform's ``reason`` of a deferred change, see the same page."""

FORGOTTEN: Final = "Terraform forgets it."


def path_text(path: Path) -> str:
    """Return ``rule[0].port`` for ``("rule", 0, "port")``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def counts_text(counts: Counter[Action]) -> str:
    """Return ``1 to destroy, 3 to create``, the worst first; "nothing to do" without any."""
    parts = (f"{counts[action]:,} to {action}" for action in COUNTED if counts[action])
    return ", ".join(parts) or "nothing to do"


def count(number: int, noun: str) -> str:
    """Return ``1 stack`` or ``2 stacks``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(names: Iterable[str], shown: int = SHOWN_PATHS) -> str:
    """Return the names with commas; those past ``shown`` as a number."""
    every = tuple(names)
    rest = len(every) - shown
    return ", ".join(every[:shown]) + (f" and {rest} more" if rest > 0 else "")


def remarks(change: ResourceChange) -> tuple[str, ...]:
    """Say what is done in whole sentences, beyond what the action's name says."""
    said = [*_replaced(change), *_moved(change)]
    if change.action is Action.FORGET:
        said.append(FORGOTTEN)
    if change.deposed:
        said.append(f"The deposed object {change.deposed} is destroyed, not the one in use.")
    if change.reason in REASONS:
        said.append(REASONS[change.reason])
    elif change.reason and change.reason != "replace_because_cannot_update":
        said.append(f"Terraform's reason: {change.reason}.")
    return tuple(said)


def deferred_text(later: Deferred) -> str:
    """Say what is planned only in a later run, and why."""
    return f"Later: {later.action} {later.address}, {DEFERRED.get(later.reason, later.reason)}"


def _replaced(change: ResourceChange) -> Iterable[str]:
    if change.action is not Action.REPLACE:
        return
    first = "the new one comes" if change.create_before_destroy else "the old one goes"
    if change.replace_paths:
        forcing = [f"`{path_text(path)}`" for path in change.replace_paths]
        yield f"Replaced because of {listed(forcing)}; {first} first."
    else:
        yield f"Replaced; {first} first."


def _moved(change: ResourceChange) -> Iterable[str]:
    if change.previous_address:
        yield f"Moved from {change.previous_address}."
    if change.import_id is not None:
        name = f" as {change.import_id}" if change.import_id else ", by an id not yet known"
        yield f"Imported: it exists already{name}."
