"""All of it in one call: every role that needs JumpStart gets it."""

from __future__ import annotations

from collections.abc import Iterable

import boto3

from scripts.lib.clients import Clients
from scripts.lib.job import Job
from scripts.lib.jumpstart.apply import AwsExecutor
from scripts.lib.jumpstart.demand import WantedRole, wanted_roles
from scripts.lib.jumpstart.model import Selection, State
from scripts.lib.jumpstart.observe import observe
from scripts.lib.jumpstart.plan import findings, plan
from scripts.lib.report import Report, Table

WAIT_SECONDS = 300
"""How long to wait for the portfolio after enabling, unless told otherwise."""


def associate_roles(
    session: boto3.Session,
    *,
    role_arns: Iterable[str] | None = None,
    domains: Iterable[str] = (),
    users: Iterable[str] = (),
    apply: bool = False,
    wait_seconds: float = WAIT_SECONDS,
) -> Report:
    """Let roles see SageMaker's portfolio, so that JumpStart works for their users.

    With ``role_arns`` these roles; else the roles of all users and spaces of every Domain, or
    of the Domains (by id) and users (by name) given. Nothing is written unless ``apply``. What
    AWS refuses to write is in the report; its ``exit_code`` is 0 if nothing is left to do.

    Raises InputError for an argument that cannot be used, AwsError or botocore's errors if AWS
    refuses to be read or cannot be reached; then nothing has been written.
    """
    selection = Selection(
        role_arns=None if role_arns is None else tuple(role_arns),
        domains=tuple(domains),
        users=tuple(users),
    )
    clients = Clients(session)
    job = prepare(clients, selection, wait_seconds=wait_seconds)
    return Report(clients.account, applied=apply, sections=(job.run(apply=apply),))


def prepare(clients: Clients, selection: Selection, *, wait_seconds: float = WAIT_SECONDS) -> Job:
    """Observe and plan; raise as ``associate_roles`` does."""
    state = observe(clients, selection)
    wanted = wanted_roles(state.domains, selection)
    return Job(
        title="JumpStart for custom roles",
        facts=(_domains(state, selection), _portfolios(state), _roles(state, wanted)),
        findings=findings(state, wanted),
        changes=plan(state, wanted),
        writer=AwsExecutor(clients, wait_seconds=wait_seconds),
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


def _portfolios(state: State) -> Table:
    rows = tuple(
        (portfolio.id, portfolio.name, state.enabled, len(portfolio.principals))
        for portfolio in state.portfolios
    )
    none = ((None, "not imported", state.enabled, None),)
    columns = ("Id", "Name", "Enabled", "Principals")
    return Table("SageMaker portfolios", columns, rows or none)


def _roles(state: State, wanted: tuple[WantedRole, ...]) -> Table:
    rows = tuple((role.arn, len(role.reasons), state.admits(role.arn)) for role in wanted)
    return Table("Roles", ("Role", "Uses", "JumpStart"), rows)
