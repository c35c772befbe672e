"""Starts what is measured, and takes its time."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from scripts.lib.errors import ToolError, one_line
from scripts.lib.terraform import project_directory

CHILD = "tools.bench_plan_review.child"
LONGEST_RUN = 600
"""In seconds."""


class RunError(ToolError):
    """A run ended without a result."""


@dataclass(frozen=True)
class Run:
    """What was measured.

    Attributes:
        seconds: of the load itself, or of a whole process.
        megabytes: of what was loaded, or by how much a process grew at most.
    """

    seconds: float
    megabytes: float


def run_parse(plan: Path) -> Run:
    """Load the JSON of a plan. Raises RunError."""
    measured, _ = _run("parse", str(plan))
    return Run(seconds=measured["seconds"], megabytes=measured["megabytes"])


def run_review(plan: Path, out: Path) -> Run:
    """Review a plan, from the start of the interpreter to its end. Raises RunError."""
    measured, seconds = _run("review", str(plan), str(out))
    if not (out.exists() and out.stat().st_size):
        raise RunError("a run wrote no review")
    return Run(seconds=seconds, megabytes=measured["megabytes"])


def _run(*arguments: str) -> tuple[dict[str, float], float]:
    """Return what the child measured, and how long its process was there."""
    begin = perf_counter()
    try:
        done = subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-m", CHILD, *arguments],
            cwd=project_directory(),
            capture_output=True,
            text=True,
            timeout=LONGEST_RUN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RunError(f"a run was not over after {LONGEST_RUN} s") from None
    seconds = perf_counter() - begin
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RunError(f"a run exited with {done.returncode}: {one_line(last)}")
    return json.loads(done.stdout.splitlines()[-1]), seconds
