"""What other processes do with a ledger's file. Each says how far it has come."""

import time
from multiprocessing.connection import Connection
from pathlib import Path

from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage
from scripts.lib.jumpstart.ledger_file import Book, LedgerFile
from tests.unit.scripts.lib.jumpstart.builders import ACCOUNT, role


def write_for_ever(directory: Path, say: "Connection[str, None]") -> None:
    """Each turn the ledger holds one entry more, up to 60, then one again; all alike in a turn."""
    file = LedgerFile(directory, ACCOUNT)
    say.send("ready")
    turn = 0
    while True:
        turn += 1
        file.write(
            Ledger.of(
                Entry("p", role(str(number)), Stage.MADE, str(turn), ("x" * 300,))
                for number in range(turn % 60 + 1)
            )
        )
        if turn == 30:
            say.send("going")


def hold(directory: Path, say: "Connection[str, None]") -> None:
    """Have the ledger to itself, and never end."""
    with LedgerFile(directory, ACCOUNT).held():
        say.send("ready")
        time.sleep(600)


def hold_and_write(directory: Path, say: "Connection[str, None]") -> None:
    """Have the ledger to itself for a second, at whose end it is written."""
    file = LedgerFile(directory, ACCOUNT)
    with file.held():
        say.send("ready")
        time.sleep(1)
        file.write(Ledger.of([Entry("p", role("A"), Stage.MADE, "")]))


def add_five(directory: Path, name: str) -> None:
    """Read, take time, and write one more than was read: without a lock, one gets lost."""
    file = LedgerFile(directory, ACCOUNT)
    for number in range(5):
        book = Book(file)
        with book.open(writing=True):
            time.sleep(0.02)
            book.record("p", role(f"{name}-{number}"), Stage.MADE)
