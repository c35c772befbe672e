"""Plans to read: those of the fixtures, and the smallest one, to be made into others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from scripts.lib.plan_review.model import Action, AttributeChange, Plan, ResourceChange
from scripts.lib.plan_review.read import read_plan
from scripts.lib.plan_review.values import attribute_changes

PLANS = Path(__file__).parents[4] / "golden" / "plans"
NAMES = sorted(path.parent.name for path in PLANS.glob("*/plan.json"))

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@cache
def _text(name: str) -> str:
    return (PLANS / name / "plan.json").read_text(encoding="utf-8")


def document(name: str) -> dict[str, Any]:
    """Return a new copy of a fixture."""
    loaded: dict[str, Any] = json.loads(_text(name))
    return loaded


def plan_document(*entries: object, **members: object) -> dict[str, Any]:
    """Return a plan of these resource changes."""
    return {"format_version": "1.2", "resource_changes": [*entries], **members}


def entry(**change: object) -> dict[str, Any]:
    """Return an entry of ``resource_changes``; an update unless told otherwise."""
    return {
        "address": "aws_x.a",
        "mode": "managed",
        "type": "aws_x",
        "name": "a",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {"actions": ["update"], "before": {}, "after": {}, **change},
    }


def read(document: dict[str, Any]) -> Plan:
    """Return the plan, of a stack that is called ``web``."""
    return read_plan(document, "web")


def changed(before: Any, after: Any, **more: Any) -> ResourceChange:
    """Return an update from ``before`` to ``after``, or what ``action`` says."""
    return ResourceChange(
        stack="web",
        address="aws_x.a",
        mode="managed",
        type="aws_x",
        name="a",
        module="",
        provider="",
        action=more.pop("action", Action.UPDATE),
        before=before,
        after=after,
        **more,
    )


def told(before: Any, after: Any, **more: Any) -> dict[str, tuple[str | None, str | None]]:
    """Return path: (before, after) of each attribute that is told."""
    return {item.path: (item.before, item.after) for item in attributes(before, after, **more)}


def attributes(before: Any, after: Any, **more: Any) -> tuple[AttributeChange, ...]:
    """Return what is told of an update."""
    return attribute_changes(changed(before, after, **more))


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every node of a document but the root."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, key))
