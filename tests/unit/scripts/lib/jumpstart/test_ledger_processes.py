"""The ledger's file when several processes have it, and when one is killed."""

import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.lib.errors import InputError
from scripts.lib.jumpstart import ledger_file
from scripts.lib.jumpstart.ledger_file import LedgerFile
from tests.unit.scripts.lib.jumpstart.builders import role
from tests.unit.scripts.lib.jumpstart.test_ledger_file import file

ROOT = Path(__file__).resolve().parents[5]
STARTS = 20
"""Seconds for another process to start, on a busy machine."""

__all__ = ["file"]


def python(code: str, *arguments: object) -> "subprocess.Popen[str]":
    """Start a process that has the ledger of the directory in ``arguments`` as ``file``."""
    start = """
        import sys, time
        from pathlib import Path
        from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage
        from scripts.lib.jumpstart.ledger_file import LedgerFile
        from tests.unit.scripts.lib.jumpstart.builders import ACCOUNT, role

        file = LedgerFile(Path(sys.argv[1]), ACCOUNT)
    """
    return subprocess.Popen(  # noqa: S603 - this very interpreter
        [
            sys.executable,
            "-c",
            textwrap.dedent(start) + textwrap.dedent(code),
            *map(str, arguments),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(code: str, directory: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that has said on stdout that it has come as far as the code's first print."""
    process = python(code, directory)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate(timeout=STARTS)


# Each turn the ledger holds one entry more, up to 60, and then one again; all alike in a turn.
WRITES_FOR_EVER = """
    print("ready", flush=True)
    turn = 0
    while True:
        turn += 1
        file.write(Ledger.of(
            Entry("p", role(str(number)), Stage.MADE, str(turn), ("x" * 300,))
            for number in range(turn % 60 + 1)
        ))
        if turn == 30:
            print("going", flush=True)
"""


def test_killed_at_any_moment_the_file_is_whole(file: LedgerFile, tmp_path: Path) -> None:
    for number in range(20):
        with running(WRITES_FOR_EVER, tmp_path) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "going\n"
            time.sleep(number * 0.0037)
            process.kill()
            process.wait(STARTS)

        turns = {each.at for each in file.read().entries.values()}
        assert len(turns) == 1, "of one write and no other"
        assert len(file.read().entries) == int(turns.pop()) % 60 + 1


def test_reader_sees_the_old_or_the_new_and_nothing_between(
    file: LedgerFile, tmp_path: Path
) -> None:
    seen = set()
    with running(WRITES_FOR_EVER, tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "going\n"
        for _ in range(300):
            entries = file.read().entries.values()
            turns = {each.at for each in entries}
            assert len(turns) == 1
            (turn,) = turns
            assert len(entries) == int(turn) % 60 + 1
            seen.add(turn)

    assert len(seen) > 1, "it was written to meanwhile"


HOLDS = """
    with file.held():
        print("ready", flush=True)
        time.sleep(600)
"""


def test_fails_when_another_run_writes_for_longer_than_the_limit(
    file: LedgerFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_file, "LOCK_SECONDS", 0.5)
    monkeypatch.setattr(ledger_file, "LOCK_PAUSE", 0.05)
    with running(HOLDS, tmp_path):
        before = time.monotonic()
        with pytest.raises(InputError) as caught, file.held():
            raise AssertionError("held by two")
        waited = time.monotonic() - before

    assert str(caught.value) == (
        f"another run has been writing to ledger {file.path} for 0.5 s: run again when it has ended"
    )
    assert 0.5 <= waited < 5


def test_lock_goes_with_the_process_that_is_killed(file: LedgerFile, tmp_path: Path) -> None:
    with running(HOLDS, tmp_path) as process:
        process.kill()
        process.wait(STARTS)
        before = time.monotonic()
        with file.held():
            pass

    assert time.monotonic() - before < 10


# Reads, takes its time, and writes one more entry than it read: without a lock, one gets lost.
ADDS = """
    from scripts.lib.jumpstart.ledger_file import Book

    print("ready", flush=True)
    for number in range(5):
        book = Book(file)
        with book.open(writing=True):
            time.sleep(0.02)
            book.record("p", role(f"{sys.argv[2]}-{number}"), Stage.MADE)
"""


def test_of_two_that_write_the_second_waits_and_nothing_is_lost(
    file: LedgerFile, tmp_path: Path
) -> None:
    both = [python(ADDS, tmp_path, name) for name in ("one", "two")]
    for process in both:
        process.communicate(timeout=STARTS)

    assert [process.returncode for process in both] == [0, 0]
    assert {each.role_arn for each in file.read().entries.values()} == {
        role(f"{name}-{number}") for name in ("one", "two") for number in range(5)
    }


HOLDS_AND_WRITES = """
    with file.held():
        print("ready", flush=True)
        time.sleep(1)
        file.write(Ledger.of([Entry("p", role("A"), Stage.MADE, "")]))
"""


def test_second_begins_only_when_the_first_has_ended(file: LedgerFile, tmp_path: Path) -> None:
    with running(HOLDS_AND_WRITES, tmp_path), file.held():
        found = file.read()

    assert found.owns("p", role("A"))


def test_lock_is_released_when_the_block_fails(file: LedgerFile) -> None:
    with pytest.raises(ValueError, match="no"), file.held():
        raise ValueError("no")

    before = time.monotonic()
    with file.held():
        assert time.monotonic() - before < 10
