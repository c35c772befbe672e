"""Processes that tests start, and how they tell whether one is gone."""

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
GONE_LIMIT = 10.0


def python(*arguments: str) -> list[str]:
    """The command line of this interpreter."""
    return [sys.executable, *arguments]


def start(*arguments: str) -> "subprocess.Popen[str]":
    """Start Python at the repository's root, with both outputs piped."""
    return subprocess.Popen(  # noqa: S603  arguments are the tests' own
        python(*arguments),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run Python at the repository's root to its end."""
    return subprocess.run(  # noqa: S603  arguments are the tests' own
        python(*arguments),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that ended and was not yet collected does not."""
    ps = ["ps", "-o", "stat=", "-p", str(pid)]
    ran = subprocess.run(ps, capture_output=True, text=True, check=False)  # noqa: S603  as above
    return bool(ran.stdout.strip()) and not ran.stdout.startswith("Z")


def wait_until_gone(*pids: int) -> None:
    """Wait until none of the processes runs, and fail if one still does after a while."""
    deadline = time.monotonic() + GONE_LIMIT
    while left := [pid for pid in pids if is_alive(pid)]:
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.05)
