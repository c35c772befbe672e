"""What a drift report comes to: counts, one sentence, and what of it is of one stack. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scripts.lib.drift.model import Checked, DriftReport, Plane
from scripts.lib.plan_review.model import Risk

ACCOUNT = ""
"""In place of a stack's name: what belongs to no stack."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings alarm, by risk, how many are ignored, and how many checks failed."""

    high: int = 0
    medium: int = 0
    low: int = 0
    ignored: int = 0
    failed: int = 0

    @property
    def alarms(self) -> int:
        return self.high + self.medium + self.low

    def of(self, risk: Risk) -> int:
        return {Risk.HIGH: self.high, Risk.MEDIUM: self.medium, Risk.LOW: self.low}[risk]


def counts(report: DriftReport) -> Counts:
    """Count what is in a report."""
    alarms = [drift.risk for drift in report.drifts if drift.ignored is None]
    return Counts(
        high=alarms.count(Risk.HIGH),
        medium=alarms.count(Risk.MEDIUM),
        low=alarms.count(Risk.LOW),
        ignored=len(report.drifts) - len(alarms),
        failed=len(report.failures),
    )


def headline(report: DriftReport) -> str:
    """Say in one sentence what the report comes to."""
    number = counts(report)
    parts = []
    if number.alarms:
        by_risk = ", ".join(
            f"{number.of(risk):,} {risk}" for risk in reversed(Risk) if number.of(risk)
        )
        parts.append(f"{number.alarms:,} drifted ({by_risk})")
    elif not number.failed:
        parts.append("Nothing drifted")
    if number.failed:
        plural = "s" * (number.failed > 1)
        parts.append(f"{number.failed:,} check{plural} could not be made")
    if number.ignored:
        parts.append(f"{number.ignored:,} ignored")
    return f"{', '.join(parts)}."


def stack_title(stack: str) -> str:
    """Return how people call a stack, or what belongs to none."""
    return f"stack {stack}" if stack else "the account"


def stacks_of(report: DriftReport) -> tuple[str, ...]:
    """Return the stacks that the report says something of, the account's own part last."""
    found = {check.stack for check in report.checks}
    for check in report.checks:
        found.update(item.stack for item in check.drifts)
        found.update(item.stack for item in check.noise)
        found.update(item.stack for item in check.failures)
    return tuple(sorted(found, key=lambda stack: (stack == ACCOUNT, stack)))


def part_of(report: DriftReport, stack: str) -> DriftReport:
    """Return what is of one stack, whichever check found it."""
    parts = tuple(_part(check, stack) for check in report.checks)
    kept = tuple(
        part for part in parts if part.stack == stack or part.drifts or part.noise or part.failures
    )
    return replace(report, checks=kept, notes=())


def is_checked(report: DriftReport, stack: str) -> bool:
    """Tell whether every check that could find drift of the stack was made, and none failed.

    Only then does no finding mean that there is no drift.
    """
    own = Plane.TERRAFORM if stack else Plane.PORTFOLIO
    planes = {
        check.plane
        for check in report.checks
        if check.stack == (stack if check.plane is own else "")
    }
    if not {own, Plane.LAUNCHED} <= planes:
        return False
    return not any(
        failure.stack == stack or (failure.plane is Plane.LAUNCHED and not failure.stack)
        for failure in report.failures
    )


def _part(check: Checked, stack: str) -> Checked:
    return replace(
        check,
        drifts=tuple(item for item in check.drifts if item.stack == stack),
        noise=tuple(item for item in check.noise if item.stack == stack),
        failures=tuple(item for item in check.failures if item.stack == stack),
    )
