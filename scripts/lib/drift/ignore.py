"""Drift that somebody has accepted, with a reason, an owner and until when: a file of TOML.

[[ignore]]
subject = "aws_iam_role.Execution*"   # * and ? stand for anything; address, ARN or name
attribute = "tags*"                   # all of them if left out
plane = "terraform"                   # terraform, portfolio or launched; all if left out
stack = "notebook-*"                  # all if left out
reason = "the cost team tags by hand"
owner = "platform team"
expires = 2027-01-31                  # the last day on which it holds
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from scripts.lib.drift.model import Checked, Drift, DriftReport, Ignored, Plane
from scripts.lib.errors import one_line
from scripts.lib.toml_entries import Form, matches, read_entries, require_one_of

_FORM: Final = Form(
    "ignore",
    texts=("subject", "attribute", "plane", "stack", "reason", "owner"),
    needed=("subject", "reason", "owner", "expires"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``[[ignore]]``. All but ``reason``, ``owner`` and ``expires`` are patterns; no
    ``attribute`` means the whole finding."""

    subject: str
    reason: str
    owner: str
    expires: date
    attribute: str = ""
    plane: str = "*"
    stack: str = "*"

    def is_about(self, drift: Drift) -> bool:
        """Tell whether it speaks of a finding, whole or in part, expired or not."""
        return (
            matches(self.plane, drift.plane)
            and matches(self.stack, drift.stack)
            and matches(self.subject, drift.subject)
            and (not self.attribute or bool(self.of(drift)))
        )

    def of(self, drift: Drift) -> frozenset[str]:
        """Return which of the finding's attributes it covers."""
        names = _attributes(drift)
        if not self.attribute:
            return names
        return frozenset(name for name in names if matches(self.attribute, name))


def read_ignored(path: Path) -> tuple[Entry, ...]:
    """Return the entries of a file.

    Raises:
        InputError: it cannot be read, or an entry is wrong; the message says which.
    """
    entries = []
    for where, given in read_entries(path, _FORM):
        require_one_of(given, where, "plane", [plane.value for plane in Plane])
        entries.append(Entry(**given))
    return tuple(entries)


def with_ignored(
    report: DriftReport, entries: Sequence[Entry], today: date, *, everything: bool
) -> DriftReport:
    """Return the report with what was said of its findings.

    A finding is ignored if one entry covers it whole, or entries that hold cover each of its
    attributes. Where all that are about it have expired, it alarms and says so.

    Args:
        everything: all stacks and planes were checked, so that an entry that is about nothing
            can be told: it only waits to hide something else.
    """
    checks = tuple(_checked(check, entries, today) for check in report.checks)
    notes = report.notes
    if everything and not report.failures:
        found = [drift for check in report.checks for drift in check.drifts]
        notes += tuple(
            f"The entry for {one_line(entry.subject)} of the ignore file, by "
            f"{one_line(entry.owner)}, is about nothing any more: remove it."
            for entry in entries
            if not any(entry.is_about(drift) for drift in found)
        )
    return replace(report, checks=checks, notes=notes)


def _checked(check: Checked, entries: Sequence[Entry], today: date) -> Checked:
    return replace(check, drifts=tuple(_ignored(drift, entries, today) for drift in check.drifts))


def _ignored(drift: Drift, entries: Iterable[Entry], today: date) -> Drift:
    about = [entry for entry in entries if entry.is_about(drift)]
    whole = [entry for entry in about if _covers([entry], drift)]
    holding = [entry for entry in about if entry.expires >= today]
    if _covers(holding, drift):
        # Of one that covers all by itself the longest counts, else the first of them to end.
        alone = [entry for entry in whole if entry in holding]
        entry = max(alone, key=_end) if alone else min(holding, key=_end)
        return replace(drift, ignored=Ignored(entry.reason, entry.owner, str(entry.expires)))
    over = [entry for entry in about if entry.expires < today]
    if not over:
        return drift
    entry = max(over, key=_end)
    said = (
        f"It was ignored until {entry.expires}, by {one_line(entry.owner)}: "
        f"{one_line(entry.reason)}"
    )
    return replace(drift, what=f"{drift.what} {said}")


def _covers(entries: Iterable[Entry], drift: Drift) -> bool:
    covered: set[str] = set()
    for entry in entries:
        if not entry.attribute:
            return True
        covered |= entry.of(drift)
    return bool(covered) and covered >= _attributes(drift)


def _attributes(drift: Drift) -> frozenset[str]:
    return frozenset(
        (
            *(change.path for change in drift.attributes),
            *(rights.policy for rights in drift.rights),
        )
    )


def _end(entry: Entry) -> date:
    return entry.expires
