"""The command: ``python -m tools.engine_parity``; what it does is told in the package."""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from scripts.lib.cli import Format, FormatOption, command_line, run
from scripts.lib.errors import InputError
from scripts.lib.terraform import project_directory
from tools.engine_parity import environment, report
from tools.engine_parity.engines import (
    CORE,
    IMPORT_NAMES,
    PROVIDER,
    LockError,
    expected_differences,
    pinned_version,
    requirements,
)
from tools.engine_parity.parity import Sides, find_differences

PROJECT = project_directory()
EXAMPLE = PROJECT / "examples/settings.tfvars"

app = command_line()


@app.command()
def main(
    *,
    settings: Annotated[
        Path, typer.Option("--settings", metavar="FILE", help="What to synthesise.")
    ] = EXAMPLE,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Keep both sources, the environment, Terraform JSON and log."),
    ] = False,
    output: FormatOption = Format.TEXT,
) -> int:
    """Synthesise this project on CDK Terrain and compare with what the pinned engine writes.

    Exit codes: 0 equal but for the expected differences, 2 there are others, 1 an error.
    """
    logging.getLogger("tools").setLevel(logging.INFO)
    lock = _lock()
    with _folder(PROJECT / ".cache", keep=keep) as scratch:
        make = partial(
            environment.create,
            scratch / "environment",
            requirements(lock),
            os.environ,
            scratch / "environment.log",
        )
        expected = expected_differences(pinned_version(lock, CORE.instead_of))
        sides = Sides(Path(sys.executable), make, IMPORT_NAMES, expected)
        result = find_differences(PROJECT, settings, scratch, os.environ, sides)
    write = report.as_json if output is Format.JSON else report.as_text
    pinned = ", ".join(
        f"{package.instead_of} {pinned_version(lock, package.instead_of)}"
        for package in (CORE, PROVIDER)
    )
    other = ", ".join(f"{package.name} {package.version}" for package in (CORE, PROVIDER))
    print(write(result, pinned, other))
    return report.exit_code(result)


def _lock() -> dict[str, Any]:
    try:
        lock: dict[str, Any] = json.loads((PROJECT / "Pipfile.lock").read_text(encoding="utf-8"))
        requirements(lock)
    except (OSError, LockError, ValueError) as error:
        raise InputError(f"Pipfile.lock cannot be used: {error}") from error
    return lock


@contextmanager
def _folder(cache: Path, *, keep: bool) -> Iterator[Path]:
    """Give a new folder to work in; unless it is kept, it is gone afterwards, however it ends."""
    cache.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="engine-parity-", dir=cache))
    try:
        yield folder
    finally:
        if keep:
            print(f"Kept: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    run(app)
