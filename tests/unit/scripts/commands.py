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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LIMIT = 90.0

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.unit.scripts.commands_preloaded"])


@dataclass(frozen=True, slots=True)
class Command:
    """A command that was started. What it has written so far is in two files."""

    process: BaseProcess
    out: Path
    err: Path

    @property
    def pid(self) -> int:
        """Of the process, and of the process group that it leads."""
        assert self.process.pid is not None
        return self.process.pid

    def ended(self, limit: float = LIMIT) -> "subprocess.CompletedProcess[str]":
        """Wait for its end, and fail if it has none within so many seconds."""
        self.process.join(limit)
        if self.process.exitcode is None:
            raise subprocess.TimeoutExpired(str(self.process), limit)
        return subprocess.CompletedProcess(
            (), self.process.exitcode, self.out.read_text("utf-8"), self.err.read_text("utf-8")
        )


@contextmanager
def started_command(
    module: str, arguments: tuple[str, ...], environment: Mapping[str, str]
) -> Iterator[Command]:
    """Start ``python -m module`` with ``arguments``, nothing to read, and just ``environment``.

    It leads a process group, as one does that a terminal starts, and is killed if it still runs at
    the end of the block.
    """
    with tempfile.TemporaryDirectory() as directory:
        out, err = Path(directory, "out"), Path(directory, "err")
        for path in (out, err):
            path.touch()
        given = (module, arguments, dict(environment), str(out), str(err))
        process = PROCESSES.Process(target=_become, args=given)
        process.start()
        try:
            yield Command(process, out, err)
        finally:
            process.kill()
            process.join()


def run_command(
    module: str, arguments: tuple[str, ...], environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Run ``python -m module`` with ``arguments``, nothing to read, and just ``environment``."""
    with started_command(module, arguments, environment) as command:
        return command.ended()


def _become(
    module: str, arguments: tuple[str, ...], environment: dict[str, str], out: str, err: str
) -> None:
    os.setpgid(0, 0)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    for path, descriptor in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY), descriptor)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False, buffering=1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
