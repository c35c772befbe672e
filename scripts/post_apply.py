"""The command line of what follows ``cdktf deploy``: parse, call, exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scripts.lib.accounts import DEFAULT_PARALLEL, MOST_PARALLEL
from scripts.lib.cli import (
    AssumeRoleOption,
    Format,
    FormatOption,
    ProfileOption,
    RegionOption,
    command_line,
    run,
)
from scripts.lib.clients import Clients
from scripts.lib.everywhere import Everywhere, run_everywhere
from scripts.lib.jumpstart.associate import WAIT_SECONDS
from scripts.lib.jumpstart.model import Selection
from scripts.lib.post_apply import Ask, apply_plan, make, offboard, prune
from scripts.lib.report import Report

LEDGER = Path("post-apply-ledger")

app = command_line()

RoleOption = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="ARN", help="This role, whoever uses it. May be repeated."),
]
DomainOption = Annotated[
    list[str] | None,
    typer.Option("--domain", metavar="ID", help="Only this Domain. May be repeated."),
]
UserOption = Annotated[
    list[str] | None,
    typer.Option("--user", metavar="NAME", help="Only roles of this user. May be repeated."),
]
OutputsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--outputs",
        metavar="FILE",
        help="What `terraform output -json` of a notebook stack, or of the jumpstart stack, "
        "printed. May be repeated.",
    ),
]
LedgerOption = Annotated[
    Path,
    typer.Option(
        "--ledger",
        metavar="DIR",
        envvar="POST_APPLY_LEDGER",
        help="Where to keep which associations are this tool's own.",
    ),
]
WaitOption = Annotated[
    int,
    typer.Option(
        "--wait", metavar="SECONDS", min=1, max=3600, help="How long to wait for the portfolio."
    ),
]
AccountsOption = Annotated[
    Path | None,
    typer.Option(
        "--accounts", metavar="FILE", help="In each account that this file lists, one a line."
    ),
]
OrganizationOption = Annotated[
    bool, typer.Option("--organization", help="In each active account of the Organization.")
]
RoleNameOption = Annotated[
    str | None,
    typer.Option("--role-name", metavar="NAME", help="Role to assume in each of the accounts."),
]
ParallelOption = Annotated[
    int, typer.Option("--parallel", min=1, max=MOST_PARALLEL, help="Accounts at a time.")
]
WriteOption = Annotated[bool, typer.Option("--apply", help="Write. Default: only show.")]
AdoptOption = Annotated[
    bool, typer.Option("--adopt", help="Take over associations that somebody else made.")
]


@app.command()
def plan(
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the plan into a file, for apply.")
    ] = None,
    role: RoleOption = None,
    domain: DomainOption = None,
    user: UserOption = None,
    outputs: OutputsOption = None,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
    accounts: AccountsOption = None,
    organization: OrganizationOption = False,
    role_name: RoleNameOption = None,
    parallel: ParallelOption = DEFAULT_PARALLEL,
    output_format: FormatOption = Format.TEXT,
) -> int:
    """Show what Terraform cannot hold and apply would change.

    Which roles of SageMaker users are to be associated with SageMaker's own portfolio, so that
    JumpStart works for them; and guidance and state of the notebook products' first versions.

    Exit codes: 0 nothing to do, 2 there are changes, 1 an error.
    """
    ask = Ask(_selection(role, domain, user), tuple(outputs or ()), out=out)
    where = Everywhere(region, profile, assume_role, accounts, organization, role_name, parallel)
    if out or role:
        where.require_one("--out and --role are of one account")

    def work(clients: Clients) -> Report:
        return make(clients, ask, apply=False)

    return run_everywhere(where, work, output_format)


@app.command()
def apply(
    plan_file: Annotated[
        Path | None,
        typer.Argument(metavar="PLAN", help="Just what this file of plan --out says."),
    ] = None,
    *,
    role: RoleOption = None,
    domain: DomainOption = None,
    user: UserOption = None,
    outputs: OutputsOption = None,
    ledger: LedgerOption = LEDGER,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
    accounts: AccountsOption = None,
    organization: OrganizationOption = False,
    role_name: RoleNameOption = None,
    parallel: ParallelOption = DEFAULT_PARALLEL,
    wait: WaitOption = WAIT_SECONDS,
    output_format: FormatOption = Format.TEXT,
) -> int:
    """Do what plan shows, or just what a plan file says.

    A plan file is refused if the account has changed since in a way that matters.

    Exit codes: 0 nothing left to do, 1 an error.
    """
    ask = Ask(
        _selection(role, domain, user),
        tuple(outputs or ()),
        ledger=ledger,
        wait_seconds=wait,
        plan_file=plan_file,
    )
    where = Everywhere(region, profile, assume_role, accounts, organization, role_name, parallel)
    if plan_file or role:
        where.require_one("a plan file and --role are of one account")

    def work(clients: Clients) -> Report:
        return apply_plan(clients, ask) if plan_file else make(clients, ask, apply=True)

    return run_everywhere(where, work, output_format)


@app.command("prune")
def prune_command(
    *,
    write: WriteOption = False,
    adopt: AdoptOption = False,
    ledger: LedgerOption = LEDGER,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
    accounts: AccountsOption = None,
    organization: OrganizationOption = False,
    role_name: RoleNameOption = None,
    parallel: ParallelOption = DEFAULT_PARALLEL,
    output_format: FormatOption = Format.TEXT,
) -> int:
    """Find associations that nobody needs; --apply removes them.

    Those of roles that no user or space has any more, or that are gone. Only what this tool made,
    as its ledger says; the rest is told of.

    Exit codes: 0 nothing left to do, 2 there are changes, 1 an error.
    """
    where = Everywhere(region, profile, assume_role, accounts, organization, role_name, parallel)

    def work(clients: Clients) -> Report:
        return prune(clients, ledger, adopt=adopt, apply=write)

    return run_everywhere(where, work, output_format)


@app.command("offboard")
def offboard_command(
    role_arn: Annotated[str, typer.Argument(metavar="ROLE_ARN", help="The role.")],
    *,
    write: WriteOption = False,
    adopt: AdoptOption = False,
    ledger: LedgerOption = LEDGER,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
    output_format: FormatOption = Format.TEXT,
) -> int:
    """Undo one role, with --apply.

    Its associations with SageMaker's portfolio are taken away, if this tool made them.

    Exit codes: 0 nothing left to do, 2 there are changes, 1 an error.
    """
    where = Everywhere(region=region, profile=profile, assume_role=assume_role)

    def work(clients: Clients) -> Report:
        return offboard(clients, role_arn, ledger, adopt=adopt, apply=write)

    return run_everywhere(where, work, output_format)


def _selection(
    role: list[str] | None, domain: list[str] | None, user: list[str] | None
) -> Selection:
    return Selection(
        role_arns=tuple(role) if role else None,
        domains=tuple(domain or ()),
        users=tuple(user or ()),
    )


if __name__ == "__main__":
    run(app)
