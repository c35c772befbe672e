"""A Mermaid picture of what changes and of what depends on that."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from scripts.lib.plan_review.model import Action, ResourceChange
from scripts.lib.plan_review.shown import shown

LEAST_NODES: Final = 2
MOST_NODES: Final = 25
LABEL_LIMIT: Final = 60

_UNSAFE_IN_LABEL: Final = re.compile(r"[^A-Za-z0-9_.\-/ ]")
_INSTANCE: Final = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')
_UNDRAWN: Final = frozenset({Action.READ, Action.NOTHING})
_ORDER: Final = {action: number for number, action in enumerate(Action)}

_STYLES: Final = {
    Action.DESTROY: "fill:#ffd7d5,stroke:#cf222e,color:#24292f",
    Action.REPLACE: "fill:#ffd8b5,stroke:#bc4c00,color:#24292f",
    Action.FORGET: "fill:#ffd8b5,stroke:#bc4c00,color:#24292f",
    Action.UPDATE: "fill:#fff8c5,stroke:#9a6700,color:#24292f",
    Action.CREATE: "fill:#dafbe1,stroke:#1a7f37,color:#24292f",
    Action.MOVE: "fill:#ddf4ff,stroke:#0969da,color:#24292f",
    Action.IMPORT: "fill:#ddf4ff,stroke:#0969da,color:#24292f",
}


def picture(
    changes: Sequence[ResourceChange], dependencies: Mapping[str, frozenset[str]]
) -> str | None:
    """Return a Mermaid flowchart, or None if it would not help: too much, or nothing connected.

    Args:
        dependencies: the addresses that a resource refers to, by its own; instances of one
            resource are drawn as one.
    """
    actions = _changed(changes)
    edges = _edges(actions, dependencies)
    nodes = {node for edge in edges for node in edge}
    if len(nodes) > MOST_NODES:
        edges = {edge for edge in edges if edge[1] in actions}
        nodes = {node for edge in edges for node in edge}
    if not LEAST_NODES <= len(nodes) <= MOST_NODES:
        return None
    return _drawn(sorted(nodes), sorted(edges), actions)


def mermaid_label(text: str) -> str:
    """Return the inside of a quoted label; Mermaid reads ``#34;`` as the character."""
    return _UNSAFE_IN_LABEL.sub(lambda found: f"#{ord(found[0])};", shown(text, LABEL_LIMIT))


def _changed(changes: Sequence[ResourceChange]) -> dict[str, tuple[Action, int]]:
    """The worst action on each resource, and on how many of its instances something is done."""
    found: defaultdict[str, list[Action]] = defaultdict(list)
    for change in changes:
        if change.action not in _UNDRAWN:
            found[_resource(change.address)].append(change.action)
    return {
        name: (min(actions, key=_ORDER.__getitem__), len(actions))
        for name, actions in found.items()
    }


def _edges(
    actions: Mapping[str, object], dependencies: Mapping[str, frozenset[str]]
) -> set[tuple[str, str]]:
    """Pairs of a resource that changes and one that refers to it."""
    return {
        (used, user)
        for address, referred in dependencies.items()
        for user in (_resource(address),)
        for used in map(_resource, referred)
        if used in actions and used != user
    }


def _drawn(
    nodes: Sequence[str],
    edges: Sequence[tuple[str, str]],
    actions: Mapping[str, tuple[Action, int]],
) -> str:
    ids = {node: f"n{number}" for number, node in enumerate(nodes)}
    lines = ["flowchart LR"]
    for node in nodes:
        action, instances = actions.get(node, (Action.NOTHING, 1))
        label = mermaid_label(node)
        said = "" if action is Action.NOTHING else f"<br/>{action}"
        said += f" {instances} of it" if instances > 1 else ""
        style = "" if action is Action.NOTHING else f":::{_style_name(action)}"
        lines.append(f'  {ids[node]}["{label}{said}"]{style}')
    lines += [f"  {ids[used]} --> {ids[user]}" for used, user in edges]
    used_actions = {actions[node][0] for node in nodes if node in actions}
    lines += [
        f"  classDef {_style_name(action)} {style}"
        for action, style in _STYLES.items()
        if action in used_actions
    ]
    return "\n".join(lines)


def _style_name(action: Action) -> str:
    return f"to_{action}"


def _resource(address: str) -> str:
    """The address without the keys of instances."""
    return _INSTANCE.sub("", address)
