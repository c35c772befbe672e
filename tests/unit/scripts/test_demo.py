"""How the demo ends: exit codes, what is kept, and that nothing is left running."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.unit.scripts.sandbox.processes import ROOT, run, wait_until_gone

DEMO = ("-m", "tests.unit.scripts.demo_of_tests")


def kept(cache: Path) -> list[Path]:
    return list(cache.glob("demo-*"))


def test_when_every_step_holds_it_leaves_nothing(tmp_path: Path) -> None:
    done = run(*DEMO, str(tmp_path), "held")

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


def test_what_was_worked_in_is_kept_if_asked_for(tmp_path: Path) -> None:
    done = run(*DEMO, str(tmp_path), "held", "--keep")

    (directory,) = kept(tmp_path)
    assert done.returncode == 0
    assert (directory / "note").read_text() == "worked here"
    assert done.stdout.endswith(f"\nLog, Terraform JSON and state: {directory}\n")


def test_a_step_that_does_not_hold_gives_1_and_keeps_the_directory(tmp_path: Path) -> None:
    done = run(*DEMO, str(tmp_path), "failing")

    (directory,) = kept(tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "  DOES NOT HOLD: it is broken" in done.stdout
    assert "not reached" in done.stdout
    assert done.stdout.endswith(f"\nLog, Terraform JSON and state: {directory}\n")


def test_a_defect_gives_1_and_keeps_the_directory(tmp_path: Path) -> None:
    done = run(*DEMO, str(tmp_path), "broken")

    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert len(kept(tmp_path)) == 1


def pid_files(cache: Path) -> list[Path]:
    return [*cache.glob("demo-*/*er"), *cache.glob("demo-*/server.pid")]


@contextmanager
def started(cache: Path, steps: str) -> Iterator[subprocess.Popen[str]]:
    """A demo as a terminal starts it: in a process group of its own."""
    process = subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, *DEMO, str(cache), steps],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()
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
    ("steps", "processes", "number"),
    [
        ("waiting", 3, signal.SIGINT),
        ("waiting", 3, signal.SIGTERM),
        ("waiting_twice", 5, signal.SIGINT),
        ("waiting_twice", 5, signal.SIGHUP),
    ],
)
def test_ended_in_the_middle_of_a_step_it_leaves_nothing_running(
    tmp_path: Path, steps: str, processes: int, number: signal.Signals
) -> None:
    with started(tmp_path, steps) as process:
        pids = pids_in(tmp_path, processes)
        os.killpg(process.pid, number)
        printed, errors = process.communicate(timeout=20)

    assert (process.returncode, errors) == (1, "error: interrupted\n")
    (directory,) = kept(tmp_path)
    assert printed.endswith(f"\nLog, Terraform JSON and state: {directory}\n")
    wait_until_gone(*pids)


def test_asked_to_end_twice_it_still_tidies_up(tmp_path: Path) -> None:
    with started(tmp_path, "waiting") as process:
        pids = pids_in(tmp_path, 3)
        for _ in range(3):
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.02)
        _, errors = process.communicate(timeout=20)

    assert (process.returncode, errors) == (1, "error: interrupted\n")
    wait_until_gone(*pids)


def test_bad_usage_is_one_line() -> None:
    done = run("-m", "scripts.demo", "--what")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: No such option: --what\n"
