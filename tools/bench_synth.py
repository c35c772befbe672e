"""Measures synthesis side by side: an empty app, this one, and this one with stock bindings.

``make bench-synth`` runs them in turns, so that a busy machine slows all of them, and prints the
median, the least and the most of the wall time and the largest memory of any one process. The
goal, for 1 project: 1.5 times the empty app's time and 2 ms for each resource, in 130 MB.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from threading import Timer
from time import perf_counter

from rich.console import Console
from rich.table import Table

from slim_bindings import OFF_SWITCH

ROOT = Path(__file__).parent.parent
SYNTHESIS_LIMIT = 300
"""In seconds, for one synthesis."""
GOAL_FACTOR = 1.5
GOAL_SECONDS_PER_RESOURCE = 0.002
GOAL_MEGABYTES = 130

EMPTY_APP = """\
from cdktf import App, TerraformStack

app = App()
TerraformStack(app, "empty")
app.synth()
"""
# What an app pays that takes no care: main.py's sparing of the garbage collector is undone, too.
STOCK_APP = """\
import gc, os, runpy, sys

gc.disable = gc.freeze = lambda: None
sys.argv = sys.argv[1:]
sys.path[0] = os.path.dirname(sys.argv[0])
runpy.run_path(sys.argv[0], run_name="__main__")
"""
PROJECT = '{{ name = "project{number}", end_user_roles = [{{ assumed_by = [{root}] }}] }},'
SETTINGS = """\
region = "eu-west-1"
deployers = ["arn:aws:iam::123456789012:role/terraform"]
networks = [{{
  name = "main", vpc = {{ name = "ProSM-VPC" }}, route_tables = [{{ name = "ProSM-RouteTable" }}]
}}]
projects = [
{projects}
]
jumpstart = {{}}
audit = {{}}
"""


@dataclass
class Runs:
    """What was measured of one way of one size."""

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    resources: int = 0


def main() -> int:
    arguments = _arguments()
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        results = _measure(Path(folder), arguments, console)
    console.print(_table(results))
    return 0 if _goal_is_met(results, console) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-synth", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="turns of the fast ways")
    parser.add_argument("--stock-rounds", type=int, default=3, help="turns of stock bindings")
    parser.add_argument("--projects", type=int, nargs="+", default=[1, 10, 50])
    return parser.parse_args()


def settings_of(projects: int) -> str:
    """A settings file of one network, the roles, the audit and so many projects."""
    root = '"arn:aws:iam::123456789012:root"'
    return SETTINGS.format(
        projects="\n".join(
            "  " + PROJECT.format(number=number, root=root) for number in range(projects)
        )
    )


def _measure(
    folder: Path, arguments: argparse.Namespace, console: Console
) -> dict[tuple[str, int], Runs]:
    empty, stock = folder / "empty.py", folder / "stock.py"
    empty.write_text(EMPTY_APP, encoding="utf-8")
    stock.write_text(STOCK_APP, encoding="utf-8")
    ways = {("empty app", 0): partial(_run, [str(empty)], folder, slim=False)}
    for projects in arguments.projects:
        settings = folder / f"{projects}.tfvars"
        settings.write_text(settings_of(projects), encoding="utf-8")
        command = [str(ROOT / "main.py"), str(settings)]
        ways["this app", projects] = partial(_run, command, folder, slim=True)
        ways["stock bindings", projects] = partial(_run, [str(stock), *command], folder, slim=False)
    results = {way: Runs() for way in ways}
    for way, run in ways.items():  # bytecode, the cut and jsii's own cache are made once
        console.print(f"warming up: {way[0]}, {way[1]} projects", style="dim")
        run()
    for turn in range(max(arguments.rounds, arguments.stock_rounds)):
        console.print(f"turn {turn + 1}", style="dim")
        for way, run in ways.items():
            limit = arguments.stock_rounds if way[0] == "stock bindings" else arguments.rounds
            if turn < limit:
                seconds, megabytes, resources = run()
                results[way].seconds.append(seconds)
                results[way].megabytes.append(megabytes)
                results[way].resources = resources
    return results


def _run(command: list[str], folder: Path, *, slim: bool) -> tuple[float, float, int]:
    """Seconds, megabytes of the largest process, and resources in the output."""
    environment = os.environ | {OFF_SWITCH: "" if slim else "off"}
    begin = perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *command], cwd=folder, env=environment, stderr=subprocess.DEVNULL
    )
    timer = _killed_after(process, SYNTHESIS_LIMIT)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    timer.cancel()
    if process.returncode:
        raise SystemExit(f"error: {' '.join(command)} exited with {process.returncode}")
    return seconds, _megabytes(usage.ru_maxrss), _resources(folder / "cdktf.out")


def _killed_after(process: subprocess.Popen[bytes], seconds: float) -> Timer:
    timer = Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    return timer


def _megabytes(ru_maxrss: int) -> float:
    """Linux counts in KiB, macOS in bytes."""
    return ru_maxrss / 1024**2 if sys.platform == "darwin" else ru_maxrss / 1024


def _resources(output: Path) -> int:
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    return sum(
        len(named)
        for stack in manifest["stacks"].values()
        for named in json.loads((output / stack["synthesizedStackPath"]).read_text("utf-8"))
        .get("resource", {})
        .values()
    )


def _table(results: dict[tuple[str, int], Runs]) -> Table:
    table = Table("synthesis of", "projects", "resources", "seconds", "least - most", "MB")
    for (way, projects), runs in results.items():
        table.add_row(
            way,
            str(projects),
            str(runs.resources),
            f"{median(runs.seconds):.2f}",
            f"{min(runs.seconds):.2f} - {max(runs.seconds):.2f}",
            f"{max(runs.megabytes):.0f}",
        )
    return table


def _goal_is_met(results: dict[tuple[str, int], Runs], console: Console) -> bool:
    floor = median(results["empty app", 0].seconds)
    ours = results.get(("this app", 1))
    if ours is None:
        return True
    goal = GOAL_FACTOR * floor + GOAL_SECONDS_PER_RESOURCE * ours.resources
    met = median(ours.seconds) <= goal and max(ours.megabytes) < GOAL_MEGABYTES
    console.print(
        f"goal for 1 project: {goal:.2f} s ({GOAL_FACTOR} x {floor:.2f} + 2 ms x "
        f"{ours.resources}), under {GOAL_MEGABYTES} MB: {'met' if met else 'missed'}"
    )
    return met


if __name__ == "__main__":
    sys.exit(main())
