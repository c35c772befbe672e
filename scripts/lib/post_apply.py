"""What follows ``cdktf deploy`` in one account and Region, as functions with typed results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.lib import product_versions
from scripts.lib.approved import planned_roles, planned_versions, restrict
from scripts.lib.clients import Clients
from scripts.lib.errors import InputError
from scripts.lib.job import Job
from scripts.lib.jumpstart import associate, service_roles
from scripts.lib.jumpstart.associate import WAIT_SECONDS, open_book
from scripts.lib.jumpstart.model import Selection
from scripts.lib.outputs import is_jumpstart, read_jumpstart_outputs
from scripts.lib.plan_file import read_plan, write_plan
from scripts.lib.product_versions import WantedVersion
from scripts.lib.report import WITH_APPLY, Report

EVERYTHING = Selection()


@dataclass(frozen=True)
class Ask:
    """What to plan or apply. ``outputs`` are files, ``ledger`` a directory; ``out`` is where to
    write the plan, ``plan_file`` one to hold to."""

    selection: Selection = EVERYTHING
    outputs: tuple[Path, ...] = ()
    ledger: Path | None = None
    wait_seconds: float = WAIT_SECONDS
    out: Path | None = None
    plan_file: Path | None = None

    def __post_init__(self) -> None:
        if self.plan_file and (self.outputs or self.selection != EVERYTHING):
            raise InputError(
                "a plan file says what is to be done: leave out --role, --domain, --user "
                "and --outputs"
            )


@dataclass(frozen=True)
class _Outputs:
    versions: tuple[WantedVersion, ...]
    service_roles: Mapping[str, str]


def make(clients: Clients, ask: Ask, *, apply: bool) -> Report:
    """Plan what is asked for and, with ``apply``, do it.

    Raises InputError for what cannot be used, AwsError or botocore's errors if AWS refuses to be
    read or cannot be reached; then nothing has been written.
    """
    outputs = _read(ask.outputs)
    book = open_book(clients, ask.ledger)
    with book.open(writing=apply):
        jobs = [
            associate.prepare(clients, ask.selection, book, wait_seconds=ask.wait_seconds),
            *_further_jobs(clients, outputs),
        ]
        if ask.out:
            changes = [change for job in jobs for change in job.changes]
            write_plan(ask.out, clients.account, changes)
        return _run(clients, jobs, apply=apply, to_apply="apply does it")


def apply_plan(clients: Clients, ask: Ask) -> Report:
    """Do what is left of the plan in ``ask.plan_file``, and nothing else.

    Raises as ``make`` does, and InputError if the account has changed in a way that matters.
    """
    if ask.plan_file is None:
        raise InputError("no plan file is given")
    planned = read_plan(ask.plan_file, clients.account)
    roles, versions = planned_roles(planned), planned_versions(planned)
    book = open_book(clients, ask.ledger)
    with book.open(writing=True):
        jobs: list[Job] = []
        if roles:
            selection = Selection(role_arns=roles)
            jobs.append(associate.prepare(clients, selection, book, wait_seconds=ask.wait_seconds))
        if versions:
            jobs.append(product_versions.prepare(clients, versions))
        return _run(clients, [restrict(job, planned) for job in jobs], apply=True)


def prune(clients: Clients, ledger: Path, *, adopt: bool, apply: bool) -> Report:
    """Find what nobody needs any more and, with ``apply``, remove it; raise as ``make`` does."""
    book = open_book(clients, ledger)
    with book.open(writing=apply):
        return _run(clients, [associate.prepare_prune(clients, book, adopt=adopt)], apply=apply)


def offboard(clients: Clients, role_arn: str, ledger: Path, *, adopt: bool, apply: bool) -> Report:
    """Undo one role, with ``apply``; raise as ``make`` does."""
    book = open_book(clients, ledger)
    with book.open(writing=apply):
        job = associate.prepare_offboard(clients, role_arn, book, adopt=adopt)
        return _run(clients, [job], apply=apply)


def _run(clients: Clients, jobs: list[Job], *, apply: bool, to_apply: str = WITH_APPLY) -> Report:
    sections = tuple(job.run(apply=apply) for job in jobs)
    return Report.of(clients, applied=apply, sections=sections, to_apply=to_apply)


def _further_jobs(clients: Clients, outputs: _Outputs) -> list[Job]:
    jobs = []
    if outputs.versions:
        jobs.append(product_versions.prepare(clients, outputs.versions))
    if outputs.service_roles:
        jobs.append(service_roles.prepare(clients, outputs.service_roles))
    return jobs


def _read(paths: tuple[Path, ...]) -> _Outputs:
    of_jumpstart = [path for path in paths if is_jumpstart(path)]
    of_notebooks = [path for path in paths if path not in of_jumpstart]
    roles: dict[str, str] = {}
    for path in of_jumpstart:
        roles.update(read_jumpstart_outputs(path).service_role_arns)
    return _Outputs(product_versions.read_wanted(of_notebooks), roles)
