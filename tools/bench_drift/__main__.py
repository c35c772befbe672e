"""The command: ``python -m tools.bench_drift``; what it does is told in the package."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from scripts.lib.cli import Format, FormatOption, command_line, run
from scripts.lib.errors import InputError
from tools.bench_drift.run import measure

LEAST_STACKS, MOST_STACKS = 2, 100
EXIT_MET, EXIT_MISSED = 0, 2

app = command_line()


@app.command()
def main(
    *,
    stacks: Annotated[
        int, typer.Option(help=f"Stacks to check, {LEAST_STACKS} to {MOST_STACKS}.")
    ] = 10,
    output: FormatOption = Format.TEXT,
) -> int:
    """Measure drift detection of many stacks, beside what the machine's cores allow.

    Exit codes: 0 every goal is met, 2 one is not, 1 an error.
    """
    if not LEAST_STACKS <= stacks <= MOST_STACKS:
        raise InputError(f"--stacks is {stacks}, allowed: {LEAST_STACKS} to {MOST_STACKS}")
    console = Console(stderr=True)
    measured = measure(stacks, lambda line: console.print(line, style="dim", markup=False))
    if output is Format.JSON:
        typer.echo(json.dumps(measured.document(), indent=2))
    else:
        typer.echo("\n".join(measured.lines()))
    return EXIT_MET if all(measured.goals().values()) else EXIT_MISSED


if __name__ == "__main__":
    run(app)
