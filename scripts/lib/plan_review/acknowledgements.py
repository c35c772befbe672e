"""Findings that somebody has accepted, with a reason and until when: a file of TOML.

[[acknowledge]]
rule = "key-destroyed"
address = "aws_kms_key.Old*"      # * and ? stand for anything; all if left out
stack = "notebook-*"              # likewise
reason = "emptied last week"
owner = "platform team"           # may be left out
expires = 2027-01-31              # the last day on which it holds
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from scripts.lib.errors import one_line
from scripts.lib.plan_review.model import Acknowledgement, Finding
from scripts.lib.toml_entries import Form, matches, read_entries, require_one_of

_FORM: Final = Form(
    "acknowledge",
    texts=("rule", "reason", "address", "stack", "owner"),
    needed=("rule", "reason", "expires"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``[[acknowledge]]``; ``address`` and ``stack`` are patterns."""

    rule: str
    reason: str
    expires: date
    address: str = "*"
    stack: str = "*"
    owner: str = ""

    def is_about(self, finding: Finding, stack: str) -> bool:
        """Tell whether it speaks of a finding, expired or not."""
        return (
            self.rule == finding.rule
            and matches(self.address, finding.address)
            and matches(self.stack, stack)
        )


def read_acknowledgements(path: Path, rules: Collection[str]) -> tuple[Entry, ...]:
    """Return the entries of a file.

    Args:
        rules: the ids that there are.

    Raises:
        InputError: it cannot be read, or an entry is wrong; the message says which.
    """
    entries = []
    for where, given in read_entries(path, _FORM):
        require_one_of(given, where, "rule", rules)
        entries.append(Entry(**given))
    return tuple(entries)


def acknowledged(
    findings: Iterable[Finding], stack: str, entries: Iterable[Entry], today: date
) -> tuple[Finding, ...]:
    """Return the findings with what was said of them.

    The entry that holds longest counts. Where all have expired, the finding says so.
    """
    known = tuple(entries)
    return tuple(_acknowledged(finding, stack, known, today) for finding in findings)


def _acknowledged(finding: Finding, stack: str, entries: tuple[Entry, ...], today: date) -> Finding:
    about = [entry for entry in entries if entry.is_about(finding, stack)]
    if not about:
        return finding
    entry = max(about, key=lambda each: each.expires)
    if entry.expires < today:
        over = f"It was acknowledged until {entry.expires}: {one_line(entry.reason)}"
        return replace(finding, message=f"{finding.message} {over}")
    said = Acknowledgement(entry.rule, entry.reason, str(entry.expires), entry.owner)
    return replace(finding, acknowledged=said)
