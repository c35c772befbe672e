"""How the demo ends: exit codes, what is kept, and that nothing is left running."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from scripts.sandbox import Sandbox
from tests.running_sandbox import told
from tests.unit.scripts import demo_of_tests
from tests.unit.scripts.commands import Command, run_command, started_command
from tests.unit.scripts.sandbox.processes import run, wait_until_gone

DEMO = demo_of_tests.__name__
PROCESSES = {"waiting": 3, "waiting_twice": 5}
"""How many run while a step waits: the sandbox's server, and each command's two."""


@pytest.fixture(scope="module")
def copy(pristine: Sandbox) -> tuple[str, str]:
    """The options for a demo whose sandbox is a copy, where its start makes no difference."""
    return ("--copy-of", told(pristine))


def kept(cache: Path) -> list[Path]:
    return list(cache.glob("demo-*"))


def test_when_every_step_holds_it_leaves_nothing(tmp_path: Path) -> None:
    done = run("-m", DEMO, str(tmp_path), "held")

    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    assert lines[:3] == [
        "Starting the sandbox: an embedded AWS on this machine alone",
        "",
        "1/1  Look",
    ]
    assert re.fullmatch(r"  -> http://127\.0\.0\.1:\d+  \(\d\.\d s\)", lines[3])
    assert max(map(len, lines)) <= 80
    assert kept(tmp_path) == []


def test_what_was_worked_in_is_kept_if_asked_for(tmp_path: Path, copy: tuple[str, str]) -> None:
    done = run_command(DEMO, (str(tmp_path), "held", "--keep", *copy), os.environ)

    (directory,) = kept(tmp_path)
    assert done.returncode == 0
    assert (directory / "note").read_text() == "worked here"
    assert done.stdout.endswith(f"\nLog, Terraform JSON and state: {directory}\n")


def test_a_step_that_does_not_hold_gives_1_and_keeps_the_directory(
    tmp_path: Path, copy: tuple[str, str]
) -> None:
    done = run_command(DEMO, (str(tmp_path), "failing", *copy), os.environ)

    (directory,) = kept(tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "  DOES NOT HOLD: it is broken" in done.stdout
    assert "not reached" in done.stdout
    assert done.stdout.endswith(f"\nLog, Terraform JSON and state: {directory}\n")


def test_a_defect_gives_1_and_keeps_the_directory(tmp_path: Path, copy: tuple[str, str]) -> None:
    done = run_command(DEMO, (str(tmp_path), "broken", *copy), os.environ)

    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert len(kept(tmp_path)) == 1


def pid_files(cache: Path) -> list[Path]:
    return [*cache.glob("demo-*/*er"), *cache.glob("demo-*/server.pid")]


@contextmanager
def started(cache: Path, steps: str, *options: str) -> Iterator[Command]:
    """A demo as a terminal starts it: in a process group of its own."""
    with started_command(DEMO, (str(cache), steps, *options), os.environ) as command:
        try:
            yield command
        finally:
            command.process.kill()
            for path in pid_files(cache):  # A test that fails leaves none behind either.
                with suppress(ProcessLookupError, ValueError):
                    os.kill(int(path.read_text()), signal.SIGKILL)


def pids_in(cache: Path, expected: int) -> list[int]:
    """Wait for the steps' processes to have said who they are."""
    deadline = time.monotonic() + 30
    while True:
        written = pid_files(cache)
        pids = [path.read_text().strip() for path in written]
        if len(pids) == expected and all(pids):
            return [int(pid) for pid in pids]
        assert time.monotonic() < deadline, written
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("steps", "number", "starts"),
    [
        ("waiting", signal.SIGINT, True),
        ("waiting", signal.SIGTERM, False),
        ("waiting_twice", signal.SIGINT, False),
        ("waiting_twice", signal.SIGHUP, True),
    ],
)
def test_ended_in_the_middle_of_a_step_it_leaves_nothing_running(
    tmp_path: Path, copy: tuple[str, str], steps: str, number: signal.Signals, starts: bool
) -> None:
    with started(tmp_path, steps, *(() if starts else copy)) as command:
        pids = pids_in(tmp_path, PROCESSES[steps])
        os.killpg(command.pid, number)
        done = command.ended(20)

    assert (done.returncode, done.stderr) == (1, "error: interrupted\n")
    (directory,) = kept(tmp_path)
    assert done.stdout.endswith(f"\nLog, Terraform JSON and state: {directory}\n")
    wait_until_gone(*pids)


def test_asked_to_end_twice_it_still_tidies_up(tmp_path: Path, copy: tuple[str, str]) -> None:
    with started(tmp_path, "waiting", *copy) as command:
        pids = pids_in(tmp_path, PROCESSES["waiting"])
        for _ in range(3):
            os.killpg(command.pid, signal.SIGINT)
            time.sleep(0.02)
        done = command.ended(20)

    assert (done.returncode, done.stderr) == (1, "error: interrupted\n")
    wait_until_gone(*pids)


def test_bad_usage_is_one_line() -> None:
    done = run_command("scripts.demo", ("--what",), os.environ)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: No such option: --what\n"
