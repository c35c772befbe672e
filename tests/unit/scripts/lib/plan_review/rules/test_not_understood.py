from __future__ import annotations

from scripts.lib.plan_review.model import Plan
from scripts.lib.plan_review.read import read_plan
from scripts.lib.plan_review.rules import not_understood


def plan(document: dict[str, object]) -> Plan:
    return read_plan({"format_version": "1.2", **document}, "main")


def test_it_says_the_first_and_how_many_more() -> None:
    (finding,) = not_understood.check(plan({"resource_changes": [7, "x", 8]}))
    assert finding.message.startswith("Not understood: resource_changes[0] is a number")
    assert finding.message.endswith(", and 2 more.")


def test_not_of_actions_nor_of_nothing() -> None:
    run = {"address": "action.aws_lambda_invoke.warm"}
    assert not list(not_understood.check(plan({"action_invocations": [run]})))
    assert not list(not_understood.check(plan({"resource_changes": []})))
