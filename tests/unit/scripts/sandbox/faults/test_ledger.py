"""Asking the rules, and counting."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from scripts.sandbox.faults.answers import DENIED, Cut, Refusal
from scripts.sandbox.faults.ledger import Counts, Ledger, Verdict
from scripts.sandbox.faults.rules import AnyRule, Delay, Deny, Drop, Expire, Forge, Refuse, Throttle


def test_without_rules_every_call_passes_and_is_counted() -> None:
    ledger = Ledger(())
    assert [ledger.judge(name) for name in ("A", "B", "A")] == [Verdict(None, 0)] * 3
    assert ledger.counts() == Counts({"A": 2, "B": 1}, {})
    assert ledger.counts().total == 3


def test_delays_add_up_and_the_first_answer_holds() -> None:
    ledger = Ledger((Delay(1), Deny(("A",)), Forge("A", {}), Delay(0.5, ("A",)), Delay(4, ("B",))))
    assert ledger.judge("A") == Verdict(DENIED, 1.5)
    assert ledger.judge("B") == Verdict(None, 5)


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        (Refuse("A", "X"), 1),
        (Drop(1, after=True), 2),
        (Delay(1), 0),
        (Forge("A", {}), 0),
        (lambda _, number: Cut(forwards=False) if number == 2 else None, 1),
    ],
)
def test_refusals_and_cuts_are_counted_as_refused(rule: AnyRule, refused: int) -> None:
    ledger = Ledger((rule,))
    ledger.judge("A")
    ledger.judge("A")
    assert ledger.counts().refused.get("A", 0) == refused


def test_a_function_is_asked_by_operation_and_number() -> None:
    asked: list[tuple[str, int]] = []
    ledger = Ledger((lambda name, number: asked.append((name, number)),))
    for name in ("A", "B", "A"):
        ledger.judge(name)
    assert asked == [("A", 1), ("B", 1), ("A", 2)]


def test_the_total_is_that_of_all_operations() -> None:
    ledger = Ledger((Expire(3),))
    answers = [ledger.judge(name).answer for name in ("A", "B", "C")]
    assert [isinstance(each, Refusal) for each in answers] == [False, False, True]


def test_counts_are_a_picture_of_their_moment() -> None:
    ledger = Ledger(())
    before = ledger.counts()
    ledger.judge("A")
    assert before.asked == {}


def test_many_threads_lose_no_call_and_repeat_the_same_refusals() -> None:
    found = set()
    for _ in range(2):
        ledger = Ledger((Throttle(0.3),))
        with ThreadPoolExecutor(32) as pool:
            list(pool.map(ledger.judge, ["A", "B"] * 2000))
        counts = ledger.counts()
        assert counts.asked == {"A": 2000, "B": 2000}
        found.add(tuple(sorted(counts.refused.items())))
    assert len(found) == 1
