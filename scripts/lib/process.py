"""Child processes that are logged, limited in time, and never outlive what started them."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from scripts.lib.errors import ToolError

COMMAND_TIMEOUT = 1200
"""Seconds after which a command is given up; a whole deployment takes a few minutes."""

PATIENCE = 5.0
"""Seconds that processes have to end by themselves before they are killed."""

LOG_TAIL = 40

# Colours and cursor movements: cdktf prints some even if told not to.
_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


class CommandError(ToolError):
    """A command failed; the message ends with the last lines of its log."""


class TimeLimitError(CommandError):
    """A command was given up: it took too long."""


_running: set[int] = set()
"""The processes that were started here and have not ended, in whatever thread."""


def end_running() -> None:
    """End all commands that run now; whoever waits for one gets a CommandError."""
    for pid in tuple(_running):
        end_processes(pid)


def run(
    command: Sequence[str],
    directory: Path,
    environment: Mapping[str, str],
    log: Path,
    *,
    limit: float = COMMAND_TIMEOUT,
) -> None:
    """Run a command and append what it prints to ``log``.

    Raises CommandError when it cannot be started or fails, TimeLimitError when it takes longer
    than ``limit`` seconds. Whatever ends the wait, even an interrupt: the command and all that it
    started are gone afterwards.
    """
    with _logged(command, log) as sink:
        _execute(command, directory, environment, stdout=sink, stderr=sink, limit=limit)


def run_text(
    command: Sequence[str],
    directory: Path,
    environment: Mapping[str, str],
    log: Path,
    *,
    expected: int = 0,
    limit: float = COMMAND_TIMEOUT,
) -> str:
    """Run a command and return what it prints to stdout; raise as ``run`` does.

    Plans and outputs can hold sensitive values: only what goes to stderr is logged.
    ``expected`` is the exit code that is no failure.
    """
    with _logged(command, log) as sink:
        printed = _execute(
            command, directory, environment, subprocess.PIPE, sink, expected=expected, limit=limit
        )
    return printed.decode("utf-8", "replace")


def run_json(
    command: Sequence[str],
    directory: Path,
    environment: Mapping[str, str],
    log: Path,
    *,
    limit: float = COMMAND_TIMEOUT,
) -> Any:
    """Run a command that prints JSON and return that; log and raise as ``run_text`` does."""
    return json.loads(run_text(command, directory, environment, log, limit=limit))


def end_processes(root: int) -> None:
    """End process ``root`` and all below it, except those of this process's own group.

    Ends whole process groups: the terminals that cdktf opens for Terraform are groups of
    their own, and a process whose parent is gone still belongs to its group.
    """
    groups: set[int] = set()
    for number in (signal.SIGTERM, signal.SIGKILL):
        groups |= _groups_below(root)
        for group in groups:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if groups.isdisjoint(group for _, _, group in _processes()):
                return
            time.sleep(0.05)


@contextmanager
def _logged(command: Sequence[str], log: Path) -> Iterator[BinaryIO]:
    """Give the log to write to; an error of the command ends with what it printed last."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a+b") as sink:
        sink.write(f"\n$ {shlex.join(command)}\n".encode())
        sink.flush()
        start = sink.tell()
        try:
            yield sink
        except CommandError as error:
            sink.seek(start)
            lines = _plain_lines(sink.read())
            raise type(error)("\n".join([str(error), *lines[-LOG_TAIL:]])) from error


def _execute(
    command: Sequence[str],
    directory: Path,
    environment: Mapping[str, str],
    stdout: BinaryIO | int,
    stderr: BinaryIO,
    *,
    expected: int = 0,
    limit: float = COMMAND_TIMEOUT,
) -> bytes:
    title = f"{Path(command[0]).name} {command[1]}"
    try:
        process = subprocess.Popen(  # noqa: S603 - a fixed command, no shell
            list(command),
            cwd=directory,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
    except OSError as error:
        raise CommandError(f"cannot run {command[0]}: {error.strerror}") from error
    with process:
        _running.add(process.pid)
        try:
            printed, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired as error:
            end_processes(process.pid)
            raise TimeLimitError(f"{title} took longer than {limit:g} s:") from error
        except BaseException:
            end_processes(process.pid)
            raise
        finally:
            _running.discard(process.pid)
    if process.returncode != expected:
        raise CommandError(f"{title} failed with exit code {process.returncode}:")
    return printed or b""


def _groups_below(root: int) -> set[int]:
    processes = _processes()
    family = {root}
    while children := {pid for pid, parent, _ in processes if parent in family} - family:
        family |= children
    return {group for pid, _, group in processes if pid in family} - {os.getpgrp()}


def _processes() -> list[tuple[int, int, int]]:
    """Return process, parent and group of all that run; one that only waits to be collected
    does not."""
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,pgid=,stat="],  # noqa: S607 - where it is, differs
        capture_output=True,
        text=True,
        check=True,
    )
    rows = (line.split() for line in listing.stdout.splitlines())
    return [(int(r[0]), int(r[1]), int(r[2])) for r in rows if not r[3].startswith("Z")]


def _plain_lines(logged: bytes) -> list[str]:
    text = logged.decode("utf-8", "replace").replace("\r\n", "\n")
    return [line.rstrip() for line in _TERMINAL_CODES.sub("", text).splitlines() if line.strip()]
