"""The command line of those who launch products: parse, call, exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from scripts.lib import launch
from scripts.lib.cli import (
    AssumeRoleOption,
    Format,
    FormatOption,
    ProfileOption,
    RegionOption,
    command_line,
    run,
)
from scripts.lib.launch.ask import ask_missing
from scripts.lib.launch.following import FOLLOW_SECONDS
from scripts.lib.launch.given import read_given
from scripts.lib.launch.model import Parameter
from scripts.lib.launch.result import Ask, Manner, Result
from scripts.lib.launch.session import open_clients
from scripts.lib.launch.shell import Shell
from scripts.lib.report import write_json, write_text

HELP = """Launch products of Service Catalog, and look after what you have launched.

For data scientists and their pipelines. Works as a project's end-user role, and on provisioned
products of your own only. start, update and end show what they would do; --apply does it and
follows it until it has ended.

Exit codes: 0 nothing left to do; 2 it would be done with --apply, or was still under way when
--wait was over (it goes on); 1 an error, or it failed. Running a command again is safe: what is
so already is not done twice, and what is under way is followed. Ctrl-C ends the following, never
what AWS was asked for.
"""

app = command_line()
app.callback(help=HELP)(lambda: None)

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="Name of your provisioned product.")
]
ApplyOption = Annotated[bool, typer.Option("--apply", help="Do it. Default: only show.")]
ProductOption = Annotated[
    str | None,
    typer.Option(metavar="NAME|ID", help="Product. Default: the only one that you may launch."),
]
VersionOption = Annotated[
    str | None, typer.Option(metavar="NAME|ID", help="Its version. Default: the newest.")
]
PathOption = Annotated[
    str | None,
    typer.Option(metavar="NAME|ID", help="Portfolio to have it from. Default: the only one."),
]
ParameterOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="Value of a parameter. May be repeated."),
]
FileOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help='JSON object of values, {"VolumeSizeInGB": 50}; --parameter wins over it.',
    ),
]
WaitOption = Annotated[
    int,
    typer.Option(
        metavar="SECONDS",
        min=0,
        max=14400,
        help="How long to follow what was asked for; 0 asks and leaves.",
    ),
]


@app.command()
def show(
    *,
    product: ProductOption = None,
    version: VersionOption = None,
    path: PathOption = None,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
    output_format: FormatOption = Format.TEXT,
) -> int:
    """Show products and versions.

    Of one product, also its parameters with their defaults and what is allowed.
    """
    clients = open_clients(region=region, profile=profile, assume_role=assume_role)
    return _print(launch.show(clients, product=product, version=version, path=path), output_format)


@app.command("list")
def list_launched(
    *,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
    output_format: FormatOption = Format.TEXT,
) -> int:
    """List what you have launched."""
    clients = open_clients(region=region, profile=profile, assume_role=assume_role)
    return _print(launch.list_launched(clients), output_format)


@app.command()
def start(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="Name to launch it by. Default: the product's and the notebook's.",
        ),
    ] = None,
    *,
    apply: ApplyOption = False,
    product: ProductOption = None,
    version: VersionOption = None,
    path: PathOption = None,
    parameter: ParameterOption = None,
    parameters_file: FileOption = None,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
    wait: WaitOption = FOLLOW_SECONDS,
    output_format: FormatOption = Format.TEXT,
) -> int:
    """Launch a product. On a terminal, parameters that are missing are asked for."""
    given = read_given(parameter or (), parameters_file)
    clients = open_clients(region=region, profile=profile, assume_role=assume_role)
    manner = Manner(apply, wait, _shell(region, profile, assume_role), _asker())
    result = launch.start(
        clients, name, product=product, version=version, path=path, given=given, manner=manner
    )
    return _print(result, output_format)


@app.command()
def follow(
    name: NameArgument,
    *,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
    wait: WaitOption = FOLLOW_SECONDS,
    output_format: FormatOption = Format.TEXT,
) -> int:
    """Follow what is under way.

    Shows the outputs once it has ended, and how to open the notebook.
    """
    clients = open_clients(region=region, profile=profile, assume_role=assume_role)
    manner = Manner(wait_seconds=wait, shell=_shell(region, profile, assume_role))
    return _print(launch.follow(clients, name, manner=manner), output_format)


@app.command()
def update(
    name: NameArgument,
    *,
    apply: ApplyOption = False,
    version: Annotated[
        str | None, typer.Option(metavar="NAME|ID", help="Version to move to. Default: as it is.")
    ] = None,
    path: PathOption = None,
    parameter: ParameterOption = None,
    parameters_file: FileOption = None,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
    wait: WaitOption = FOLLOW_SECONDS,
    output_format: FormatOption = Format.TEXT,
) -> int:
    """Change parameters or version.

    What is not given stays as it is.
    """
    given = read_given(parameter or (), parameters_file)
    clients = open_clients(region=region, profile=profile, assume_role=assume_role)
    manner = Manner(apply, wait, _shell(region, profile, assume_role))
    result = launch.update(clients, name, version=version, path=path, given=given, manner=manner)
    return _print(result, output_format)


@app.command()
def end(
    name: NameArgument,
    *,
    apply: ApplyOption = False,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
    wait: WaitOption = FOLLOW_SECONDS,
    output_format: FormatOption = Format.TEXT,
) -> int:
    """End what you have launched.

    Its notebook and the notebook's volume are deleted.
    """
    clients = open_clients(region=region, profile=profile, assume_role=assume_role)
    manner = Manner(apply, wait, _shell(region, profile, assume_role))
    return _print(launch.end(clients, name, manner=manner), output_format)


def _shell(region: str | None, profile: str | None, assume_role: str | None) -> Shell:
    return Shell(region, profile, assume_role, python=sys.orig_argv[0])


def _asker() -> Ask | None:
    """Ask only where somebody can answer; stdout is kept for the report."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    def ask(parameters: tuple[Parameter, ...], given: Mapping[str, str]) -> Mapping[str, str]:
        return ask_missing(parameters, given, _prompt, lambda text: typer.echo(text, err=True))

    return ask


def _prompt(question: str, hidden: bool) -> str:
    return str(typer.prompt(question, hide_input=hidden, err=True))


def _print(result: Result, output_format: Format) -> int:
    write = write_json if output_format is Format.JSON else write_text
    write(result.report, sys.stdout)
    return result.exit_code


if __name__ == "__main__":
    run(app)
