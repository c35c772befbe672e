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

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from scripts.lib.errors import InputError, one_line
from scripts.lib.plan_review.model import Acknowledgement, Finding

_TEXTS: Final = ("rule", "reason", "address", "stack", "owner")
_NEEDED: Final = ("rule", "reason", "expires")


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
            and _matches(self.address, finding.address)
            and _matches(self.stack, stack)
        )


def read_acknowledgements(path: Path, rules: Collection[str]) -> tuple[Entry, ...]:
    """Return the entries of a file.

    Args:
        rules: the ids that there are.

    Raises:
        InputError: it cannot be read, or an entry is wrong; the message says which.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as exc:
        raise InputError(f"{one_line(path)}: cannot be read: {exc.strerror}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise InputError(one_line(f"{path}: is not TOML: {exc}")) from exc
    if strange := sorted(document.keys() - {"acknowledge"}):
        raise InputError(
            one_line(f"{path}: {strange[0]}: not known; allowed is [[acknowledge]] alone")
        )
    given = document.get("acknowledge", [])
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        raise InputError(one_line(f"{path}: acknowledge: must be a list, as [[acknowledge]]"))
    return tuple(
        _entry(entry, one_line(f"{path}: acknowledge {number}"), rules)
        for number, entry in enumerate(given, 1)
    )


def _entry(given: Mapping[str, Any], where: str, rules: Collection[str]) -> Entry:
    for name, value in given.items():
        if name not in (*_TEXTS, "expires"):
            allowed = ", ".join((*_TEXTS, "expires"))
            raise InputError(f"{where}: {one_line(name)}: not known; allowed are {allowed}")
        if name in _TEXTS and not (isinstance(value, str) and value.strip()):
            raise InputError(f"{where}: {name}: is {_shown(value)}; must be a text")
    for name in _NEEDED:
        if name not in given:
            raise InputError(f"{where}: {name}: is missing; needed are {', '.join(_NEEDED)}")
    if given["rule"] not in rules:
        known = ", ".join(sorted(rules))
        raise InputError(f"{where}: rule: is {_shown(given['rule'])}; allowed are {known}")
    expires = given["expires"]
    if isinstance(expires, datetime) or not isinstance(expires, date):
        raise InputError(
            f"{where}: expires: is {_shown(expires)}; must be a date without quotes, as 2027-01-31"
        )
    return Entry(**given)


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


def _matches(pattern: str, text: str) -> bool:
    """As a shell's patterns, but for brackets, which addresses have."""
    wanted = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wanted, text, re.DOTALL) is not None


def _shown(value: object) -> str:
    return one_line(repr(value), 60)
