"""The command line of those who look after users: why does one not see JumpStart?"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

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
from scripts.lib.doctor.examine import diagnose_all, diagnose_one
from scripts.lib.doctor.model import Examination, Status
from scripts.lib.doctor.report import write_all, write_json, write_one
from scripts.lib.errors import AwsError, InputError
from scripts.lib.launch.shell import Shell

app = command_line()


@app.command()
def doctor(
    *,
    domain: Annotated[
        str | None, typer.Option(metavar="ID", help="Domain. Default: all of them.")
    ] = None,
    user: Annotated[
        str | None, typer.Option(metavar="NAME", help="User profile. Default: all of them.")
    ] = None,
    space: Annotated[
        str | None, typer.Option(metavar="NAME", help="Shared space, instead of a user.")
    ] = None,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
    output_format: FormatOption = Format.TEXT,
) -> int:
    """Tell why a user does not see JumpStart, and which command mends it.

    Follows the chain from the Domain to SageMaker's portfolio link by link: each is green, red or
    unknown. Reads only. Without a user: all users, with one line each.

    Exit codes: 0 all green, 2 something is red, 1 an error, or nothing red but not all of it
    could be answered.
    """
    if user is not None and space is not None:
        raise InputError("give --user or --space, not both")
    alone = user is not None or space is not None
    if alone and domain is None:
        option = "--user" if user is not None else "--space"
        raise InputError(f"{option} needs the --domain that it is in: names are a Domain's own")
    clients = Clients(open_session(region=region, profile=profile, assume_role=assume_role))
    shell = Shell(region, profile, assume_role, python=sys.orig_argv[0])
    if alone and domain is not None:
        found = diagnose_one(clients, domain=domain, user=user, space=space, shell=shell)
    else:
        found = diagnose_all(clients, domain=domain, shell=shell)
    return _print(found, alone, output_format)


def _print(found: Examination, alone: bool, output_format: Format) -> int:
    if output_format is Format.JSON:
        write_json(found, sys.stdout)
    elif alone:
        write_one(found, sys.stdout)
    else:
        write_all(found, sys.stdout)
    if found.verdict is Status.UNKNOWN and found.first_unknown:
        sys.stdout.flush()
        link = found.first_unknown
        raise AwsError(f'could not be answered: "{link.name}" is unknown: {link.detail}')
    return found.exit_code


if __name__ == "__main__":
    run(app)
