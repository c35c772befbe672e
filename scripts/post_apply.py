"""The command line of what follows ``cdktf deploy``: parse, call, exit code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from scripts.lib import product_versions
from scripts.lib.cli import (
    AssumeRoleOption,
    Format,
    FormatOption,
    ProfileOption,
    RegionOption,
    command_line,
    run,
)
from scripts.lib.clients import Clients, open_session
from scripts.lib.jumpstart.associate import WAIT_SECONDS, prepare
from scripts.lib.jumpstart.model import Selection
from scripts.lib.report import Report, write_json, write_text

app = command_line()


@app.command()
def post_apply(
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Write. Default: only show.")] = False,
    role: Annotated[
        list[str] | None,
        typer.Option(metavar="ARN", help="This role, whoever uses it. May be repeated."),
    ] = None,
    domain: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this Domain. May be repeated."),
    ] = None,
    user: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only roles of this user profile. May be repeated."),
    ] = None,
    outputs: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="What `terraform output -json` of a notebook stack printed. May be repeated.",
        ),
    ] = None,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
    wait: Annotated[
        int,
        typer.Option(
            metavar="SECONDS", min=1, max=3600, help="How long to wait for the portfolio."
        ),
    ] = WAIT_SECONDS,
    output_format: FormatOption = Format.TEXT,
) -> int:
    """After cdktf deploy: what Terraform cannot hold.

    Associates the roles of SageMaker users with SageMaker's own portfolio, so that JumpStart
    works for them, and sets guidance and state of the notebook products' first versions. Shows
    what would change; --apply makes it so.

    Exit codes: 0 nothing left to do, 2 there are changes, 1 an error.
    """
    selection = Selection(
        role_arns=tuple(role) if role else None,
        domains=tuple(domain or ()),
        users=tuple(user or ()),
    )
    wanted = product_versions.read_wanted(outputs or ())
    session = open_session(region=region, profile=profile, assume_role=assume_role)
    clients = Clients(session)
    jobs = [prepare(clients, selection, wait_seconds=wait)]
    if wanted:
        jobs.append(product_versions.prepare(clients, wanted))
    sections = tuple(job.run(apply=apply) for job in jobs)
    report = Report(clients.account, applied=apply, sections=sections)
    write = write_json if output_format is Format.JSON else write_text
    write(report, sys.stdout)
    return report.exit_code


if __name__ == "__main__":
    run(app)
