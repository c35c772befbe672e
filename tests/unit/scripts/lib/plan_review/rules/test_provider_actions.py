from __future__ import annotations

from scripts.lib.plan_review.model import Plan
from scripts.lib.plan_review.read import read_plan
from scripts.lib.plan_review.rules import provider_actions


def plan(document: dict[str, object]) -> Plan:
    return read_plan({"format_version": "1.2", **document}, "main")


def test_what_runs_now_and_later() -> None:
    run = {"address": "action.aws_lambda_invoke.warm"}
    both = plan({"action_invocations": [run], "deferred_action_invocations": [run]})
    now, later = provider_actions.check(both)
    assert now.message.startswith("The plan runs 1 action")
    assert "action.aws_lambda_invoke.warm" in now.message
    assert later.message.startswith("The plan will run later 1 action")


def test_not_other_warnings() -> None:
    assert not list(provider_actions.check(plan({"resource_changes": [7]})))
