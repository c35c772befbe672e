"""Changes as a refresh sees them: made up, and of real plans that were cut to what matters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scripts.lib.drift.findings import Sight
from scripts.lib.drift.folding import Folded, fold_drift
from scripts.lib.drift.world import Managed, World, read_world
from scripts.lib.plan_review.model import Action, ResourceChange
from scripts.lib.plan_review.read import read_plan

GOLDEN = Path(__file__).parents[4] / "golden/drift"
Values = dict[str, Any]


def golden(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    return document


def fold_golden(name: str) -> Folded:
    """Fold a real plan of an account in which much was changed by hand."""
    document = golden(name)
    sight = Sight(own_accounts=frozenset({"123456789012"}))
    return fold_drift(read_plan(document, name).drift, read_world(document), sight, stack=name)


def changed(type_: str, before: Values, after: Values, name: str = "it") -> ResourceChange:
    return _change(type_, name, Action.UPDATE, before, after)


def deleted(type_: str, before: Values, name: str = "it") -> ResourceChange:
    return _change(type_, name, Action.DESTROY, before, None)


def managed(type_: str, values: Values, name: str = "it") -> Managed:
    return Managed(f"{type_}.{name}", type_, values)


def fold(*changes: ResourceChange, world: World | None = None) -> Folded:
    return fold_drift(changes, world or World(), stack="web")


def policy(*actions: str, **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _change(
    type_: str, name: str, action: Action, before: Values, after: Values | None
) -> ResourceChange:
    return ResourceChange(
        "web", f"{type_}.{name}", "managed", type_, name, "", "aws", action,
        before=before, after=after,
    )  # fmt: skip
