"""How drift went from report to report: by day, and stack by stack. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scripts.lib.drift.model import DriftReport
from scripts.lib.drift.summary import Counts, counts, part_of, stacks_of
from scripts.lib.plan_review.model import Risk

DAYS = 60
"""Days and reports that are shown; JSON has all."""


class State(StrEnum):
    """How a stack was found; the order is from good to bad."""

    UNSEEN = "not checked"
    CLEAN = "no drift"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    FAILED = "check failed"


@dataclass(frozen=True, slots=True)
class Day:
    """What the last report of a day (UTC) counted."""

    date: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Strip:
    """A stack's states, one for each report, oldest first; ``when`` are the reports' times."""

    stack: str
    states: tuple[State, ...]
    when: tuple[str, ...]

    @property
    def last_seen(self) -> str:
        """Return when it was checked last; "" if it never was."""
        seen = (at for at, state in zip(self.when, self.states, strict=True) if _is_seen(state))
        return max(seen, default="")


def days(reports: Sequence[DriftReport]) -> tuple[Day, ...]:
    """Return the last days of the reports, which are oldest first."""
    by_date = {report.when[:10]: counts(report) for report in reports}
    return tuple(Day(date, by_date[date]) for date in sorted(by_date)[-DAYS:])


def strips(reports: Sequence[DriftReport]) -> tuple[Strip, ...]:
    """Return each stack's states in the last reports, the account's own part last."""
    shown = reports[-DAYS:]
    when = tuple(report.when for report in shown)
    known = {stack for report in shown for stack in stacks_of(report)}
    return tuple(
        Strip(stack, tuple(state(report, stack) for report in shown), when)
        for stack in sorted(known, key=lambda stack: (not stack, stack))
    )


def state(report: DriftReport, stack: str) -> State:
    """Return how a report found a stack."""
    part = part_of(report, stack)
    if part.failures:
        return State.FAILED
    alarms = [drift.risk for drift in part.drifts if drift.ignored is None]
    if alarms:
        return _STATES[max(alarms)]
    is_seen = any(check.stack == stack for check in part.checks)
    return State.CLEAN if is_seen else State.UNSEEN


_STATES = {Risk.LOW: State.LOW, Risk.MEDIUM: State.MEDIUM, Risk.HIGH: State.HIGH}


def _is_seen(found: State) -> bool:
    return found not in (State.UNSEEN, State.FAILED)
