"""A job where the command line says: in one account, or in each of many."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts.lib.accounts import (
    DEFAULT_PARALLEL,
    AccountsReport,
    list_organization,
    read_accounts,
    run_each,
    targets_of,
    write_accounts_json,
    write_accounts_text,
)
from scripts.lib.accounts.run import opener
from scripts.lib.cli import Format
from scripts.lib.clients import Clients, open_session
from scripts.lib.errors import InputError
from scripts.lib.report import Report, write_json, write_text


@dataclass(frozen=True)
class Everywhere:
    """Where to work, and as whom. ``accounts`` is a file that lists them.

    Raises InputError for choices that exclude each other.
    """

    region: str | None = None
    profile: str | None = None
    assume_role: str | None = None
    accounts: Path | None = None
    organization: bool = False
    role_name: str | None = None
    parallel: int = DEFAULT_PARALLEL

    def __post_init__(self) -> None:
        if self.accounts and self.organization:
            raise InputError("give --accounts or --organization, not both")
        if self.are_many and self.assume_role:
            raise InputError("--assume-role is for one account: give --role-name for many")
        if self.role_name and not self.are_many:
            raise InputError("--role-name is for many accounts: give --accounts or --organization")

    @property
    def are_many(self) -> bool:
        return bool(self.accounts) or self.organization

    def require_one(self, reason: str) -> None:
        """Raise InputError if many accounts are asked for."""
        if self.are_many:
            raise InputError(f"{reason}: leave out --accounts and --organization")


def run_everywhere(
    where: Everywhere, work: Callable[[Clients], Report], output_format: Format
) -> int:
    """Do ``work`` there, print the report and return the exit code."""
    is_json = output_format is Format.JSON
    if not where.are_many:
        session = open_session(
            region=where.region, profile=where.profile, assume_role=where.assume_role
        )
        report = work(Clients(session))
        (write_json if is_json else write_text)(report, sys.stdout)
        return report.exit_code
    of_all = _run_each(where, work)
    (write_accounts_json if is_json else write_accounts_text)(of_all, sys.stdout)
    return of_all.exit_code


def _run_each(where: Everywhere, work: Callable[[Clients], Report]) -> AccountsReport:
    own = open_session(region=where.region, profile=where.profile)
    entries, skipped = (
        (read_accounts(where.accounts), ()) if where.accounts else list_organization(own)
    )
    partition = Clients(own).account.partition
    targets = targets_of(entries, partition=partition, role_name=where.role_name)
    results = run_each(
        targets,
        work,
        open_clients=opener(region=where.region, profile=where.profile, parallel=where.parallel),
        parallel=where.parallel,
    )
    return AccountsReport(results, skipped)
