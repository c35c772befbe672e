"""Asks the rules about each call, and counts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from scripts.sandbox.faults.answers import Answer, Cut, Pause, Refusal
from scripts.sandbox.faults.rules import AnyRule, ByFunction, Call, Rule


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each operation was called so far, and how often refused or cut off by a rule."""

    asked: Mapping[str, int]
    refused: Mapping[str, int]

    @property
    def total(self) -> int:
        """All calls."""
        return sum(self.asked.values())


class Verdict(NamedTuple):
    """What a call meets: `answer` in the place of the sandbox's if there is one, so much later."""

    answer: Answer | None
    seconds: float


class Ledger:
    """The rules of a proxy and its counts, for many threads."""

    def __init__(self, rules: Iterable[AnyRule]) -> None:
        self._rules = [each if isinstance(each, Rule) else ByFunction(each) for each in rules]
        self._lock = Lock()
        self._asked: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._total = 0

    def judge(self, operation: str) -> Verdict:
        """Count a call and ask every rule, in order: delays add up, the first answer holds."""
        with self._lock:
            self._asked[operation] += 1
            self._total += 1
            call = Call(operation, self._asked[operation], self._total)
        given = [rule.answer(call) for rule in self._rules]
        seconds = sum(each.seconds for each in given if isinstance(each, Pause))
        answers = [each for each in given if each is not None and not isinstance(each, Pause)]
        answer = answers[0] if answers else None
        if isinstance(answer, Refusal | Cut):
            with self._lock:
                self._refused[operation] += 1
        return Verdict(answer, seconds)

    def counts(self) -> Counts:
        with self._lock:
            return Counts(dict(self._asked), dict(self._refused))
