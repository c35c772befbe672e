"""The real commands, each in a process of its own that starts with the libraries loaded.

Importing boto3, pydantic and rich is most of what a short command takes. A server process of the
standard library has them, and each command is a fork of it: with its own environment, arguments,
output and exit code, as if Python had been started anew.
"""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LIMIT = 90.0

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.unit.scripts.commands_preloaded"])


def run_command(
    module: str, arguments: tuple[str, ...], environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Run ``python -m module`` with ``arguments``, nothing to read, and just ``environment``."""
    with tempfile.TemporaryDirectory() as directory:
        out, err = Path(directory, "out"), Path(directory, "err")
        given = (module, arguments, dict(environment), str(out), str(err))
        process = _PROCESSES.Process(target=_become, args=given)
        process.start()
        process.join(LIMIT)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired([module, *arguments], LIMIT)
        return subprocess.CompletedProcess(
            arguments, process.exitcode, out.read_text("utf-8"), err.read_text("utf-8")
        )


def _become(
    module: str, arguments: tuple[str, ...], environment: dict[str, str], out: str, err: str
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    for path, descriptor in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False, buffering=1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
