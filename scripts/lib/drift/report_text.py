"""A drift report for people at a terminal; plain lines where there is none."""

from __future__ import annotations

import textwrap
from typing import Final, TextIO

from rich.console import Console
from rich.text import Text

from scripts.lib.drift.model import Drift, DriftReport, Noise
from scripts.lib.drift.summary import headline
from scripts.lib.plan_review.printable import printable
from scripts.lib.report import Table, write_table

STYLES: Final = {"high": "bold red", "medium": "yellow", "low": "cyan"}
WIDTH: Final = 100
VALUE_LIMIT: Final = 400
"""Characters of a value that are shown; JSON has all of it."""

FOLDED_LIMIT: Final = 8
"""Places of one cause that are named."""
NAMED_LIMIT: Final = 2
"""Places that mean nothing that are named; more are counted."""


class _Page:
    """Writes lines; no control character in other people's names gets any further."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self._console = Console(file=stream, highlight=False) if stream.isatty() else None

    def raw(self, text: str = "", style: str = "") -> None:
        """Write one line as it is, but printable: what is to be copied is never wrapped."""
        line = printable(text)
        if self._console and style:
            self._console.print(Text(line, style), soft_wrap=True)
        else:
            self.stream.write(f"{line}\n")

    def line(self, text: str, indent: int = 0) -> None:
        """Write a sentence, wrapped between words."""
        wrapped = textwrap.wrap(
            printable(text),
            WIDTH,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + 2),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for part in wrapped:
            self.stream.write(f"{part}\n")


def write_text(report: DriftReport, stream: TextIO) -> None:
    """Write the report, with colours if ``stream`` is a terminal."""
    page = _Page(stream)
    where = f"Account {report.account_id or 'unknown'}, Region {report.region}, {report.when}"
    page.raw(where)
    page.raw(headline(report), "bold")
    _failures(page, report)
    for drift in report.drifts:
        if drift.ignored is None:
            _drift(page, drift)
    _ignored(page, report)
    _noise(page, report)
    for note in report.notes:
        page.raw()
        page.line(f"Note: {note}")
    _checks(page, report)


def _failures(page: _Page, report: DriftReport) -> None:
    if report.failures:
        page.raw()
        page.raw("Could not be checked (an error is no drift):", "bold")
    for failure in report.failures:
        where = f"{failure.plane} {failure.stack}".strip()
        page.line(f"{where}: {failure.reason}", indent=2)


def _drift(page: _Page, drift: Drift) -> None:
    risk = str(drift.risk)
    stack = f" ({drift.stack})" if drift.stack else ""
    page.raw()
    page.raw(f"{risk}: {drift.subject}{stack}", STYLES[risk])
    page.line(drift.what, indent=2)
    page.line(f"Should be: {_value(drift.expected)}", indent=2)
    page.line(f"Is:        {_value(drift.actual)}", indent=2)
    for change in drift.attributes:
        page.raw(f"  {change.path}: {_side(change.before)} -> {_side(change.after)}")
    for rights in drift.rights:
        for sentence in rights.gained:
            page.line(f"gained: {sentence}", indent=2)
        for sentence in rights.lost:
            page.line(f"lost: {sentence}", indent=2)
        if rights.unreadable:
            page.line(f"{rights.policy} cannot be compared: {rights.unreadable}", indent=2)
    if drift.folded:
        page.line(f"The same cause shows in {places(drift.folded)}.", indent=2)
    if drift.author:
        author = drift.author
        page.line(f"By {author.who}, {author.when} ({author.event})", indent=2)
    for remedy in drift.remedies:
        page.line(f"{remedy.mend}: {remedy.text}", indent=2)
        if remedy.command:
            page.raw(f"    {remedy.command}")


def _ignored(page: _Page, report: DriftReport) -> None:
    rows = tuple(
        (
            str(drift.risk),
            drift.subject,
            drift.what,
            f"{drift.ignored.reason} ({drift.ignored.owner})",
            drift.ignored.expires,
        )
        for drift in report.drifts
        if drift.ignored
    )
    if rows:
        page.raw()
        columns = ("Risk", "What", "Drift", "Reason", "Until")
        write_table(Table("Ignored", columns, rows), page.stream)


def _noise(page: _Page, report: DriftReport) -> None:
    """Count by reason: there is much of it where nothing is wrong. JSON names the places."""
    by_reason: dict[str, list[Noise]] = {}
    for check in report.checks:
        for noise in check.noise:
            by_reason.setdefault(noise.reason, []).append(noise)
    if by_reason:
        page.raw()
        page.raw("Differs and means nothing:", "bold")
    for reason, found in by_reason.items():
        names = tuple(name for noise in found for name in noise.places)
        if len(names) <= NAMED_LIMIT:
            page.line(f"{reason}: {', '.join(names)}", indent=2)
        else:
            stacks = ", ".join(dict.fromkeys(noise.stack for noise in found if noise.stack))
            page.line(f"{reason}: {len(names):,} places{' in ' * bool(stacks)}{stacks}", indent=2)


def _checks(page: _Page, report: DriftReport) -> None:
    rows = tuple(
        (
            check.plane.value,
            check.stack or None,
            sum(drift.ignored is None for drift in check.drifts),
            "failed" if check.failures else "done",
            f"{check.seconds:.1f}",
        )
        for check in report.checks
    )
    page.raw()
    columns = ("Plane", "Stack", "Drift", "Check", "Seconds")
    write_table(Table("Checks", columns, rows), page.stream)


def places(names: tuple[str, ...]) -> str:
    """Return names of places, not too many of them, with their count."""
    shown = ", ".join(names[:FOLDED_LIMIT])
    more = len(names) - FOLDED_LIMIT
    return f"{shown} and {more:,} more" if more > 0 else shown


def _side(value: str | None) -> str:
    return "(none)" if value is None else _value(value)


def _value(text: str) -> str:
    return text if len(text) <= VALUE_LIMIT else f"{text[:VALUE_LIMIT]}..."
