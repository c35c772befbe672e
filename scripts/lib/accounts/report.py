"""One report over many accounts: a line for each, then those that have something to say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import TextIO

from scripts.lib.accounts.model import AccountResult, AccountsReport, AccountStatus
from scripts.lib.changes import Severity, Status
from scripts.lib.report import EXIT_ERROR, Cell, Report, Table, report_data, write_table, write_text


def write_accounts_text(report: AccountsReport, stream: TextIO) -> None:
    """Write a table of all accounts, and details of those with changes or errors.

    Of the others their warnings are shown: most accounts of an Organization have no Domain.
    """
    columns = ("Account", "Name", "Region", "Result", "Changes", "Findings", "Error")
    write_table(Table("Accounts", columns, tuple(map(_row, report.results))), stream)
    if report.skipped:
        rows = tuple((each.account_id, each.name, each.state) for each in report.skipped)
        stream.write("\n")
        write_table(Table("Not active, left out", ("Account", "Name", "State"), rows), stream)
    warnings = tuple(row for result in report.results for row in _warnings(result))
    if warnings:
        stream.write("\n")
        write_table(Table("Warnings", ("Account", "Region", "What", "Message"), warnings), stream)
    for result in report.results:
        if result.report and _needs_details(result.report):
            stream.write("\n")
            write_text(result.report, stream)
    stream.write(f"\n{summary(report)}\n")


def _needs_details(report: Report) -> bool:
    return bool(report.outcomes) or report.exit_code == EXIT_ERROR


def _warnings(result: AccountResult) -> Iterator[tuple[Cell, ...]]:
    report = result.report
    if report and not _needs_details(report):
        for finding in report.findings:
            yield (
                result.target.account_id,
                report.account.region,
                finding.subject,
                finding.message,
            )


def summary(report: AccountsReport) -> str:
    """One line: how many accounts came to what, and what to do next."""
    counts = Counter(result.status for result in report.results)
    parts = [f"{counts[status]} {status}" for status in AccountStatus if counts[status]]
    text = f"Accounts: {', '.join(parts)}."
    if report.skipped:
        text += f" Left out: {len(report.skipped)} not active."
    if report.exit_code == EXIT_ERROR:
        text += " Put right what failed and run again: what is done stays done."
    return text


def _row(result: AccountResult) -> tuple[Cell, ...]:
    target, report = result.target, result.report
    region = report.account.region if report else target.region
    changes = findings = None
    if report:
        statuses = Counter(outcome.status for outcome in report.outcomes)
        kinds = Counter(finding.severity for finding in report.findings)
        changes = ", ".join(f"{statuses[each]} {each}" for each in Status if statuses[each])
        findings = ", ".join(
            f"{kinds[each]} {each}{'s' * (kinds[each] > 1)}" for each in Severity if kinds[each]
        )
    return (
        target.account_id,
        target.name or None,
        region,
        result.status.value,
        changes if changes is None else changes or "none",
        findings if findings is None else findings or "none",
        result.error or None,
    )


def write_accounts_json(report: AccountsReport, stream: TextIO) -> None:
    """Write all of it as one JSON document."""
    document = {
        "exit_code": report.exit_code,
        "accounts": [_account_data(result) for result in report.results],
        "skipped": [
            {"account_id": each.account_id, "name": each.name, "state": each.state}
            for each in report.skipped
        ],
    }
    json.dump(document, stream, indent=2)
    stream.write("\n")


def _account_data(result: AccountResult) -> dict[str, object]:
    return {
        "account_id": result.target.account_id,
        "name": result.target.name,
        "region": result.report.account.region if result.report else result.target.region,
        "status": result.status,
        "error": result.error or None,
        "report": report_data(result.report) if result.report else None,
    }
