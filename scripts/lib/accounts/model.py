"""Accounts, the role to assume in each of them, and what came of each: frozen data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from scripts.lib.errors import InputError, one_line
from scripts.lib.report import EXIT_CHANGES, EXIT_ERROR, EXIT_NOTHING, Report
from scripts.lib.role_arn import RoleArn

_ROLE_NAME = re.compile(r"/?((?:[\w+=,.@-]+/)*[\w+=,.@-]{1,64})", re.ASCII)


class AccountStatus(StrEnum):
    """What came of an account."""

    OK = "ok"
    CHANGES = "changes"
    FAILED = "failed"
    NOT_STARTED = "not started"


@dataclass(frozen=True)
class AccountEntry:
    """An account of a list. What it leaves out is the same for all, and asked for elsewhere."""

    account_id: str
    name: str = ""
    role_arn: str | None = None
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class SkippedAccount:
    """An account that the Organization lists and that cannot be worked in."""

    account_id: str
    name: str
    state: str


@dataclass(frozen=True)
class Target:
    """One run: an account, the role to assume there, and a Region (None: the caller's)."""

    account_id: str
    name: str
    role_arn: str
    region: str | None = None

    def __str__(self) -> str:
        return " ".join(filter(None, (self.account_id, one_line(self.name, 60), self.region)))


def targets_of(
    entries: Iterable[AccountEntry], *, partition: str, role_name: str | None
) -> tuple[Target, ...]:
    """Return the runs that ``entries`` amount to, in their order; one for each Region named.

    ``role_name`` is the role of an entry that names none: a name, or a path and a name.

    Raises InputError if a role is missing or is not of its account and ``partition``, or if
    there is no account at all.
    """
    name = None if role_name is None else _checked(role_name)
    targets = tuple(
        Target(entry.account_id, entry.name, role_arn, region)
        for entry in entries
        for role_arn in [_role_arn(entry, partition, name)]
        for region in entry.regions or (None,)
    )
    if not targets:
        raise InputError("no account to work in: the list is empty")
    return targets


def _checked(role_name: str) -> str:
    match = _ROLE_NAME.fullmatch(role_name)
    if match is None:
        raise InputError(
            f"--role-name {one_line(role_name, 100)!r} is not the name of a role: expected a name "
            "such as JumpStartPostApply, or a path and a name, of letters, digits and +=,.@_-"
        )
    return match[1]


def _role_arn(entry: AccountEntry, partition: str, role_name: str | None) -> str:
    if entry.role_arn is None:
        if role_name is None:
            raise InputError(
                f"account {entry.account_id} names no role to assume: give --role-name"
            )
        return f"arn:{partition}:iam::{entry.account_id}:role/{role_name}"
    if not RoleArn.parse(entry.role_arn).is_of(partition, entry.account_id):
        raise InputError(
            f"{entry.role_arn!r} is not a role of account {entry.account_id}: "
            f"expected arn:{partition}:iam::{entry.account_id}:role/..."
        )
    return entry.role_arn


@dataclass(frozen=True)
class AccountResult:
    """What came of one run: a report, or why there is none.

    ``error`` is one line, and empty if the work came to its end, whatever its report says.
    """

    target: Target
    report: Report | None = None
    error: str = ""
    started: bool = True

    @property
    def status(self) -> AccountStatus:
        if not self.started:
            return AccountStatus.NOT_STARTED
        if self.report is None or self.report.exit_code == EXIT_ERROR:
            return AccountStatus.FAILED
        changes = self.report.exit_code == EXIT_CHANGES
        return AccountStatus.CHANGES if changes else AccountStatus.OK


@dataclass(frozen=True)
class AccountsReport:
    """What came of all of them, in the order in which they were asked for."""

    results: tuple[AccountResult, ...]
    skipped: tuple[SkippedAccount, ...] = ()

    @property
    def exit_code(self) -> int:
        """1: an account failed, or was not come to; 2: one has changes; 0: nothing left to do."""
        statuses = {result.status for result in self.results}
        if statuses & {AccountStatus.FAILED, AccountStatus.NOT_STARTED}:
            return EXIT_ERROR
        return EXIT_CHANGES if AccountStatus.CHANGES in statuses else EXIT_NOTHING
