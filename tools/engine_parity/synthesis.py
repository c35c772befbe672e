"""Synthesising a copy of the project with one engine or the other."""

from __future__ import annotations

import shutil
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.lib.errors import ToolError
from scripts.lib.process import CommandError, run
from tools.engine_parity.compare import Files
from tools.engine_parity.rewrite import rewrite

SOURCES = ("main.py", "modules", "slim_bindings")
"""What the app consists of."""

SLIM_BINDINGS = "slim_bindings"
"""The package for fast loading. It says with its name in front when it could not be used."""
OUTPUT = "cdktf.out"
SETTINGS = "settings.tfvars"

_PASSED_ON = frozenset({"HOME", "PATH", "TMPDIR"})
"""Variables that the app's process is given, besides those of jsii: Python's own would disturb
it."""


@dataclass(frozen=True)
class Renamed:
    """How many places imported something under another name, in how many files."""

    places: int
    files: int


@dataclass(frozen=True)
class Synthesis:
    """What the app wrote, and the warnings of fast loading, one for each time it was not used."""

    files: Files
    warnings: tuple[str, ...]


def copy_project(project: Path, settings: Path, target: Path) -> None:
    """Copy the app's sources and a settings file, as ``settings.tfvars``, into a new folder.

    Raises:
        ToolError: a file is not there or cannot be read.
    """
    target.mkdir(parents=True)
    try:
        shutil.copyfile(settings, target / SETTINGS)
        shutil.copyfile(project / "main.py", target / "main.py")
        for name in SOURCES:
            if (project / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(project / name, target / name, ignore=ignored)
    except OSError as error:
        raise ToolError(f"{error.filename}: cannot be read: {error.strerror}") from error


def rename_imports(directory: Path, names: Mapping[str, str]) -> Renamed:
    """Rename what the Python files below ``directory`` import; leave every other byte alone.

    Raises:
        ToolError: a file is not valid Python.
    """
    counts = []
    for path in sorted(directory.rglob("*.py")):
        content = path.read_bytes()
        try:
            with path.open("rb") as file:
                encoding, _ = tokenize.detect_encoding(file.readline)
            rewritten = rewrite(content.decode(encoding), names)
        except (SyntaxError, ValueError) as error:
            raise ToolError(f"{path}: is not valid Python: {error}") from error
        path.write_bytes(rewritten.source.encode(encoding))
        counts.append(rewritten.count)
    return Renamed(sum(counts), sum(count > 0 for count in counts))


def synthesise(
    python: Path,
    directory: Path,
    environment: Mapping[str, str],
    log: Path,
    *,
    slim: bool = False,
) -> Synthesis:
    """Run the app in ``directory`` and log what it prints; ``slim`` leaves fast loading on.

    Raises:
        ToolError: the app fails, or writes no stack; says the app's own last words.
    """
    output = directory / OUTPUT
    shutil.rmtree(output, ignore_errors=True)
    passed_on = {
        name: value
        for name, value in environment.items()
        if name in _PASSED_ON or name.startswith("JSII_")
    }
    quiet = {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}
    switch = {} if slim else {"SLIM_BINDINGS": "off"}
    try:
        run([str(python), "main.py", SETTINGS], directory, {**quiet, **passed_on, **switch}, log)
    except CommandError as error:
        raise ToolError(f"{directory.name}: synthesis failed: {_last_words(error)}") from error
    files = {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file()
    }
    if not any(name.endswith("cdk.tf.json") for name in files):
        raise ToolError(f"{directory.name}: synthesis wrote no stack")
    printed = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return Synthesis(files, tuple(line for line in printed if line.startswith(f"{SLIM_BINDINGS}:")))


def _last_words(error: CommandError) -> str:
    """What the app says; of a traceback the last line, which is the error."""
    title, *lines = str(error).splitlines()
    if not lines:
        return title
    traceback = any(line.startswith("Traceback") for line in lines)
    return lines[-1] if traceback else "; ".join(lines)
