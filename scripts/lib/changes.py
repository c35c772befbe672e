"""What the scripts have in common: changes as frozen data, and executors that carry them out.

A planner makes changes and touches nothing; an executor performs them and decides nothing.
The dry run is an executor as well: the same plan goes through the same code.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from botocore.exceptions import BotoCoreError, ClientError

from scripts.lib.errors import ToolError, describe, is_unreachable

log = logging.getLogger(__name__)


class Status(StrEnum):
    """What became of a change. One under way goes on in AWS, whether anybody looks or not."""

    PLANNED = "planned"
    DONE = "done"
    UNDER_WAY = "under way"
    FAILED = "failed"
    NOT_ATTEMPTED = "not attempted"


class Severity(StrEnum):
    """An error makes the run fail; a warning is for a person to look at."""

    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, order=True)
class Finding:
    """Something that the planner saw and that is not a change."""

    severity: Severity
    subject: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Change(ABC):
    """One write. ``reasons`` say who needs it."""

    reasons: tuple[str, ...] = ()

    is_gate: ClassVar[bool] = False
    """If it fails, what comes after it is not attempted."""

    @property
    @abstractmethod
    def action(self) -> str:
        """The verb: ``enable``, ``associate``."""

    @property
    @abstractmethod
    def subject(self) -> str:
        """What is changed."""

    @property
    @abstractmethod
    def target(self) -> str:
        """Where it is changed."""

    def __str__(self) -> str:
        return f"{self.action} {self.subject} ({self.target})"


@dataclass(frozen=True)
class Outcome:
    """A change and what became of it."""

    change: Change
    status: Status
    detail: str = ""


class Executor(ABC):
    """Carries out changes, one at a time."""

    success: ClassVar[Status]

    def expand(self, change: Change) -> Sequence[Change]:
        """Return what ``change`` amounts to, now that the changes before it are made."""
        return (change,)

    @abstractmethod
    def perform(self, change: Change) -> str:
        """Make ``change`` and return a remark for the report, or raise."""


class DryRun(Executor):
    """Performs nothing."""

    success = Status.PLANNED

    def perform(self, change: Change) -> str:  # noqa: ARG002 - that is the point
        return ""


def carry_out(changes: Iterable[Change], executor: Executor) -> tuple[Outcome, ...]:
    """Hand each change to the executor and return what became of it.

    A failed change does not stop those that do not depend on it. After a failed gate, or when
    AWS can no longer be reached, the rest is reported as not attempted.
    """
    outcomes: list[Outcome] = []
    queue = deque(changes)
    blocked = ""
    while queue:
        change = queue.popleft()
        if blocked:
            outcomes.append(Outcome(change, Status.NOT_ATTEMPTED, blocked))
            continue
        try:
            parts = executor.expand(change)
            if parts != (change,):
                queue.extendleft(reversed(parts))
                continue
            outcome = Outcome(change, executor.success, executor.perform(change))
        except (ToolError, BotoCoreError, ClientError) as exc:
            text = str(exc) if isinstance(exc, ToolError) else describe(exc)
            outcome = Outcome(change, Status.FAILED, text)
            if change.is_gate or is_unreachable(exc):
                blocked = f"because this failed: {change}"
        outcomes.append(outcome)
        if outcome.status is not Status.PLANNED:
            log.info("%s: %s", outcome.status, change)
    return tuple(outcomes)
