"""Many stacks checked side by side, as many at a time as there are cores."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass
from pathlib import Path

from scripts.lib.drift.model import Checked
from scripts.lib.drift.terraform_plane import Looked, Terms, look
from scripts.lib.process import end_running

PATIENCE = 0.2
"""Seconds between two attempts to end what runs."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack to check: its name, and the directory that ``cdktf synth`` wrote for it."""

    name: str
    directory: Path


def check_stacks(
    stacks: Sequence[Stack],
    environment: Mapping[str, str],
    terms: Terms | None = None,
    *,
    at_once: int | None = None,
    progress: Callable[[str], object] | None = None,
) -> tuple[Checked, ...]:
    """Check stacks as ``check_stack`` does, and return the results in the order given.

    Args:
        at_once: how many; as many as there are cores if not given. Each takes some 600 MB.
        progress: called with a line as each ends, in this thread; to stderr if not given.

    Whatever ends the wait, even an interrupt: all that was started is gone afterwards.
    """
    terms, tell = terms or Terms(), progress or _to_stderr

    def each(stack: Stack) -> Looked:
        return look(stack.directory, stack.name, environment, terms)

    with ThreadPoolExecutor(max_workers=at_once or cores()) as pool:
        futures = [pool.submit(each, stack) for stack in stacks]
        try:
            for number, future in enumerate(as_completed(futures), 1):
                tell(f"{number}/{len(stacks)} {summary(future.result().checked)}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            # A thread may be about to start a command that is not there yet to be ended.
            # One that was cancelled is done, but nothing ever wakes up who waits for it.
            while going := [each for each in futures if not each.done()]:
                end_running()
                wait(going, timeout=PATIENCE)
            raise
    # CloudTrail answers two calls a second: nothing is won by asking from several threads.
    return tuple(future.result().asked(terms.trail) for future in futures)


def summary(checked: Checked) -> str:
    """Return a check in one line."""
    if checked.failures and not checked.drifts:
        return f"{checked.stack}: {checked.failures[0].reason}"
    count = len(checked.drifts)
    found = f"{count} drift{'s' if count > 1 else ''}" if count else "no drift"
    return f"{checked.stack}: {found} ({checked.seconds:.0f} s)"


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
