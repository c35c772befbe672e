"""The throw-away environment: a folder with the other engine, made by venv and pip."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from scripts.lib.errors import ToolError
from scripts.lib.process import CommandError, run

_COMPLAINT = "ERROR: "
"""What pip begins the lines with that say why it gave up."""


def create(directory: Path, requirements: str, environment: Mapping[str, str], log: Path) -> Path:
    """Make an environment of these requirements in ``directory``; return its interpreter.

    pip runs with the caller's environment and configuration, so it asks the registry that the
    caller asks. What needs another package or version than those required is refused.

    Raises:
        ToolError: it cannot be made; says pip's reason in a line.
    """
    python = directory / "bin/python"
    directory.mkdir(parents=True)
    wanted = directory / "requirements.txt"
    wanted.write_text(requirements, encoding="utf-8")
    # This interpreter's pip: to put one into every environment takes longer than all the rest.
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    pip += ["--disable-pip-version-check", "--no-input"]
    # Hashes in the requirements make pip insist on them. Bytecode is made of what is imported.
    install = ["install", "--quiet", "--no-deps", "--no-compile"]
    try:
        venv = [sys.executable, "-m", "venv", "--without-pip", str(directory)]
        run(venv, directory, environment, log)
        run([*pip, *install, "--requirement", str(wanted)], directory, environment, log)
        run([*pip, "check"], directory, environment, log)
    except CommandError as error:
        raise ToolError(f"the other engine cannot be installed: {_reason(error)}") from error
    return python


def _reason(error: CommandError) -> str:
    """pip's last complaint, which is the clearest; else the last line that was printed."""
    lines = str(error).splitlines()
    complaints = [line for line in lines if line.startswith(_COMPLAINT)]
    return complaints[-1].removeprefix(_COMPLAINT) if complaints else lines[-1]
