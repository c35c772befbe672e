"""All of it in one call: every role that needs JumpStart gets it, and what nobody needs goes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import boto3

from scripts.lib.clients import WORKERS, Clients
from scripts.lib.job import Job
from scripts.lib.jumpstart.apply import AwsExecutor
from scripts.lib.jumpstart.demand import WantedRole, wanted_roles
from scripts.lib.jumpstart.ledger_file import Book, LedgerFile
from scripts.lib.jumpstart.model import Selection, State
from scripts.lib.jumpstart.observe import check_role_arn, observe, observe_associations
from scripts.lib.jumpstart.plan import findings, plan
from scripts.lib.jumpstart.removal import Removal, plan_offboard, plan_prune
from scripts.lib.report import Report, Table

WAIT_SECONDS = 300
"""How long to wait for the portfolio after enabling, unless told otherwise."""

EVERYBODY = Selection(leaving=True)


def associate_roles(
    session: boto3.Session,
    *,
    role_arns: Iterable[str] | None = None,
    domains: Iterable[str] = (),
    users: Iterable[str] = (),
    apply: bool = False,
    wait_seconds: float = WAIT_SECONDS,
    ledger: Path | None = None,
    workers: int = WORKERS,
) -> Report:
    """Let roles see SageMaker's portfolio, so that JumpStart works for their users.

    With ``role_arns`` these roles; else the roles of all users and spaces of every Domain, or
    of the Domains (by id) and users (by name) given. Nothing is written unless ``apply``. What
    AWS refuses to write is in the report; its ``exit_code`` is 0 if nothing is left to do.

    ``ledger`` is the directory in which is kept what this tool associated; without one, a later
    prune or offboarding does not know these associations for its own. ``workers`` is how many
    calls go side by side.

    Raises InputError for an argument that cannot be used, AwsError or botocore's errors if AWS
    refuses to be read or cannot be reached; then nothing has been written.
    """
    selection = Selection(
        role_arns=None if role_arns is None else tuple(role_arns),
        domains=tuple(domains),
        users=tuple(users),
    )
    clients = Clients(session, workers=workers)
    book = open_book(clients, ledger)
    with book.open(writing=apply):
        job = prepare(clients, selection, book, wait_seconds=wait_seconds)
        return Report.of(clients, applied=apply, sections=(job.run(apply=apply),))


def open_book(clients: Clients, ledger: Path | None) -> Book:
    """Return the ledger of the clients' account and Region, in the directory ``ledger``."""
    return Book(None if ledger is None else LedgerFile(ledger, clients.account))


def prepare(
    clients: Clients, selection: Selection, book: Book, *, wait_seconds: float = WAIT_SECONDS
) -> Job:
    """Observe and plan; raise as ``associate_roles`` does."""
    state = observe(clients, selection)
    wanted = wanted_roles(state.domains, selection)
    return Job(
        title="JumpStart for custom roles",
        facts=(_domains(state, selection), portfolios_table(state), _roles(state, wanted)),
        findings=findings(state, wanted),
        changes=plan(state, wanted),
        writer=AwsExecutor(clients, book, wait_seconds=wait_seconds),
    )


def prepare_prune(clients: Clients, book: Book, *, adopt: bool) -> Job:
    """Observe and plan; raise as ``associate_roles`` does."""
    state = observe_associations(clients, EVERYBODY)
    used = wanted_roles(state.domains, EVERYBODY)
    removal = plan_prune(state, used, book.ledger, adopt=adopt)
    return _removal_job("Associations that nobody needs", clients, book, state, removal)


def prepare_offboard(clients: Clients, role_arn: str, book: Book, *, adopt: bool) -> Job:
    """Observe and plan; raise as ``associate_roles`` does."""
    check_role_arn(clients, role_arn)
    state = observe_associations(clients, EVERYBODY)
    used = wanted_roles(state.domains, EVERYBODY)
    removal = plan_offboard(state, role_arn, used, book.ledger, adopt=adopt)
    return _removal_job(f"Offboarding of {role_arn}", clients, book, state, removal)


def _removal_job(title: str, clients: Clients, book: Book, state: State, removal: Removal) -> Job:
    return Job(
        title=title,
        facts=(_domains(state, EVERYBODY), portfolios_table(state)),
        findings=removal.findings,
        changes=removal.changes,
        writer=AwsExecutor(clients, book, wait_seconds=0),
    )


def _domains(state: State, selection: Selection) -> Table:
    seen = selection.role_arns is None
    rows = tuple(
        (
            domain.id,
            domain.name,
            domain.status,
            domain.auth_mode,
            len(domain.users) if seen else None,
            len(domain.spaces) if seen else None,
        )
        for domain in state.domains
    )
    return Table("Domains", ("Id", "Name", "Status", "Sign-in", "Users", "Spaces"), rows)


def portfolios_table(state: State) -> Table:
    rows = tuple(
        (portfolio.id, portfolio.name, state.enabled, len(portfolio.principals), state.quota.limit)
        for portfolio in state.portfolios
    )
    none = ((None, "not imported", state.enabled, None, state.quota.limit),)
    columns = ("Id", "Name", "Enabled", "Principals", "Quota")
    return Table("SageMaker portfolios", columns, rows or none)


def _roles(state: State, wanted: tuple[WantedRole, ...]) -> Table:
    rows = tuple(
        (role.arn, len(role.reasons), state.admits(role.arn), _patterns(state, role.arn))
        for role in wanted
    )
    return Table("Roles", ("Role", "Uses", "JumpStart", "By pattern"), rows)


def _patterns(state: State, role_arn: str) -> str | None:
    """The patterns by which a role sees portfolios that do not name it."""
    covering = {
        pattern.arn
        for portfolio in state.portfolios
        if role_arn not in portfolio.roles
        for pattern in portfolio.patterns
        if pattern.covers(role_arn)
    }
    return ", ".join(sorted(covering)) or None
