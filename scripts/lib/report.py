"""Reports: what was found, what changes, what became of it; for people or for machines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from scripts.lib.changes import Finding, Outcome, Severity, Status

if TYPE_CHECKING:
    # What it imports takes longer than a review of a plan, which has nothing to do with AWS.
    from scripts.lib.clients import Account, Clients

SHOWN_REASONS = 5
"""Lines of reasons in a text report; JSON has them all."""

WITH_APPLY = "run again with --apply"

Cell = str | int | bool | None
"""In text, truth is yes or no, and what is not known is a dash; a string may hold lines."""

EXIT_NOTHING, EXIT_ERROR, EXIT_CHANGES = 0, 1, 2


@dataclass(frozen=True)
class Table:
    """Facts in rows. ``styles`` are rich's styles of cells by their text, for terminals."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    styles: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> str:
        return _key(self.title)

    def records(self) -> list[dict[str, Cell]]:
        keys = [_key(column) for column in self.columns]
        return [dict(zip(keys, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Command:
    """A command to go on with, quoted for a shell, and what it is for."""

    purpose: str
    line: str


@dataclass(frozen=True)
class Section:
    """One subject of a report: facts, findings, changes with what became of them, what came out
    of it all, and how to go on."""

    title: str
    facts: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    results: tuple[Table, ...] = ()
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True)
class Report:
    """What a script did, or would do, in one account and Region.

    ``applied`` is None if it only looks, so that there is nothing to apply. ``calls`` are AWS's
    operations with how often each was called, and ``retries`` how often AWS was asked again.
    ``to_apply`` says how a person has done what is planned.
    """

    account: Account
    applied: bool | None
    sections: tuple[Section, ...]
    calls: Mapping[str, int] = field(default_factory=dict, hash=False)
    retries: int = 0
    to_apply: str = WITH_APPLY

    @classmethod
    def of(
        cls,
        clients: Clients,
        *,
        applied: bool | None,
        sections: tuple[Section, ...],
        to_apply: str = WITH_APPLY,
    ) -> Report:
        """Return the report of what was done with ``clients``, with their calls so far."""
        calls = clients.calls
        return cls(
            clients.account, applied, sections, calls.by_operation(), calls.retries, to_apply
        )

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(outcome for section in self.sections for outcome in section.outcomes)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for section in self.sections for finding in section.findings)

    @property
    def exit_code(self) -> int:
        """0: nothing left to do; 2: changes are planned or under way; 1: something failed or
        cannot be."""
        statuses = {outcome.status for outcome in self.outcomes}
        if statuses & {Status.FAILED, Status.NOT_ATTEMPTED}:
            return EXIT_ERROR
        if any(finding.severity is Severity.ERROR for finding in self.findings):
            return EXIT_ERROR
        return EXIT_CHANGES if statuses & {Status.PLANNED, Status.UNDER_WAY} else EXIT_NOTHING

    @property
    def summary(self) -> str:
        """One line: how many changes came to what, and what to do next."""
        counts = Counter(outcome.status for outcome in self.outcomes)
        parts = [f"{counts[status]} {status}" for status in Status if counts[status]]
        text = f"Changes: {', '.join(parts) or 'none'}."
        faults = Counter(finding.severity for finding in self.findings)
        noted = [
            f"{faults[kind]} {kind}{'s' * (faults[kind] > 1)}" for kind in Severity if faults[kind]
        ]
        if noted:
            text += f" Findings: {', '.join(noted)}."
        if counts[Status.PLANNED]:
            text += f" Nothing has been written: {self.to_apply}."
        if counts[Status.FAILED] or counts[Status.NOT_ATTEMPTED]:
            text += " Put right what failed and run again: what is done stays done."
        return text


def write_json(report: Report, stream: TextIO) -> None:
    """Write the report as one JSON document."""
    json.dump(report_data(report), stream, indent=2)
    stream.write("\n")


def report_data(report: Report) -> dict[str, object]:
    """Return what the JSON document of a report holds."""
    return {
        "account_id": report.account.account_id,
        "region": report.account.region,
        "applied": report.applied,
        "exit_code": report.exit_code,
        "sections": [_section_data(section) for section in report.sections],
    } | ({"calls": dict(report.calls), "retries": report.retries} if report.calls else {})


def _section_data(section: Section) -> dict[str, object]:
    return {
        "title": section.title,
        "facts": {table.key: table.records() for table in section.facts},
        "findings": [
            {"severity": item.severity, "subject": item.subject, "message": item.message}
            for item in section.findings
        ],
        "changes": [
            {
                "action": outcome.change.action,
                "subject": outcome.change.subject,
                "target": outcome.change.target,
                "reasons": list(outcome.change.reasons),
                "status": outcome.status,
                "detail": outcome.detail,
            }
            for outcome in section.outcomes
        ],
        "results": {table.key: table.records() for table in section.results},
        "commands": [
            {"purpose": command.purpose, "command": command.line} for command in section.commands
        ],
    }


def write_text(report: Report, stream: TextIO) -> None:
    """Write the report as tables: by rich on a terminal, else aligned plain lines."""
    mode = {True: " (applied)", False: " (dry run)", None: ""}[report.applied]
    stream.write(f"Account {report.account.account_id}, Region {report.account.region}{mode}\n")
    for section in report.sections:
        stream.write(f"\n{section.title}\n")
        for table in _tables(section):
            stream.write("\n")
            write_table(table, stream)
    if report.applied is not None or report.outcomes or report.findings:
        stream.write(f"\n{report.summary}\n")
    if report.calls:
        again = f", {report.retries} asked again" if report.retries else ""
        stream.write(f"Calls of AWS: {sum(report.calls.values())}{again}.\n")
    # Not in a table: a line that is folded cannot be pasted.
    for section in report.sections:
        for command in section.commands:
            purpose, line = (
                _text(text).replace("\n", "?") for text in (command.purpose, command.line)
            )
            stream.write(f"\nTo {purpose}:\n  {line}\n")


def _tables(section: Section) -> Iterable[Table]:
    for table in section.facts:
        yield replace(table, title=f"Found: {table.title}")
    if section.outcomes:
        columns = ("Action", "What", "Where", "Why", "Result")
        yield Table("Changes", columns, tuple(map(_outcome_row, section.outcomes)))
    if section.findings:
        rows = tuple((item.severity.value, item.subject, item.message) for item in section.findings)
        yield Table("Findings", ("Severity", "What", "Message"), rows)
    yield from section.results


def _outcome_row(outcome: Outcome) -> tuple[str, ...]:
    reasons = outcome.change.reasons
    shown = list(reasons[:SHOWN_REASONS])
    if len(reasons) > SHOWN_REASONS:
        shown.append(f"and {len(reasons) - SHOWN_REASONS} more")
    result = f"{outcome.status}: {outcome.detail}" if outcome.detail else outcome.status.value
    change = outcome.change
    return (change.action, change.subject, change.target, "\n".join(shown), result)


def write_table(table: Table, stream: TextIO) -> None:
    """Write one table: by rich on a terminal, else in aligned plain lines."""
    if stream.isatty():
        _write_rich(table, stream)
    else:
        _write_plain(table, stream)


def _write_rich(table: Table, stream: TextIO) -> None:
    console = Console(file=stream, highlight=False)
    rich_table = RichTable(title=table.title, title_justify="left")
    for column in table.columns:
        rich_table.add_column(column, overflow="fold")
    for row in table.rows:
        texts = map(_text, row)
        rich_table.add_row(*(Text(text, table.styles.get(text, "")) for text in texts))
    console.print(rich_table)


def _write_plain(table: Table, stream: TextIO) -> None:
    rows = [[_text(cell).split("\n") for cell in row] for row in (table.columns, *table.rows)]
    widths = [max(len(line) for row in rows for line in row[i]) for i in range(len(table.columns))]
    stream.write(f"  {table.title}\n")
    for row in rows:
        for line in zip_longest(*row, fillvalue=""):
            stream.write("    " + _aligned(line, widths) + "\n")
    if not table.rows:
        stream.write("    (none)\n")


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _text(cell: Cell) -> str:
    """Names come from other people: no control character of theirs reaches a terminal."""
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "".join(char if char.isprintable() or char == "\n" else "?" for char in str(cell))


def _key(title: str) -> str:
    return title.lower().replace(" ", "_").replace("-", "_")
