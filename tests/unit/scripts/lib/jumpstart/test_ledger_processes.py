"""The ledger's file when several processes have it, and when one is killed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from scripts.lib.errors import InputError
from scripts.lib.jumpstart import ledger_file
from scripts.lib.jumpstart.ledger_file import LedgerFile
from tests.unit.scripts.commands import PROCESSES
from tests.unit.scripts.lib.jumpstart.builders import role
from tests.unit.scripts.lib.jumpstart.ledger_writers import (
    add_five,
    hold,
    hold_and_write,
    write_for_ever,
)
from tests.unit.scripts.lib.jumpstart.test_ledger_file import file

STARTS = 20
"""Seconds for another process to start, on a busy machine."""

__all__ = ["file"]


@dataclass(frozen=True, slots=True)
class Other:
    """Another process, and what it says."""

    process: BaseProcess
    said: "Connection[None, str]"

    def says(self, word: str) -> None:
        """Wait until it has said so."""
        assert self.said.poll(STARTS)
        assert self.said.recv() == word


@contextmanager
def running(
    work: Callable[[Path, "Connection[str, None]"], None], directory: Path
) -> Iterator[Other]:
    """A process that does the work, and has come as far as its first word."""
    said, say = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=work, args=(directory, say))
    process.start()
    say.close()
    other = Other(process, said)
    try:
        other.says("ready")
        yield other
    finally:
        process.kill()
        process.join(STARTS)
        said.close()


def test_killed_at_any_moment_the_file_is_whole(file: LedgerFile, tmp_path: Path) -> None:
    for number in range(20):
        with running(write_for_ever, tmp_path) as other:
            other.says("going")
            time.sleep(number * 0.0037)

        turns = {each.at for each in file.read().entries.values()}
        assert len(turns) == 1, "of one write and no other"
        assert len(file.read().entries) == int(turns.pop()) % 60 + 1


def test_reader_sees_the_old_or_the_new_and_nothing_between(
    file: LedgerFile, tmp_path: Path
) -> None:
    seen = set()
    reads = 0
    with running(write_for_ever, tmp_path) as other:
        other.says("going")
        limit = time.monotonic() + STARTS
        while reads < 300 or len(seen) < 10:
            assert time.monotonic() < limit, "it is written to meanwhile"
            entries = file.read().entries.values()
            turns = {each.at for each in entries}
            assert len(turns) == 1
            (turn,) = turns
            assert len(entries) == int(turn) % 60 + 1
            seen.add(turn)
            reads += 1


def test_fails_when_another_run_writes_for_longer_than_the_limit(
    file: LedgerFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_file, "LOCK_SECONDS", 0.5)
    monkeypatch.setattr(ledger_file, "LOCK_PAUSE", 0.05)
    with running(hold, tmp_path):
        before = time.monotonic()
        with pytest.raises(InputError) as caught, file.held():
            raise AssertionError("held by two")
        waited = time.monotonic() - before

    assert str(caught.value) == (
        f"another run has been writing to ledger {file.path} for 0.5 s: run again when it has ended"
    )
    assert 0.5 <= waited < 5


def test_lock_goes_with_the_process_that_is_killed(file: LedgerFile, tmp_path: Path) -> None:
    with running(hold, tmp_path) as other:
        other.process.kill()
        other.process.join(STARTS)
        before = time.monotonic()
        with file.held():
            pass

    assert time.monotonic() - before < 10


def test_of_two_that_write_the_second_waits_and_nothing_is_lost(
    file: LedgerFile, tmp_path: Path
) -> None:
    both = [PROCESSES.Process(target=add_five, args=(tmp_path, name)) for name in ("one", "two")]
    for process in both:
        process.start()
    for process in both:
        process.join(STARTS)

    assert [process.exitcode for process in both] == [0, 0]
    assert {each.role_arn for each in file.read().entries.values()} == {
        role(f"{name}-{number}") for name in ("one", "two") for number in range(5)
    }


def test_second_begins_only_when_the_first_has_ended(file: LedgerFile, tmp_path: Path) -> None:
    with running(hold_and_write, tmp_path), file.held():
        found = file.read()

    assert found.owns("p", role("A"))


def test_lock_is_released_when_the_block_fails(file: LedgerFile) -> None:
    with pytest.raises(ValueError, match="no"), file.held():
        raise ValueError("no")

    before = time.monotonic()
    with file.held():
        assert time.monotonic() - before < 10
