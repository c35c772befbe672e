"""The command: ``python -m tools.bench_plan_review``; what it does is told in the package."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from scripts.lib.cli import Format, FormatOption, command_line, run
from scripts.lib.errors import InputError
from tools.bench_plan_review.report import Measured, print_text
from tools.bench_plan_review.run import run_parse, run_review
from tools.bench_plan_review.sample import write_plan

RUNS = 3
"""Of each kind; an odd number, for the median."""
LEAST_RESOURCES, MOST_RESOURCES = 10, 100_000
EXIT_MET, EXIT_MISSED = 0, 2
_BYTES_PER_MB = 1_000_000

app = command_line()


@app.command()
def main(
    *,
    resources: Annotated[
        int,
        typer.Option(help=f"Resources of the plan, {LEAST_RESOURCES} to {MOST_RESOURCES}."),
    ] = 5000,
    output: FormatOption = Format.TEXT,
) -> int:
    """Measure plan_review with a big plan, beside parsing its JSON.

    Exit codes: 0 every goal is met, 2 one is not, 1 an error.
    """
    if not LEAST_RESOURCES <= resources <= MOST_RESOURCES:
        allowed = f"{LEAST_RESOURCES} to {MOST_RESOURCES}"
        raise InputError(f"--resources is {resources}, allowed: {allowed}")
    measured = measure(resources, Console(stderr=True))
    if output is Format.JSON:
        typer.echo(json.dumps(measured.document(), indent=2))
    else:
        print_text(measured, Console())
    return EXIT_MET if all(measured.goals().values()) else EXIT_MISSED


def measure(resources: int, console: Console) -> Measured:
    """Run all of it, one after the other; what is being run goes to `console`.

    Raises RunError if a run failed.
    """
    with TemporaryDirectory(prefix="bench-plan-review-") as folder:
        plan = Path(folder, "big.json")
        console.print(f"a plan of {resources} resources", style="dim")
        write_plan(plan, resources)
        parses, reviews = [], []
        # In turns, so that what else the machine does meets both.
        for number in range(1, RUNS + 1):
            console.print(f"run {number} of {RUNS}", style="dim")
            parses.append(run_parse(plan))
            reviews.append(run_review(plan, Path(folder, f"review-{number}.md")))
        return Measured(
            resources=resources,
            file_megabytes=plan.stat().st_size / _BYTES_PER_MB,
            parses=tuple(parses),
            reviews=tuple(reviews),
        )


if __name__ == "__main__":
    run(app)
