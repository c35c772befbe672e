from __future__ import annotations

from scripts.lib.plan_review.model import Action
from scripts.lib.plan_review.rules import forgotten
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, subject


def test_it_stays_without_anybody() -> None:
    (finding,) = found(forgotten, subject("a_b", {}, action=Action.FORGET))
    assert str(finding.risk) == "low"
    assert finding.message.startswith("It stays as it is")


def test_the_old_one_of_a_replacement() -> None:
    (finding,) = found(forgotten, replaced("a_b", {}, keeps_old=True))
    assert finding.message.startswith("The old object stays")


def test_not_what_is_destroyed_or_replaced() -> None:
    assert not found(forgotten, subject("a_b", {}))
    assert not found(forgotten, replaced("a_b", {}))
