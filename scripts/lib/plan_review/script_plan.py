"""The post-apply script's plan, to be shown beside Terraform's."""

from __future__ import annotations

from pathlib import Path

from scripts.lib.plan_file import read_plan_file
from scripts.lib.plan_review.model import ScriptChange, ScriptPlan


def read_script_plan(path: Path) -> ScriptPlan:
    """Return the plan in a file of ``post_apply plan --out``.

    Raises:
        InputError: it cannot be read, is no such plan, or was changed since it was written.
    """
    plan = read_plan_file(path)
    return ScriptPlan(
        plan.account_id,
        plan.region,
        f"sha256:{plan.fingerprint}",
        tuple(
            ScriptChange(change.action, change.subject, change.target, change.reasons)
            for change in plan.changes
        ),
    )
