"""The record of decisions."""

import json
from dataclasses import asdict

from scripts.sandbox.decisions import Decided, Decisions, Spoke


def decided(action: str) -> Decided:
    return Decided("arn", action, "*", True, "", (Spoke("kind", "policy", "Sid"),), "s:O")


def test_the_oldest_make_room() -> None:
    decisions = Decisions(capacity=2)
    for action in ("a", "b", "c"):
        decisions.add(decided(action))
    assert [each.action for each in decisions.entries()] == ["b", "c"]
    decisions.clear()
    assert decisions.entries() == []


def test_a_decision_survives_json() -> None:
    entry = decided("a")
    assert Decided.read(json.loads(json.dumps(asdict(entry)))) == entry
