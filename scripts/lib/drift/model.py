"""The words of drift detection. All is frozen data; values are printable and without secrets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scripts.lib.plan_review.model import AttributeChange, Rights, Risk


class Plane(StrEnum):
    """Where the agreement is written down that reality differs from."""

    TERRAFORM = "terraform"
    """In Terraform's state and configuration."""
    PORTFOLIO = "portfolio"
    """In the ledger of post_apply."""
    LAUNCHED = "launched"
    """In the version of a product that somebody launched."""


class Mend(StrEnum):
    """The ways to mend drift."""

    APPLY = "apply"
    """Let Terraform put it back."""
    IMPORT = "import"
    """Take it into Terraform."""
    ADOPT = "adopt"
    """Write it into the configuration: the change was right."""
    POST_APPLY = "post-apply"
    REMOVE = "remove"
    """Take away what nobody agreed on."""
    RELAUNCH = "relaunch"
    """Update or replace the launched product."""
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Remedy:
    """How to mend it. ``command`` can be pasted into a shell; "" if there is none."""

    mend: Mend
    text: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who did it, as CloudTrail tells."""

    who: str
    when: str
    event: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """Why a finding does not alarm."""

    reason: str
    owner: str
    expires: str


@dataclass(frozen=True, slots=True)
class Drift:
    """One cause, one line.

    Attributes:
        stack: "" if no stack has it.
        subject: address, or ARN or name of what AWS has.
        what: one sentence, what happened: "Rotation was switched off."
        expected, actual: what it should be and what it is, for people.
        attributes: what differs, one by one.
        rights: what a policy's change means.
        folded: other places that show the same cause, such as a mirrored attribute.
        remedies: the best first.
        author: None if CloudTrail was not asked or does not know.
        ignored: None if it alarms.
    """

    plane: Plane
    stack: str
    subject: str
    what: str
    expected: str
    actual: str
    risk: Risk
    attributes: tuple[AttributeChange, ...] = ()
    rights: tuple[Rights, ...] = ()
    folded: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    author: Author | None = None
    ignored: Ignored | None = None


@dataclass(frozen=True, slots=True)
class Noise:
    """What differs and means nothing, with the reason; folded, never an alarm."""

    stack: str
    reason: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that could not be made: that is an error and never drift.

    ``reason`` is one line: expired credentials, a held lock, a missing provider.
    """

    plane: Plane
    stack: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check of one plane found. ``stack`` is "" for the account's planes."""

    plane: Plane
    stack: str
    drifts: tuple[Drift, ...] = ()
    noise: tuple[Noise, ...] = ()
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class DriftReport:
    """All checks of one run. ``when`` is UTC, as 2026-01-31T04:00:00Z.

    ``notes`` is what a reader should know and is neither drift nor a failure, a sentence each.
    """

    when: str
    account_id: str
    region: str
    checks: tuple[Checked, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def drifts(self) -> tuple[Drift, ...]:
        """Return all, the worst first, those ignored last."""
        every = (drift for check in self.checks for drift in check.drifts)
        return tuple(sorted(every, key=lambda item: (item.ignored is not None, -item.risk)))

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Return all checks that could not be made."""
        return tuple(failure for check in self.checks for failure in check.failures)

    @property
    def exit_code(self) -> int:
        """0 nothing, 2 drift that is not ignored, 1 a check failed, whatever else was found."""
        if self.failures:
            return 1
        return 2 if any(drift.ignored is None for drift in self.drifts) else 0
