"""The ledger's file: one for each account and Region, always whole.

It is replaced in one step, so that a reader sees the old or the new and nothing in between,
whenever the writer is killed.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from scripts.lib.clients import Account
from scripts.lib.errors import InputError, one_line
from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage

FORMAT = 1

LOCK_SECONDS = 60.0
"""How long to wait for another run that writes to the same ledger."""

LOCK_PAUSE = 0.2


@dataclass(frozen=True)
class _Stored:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    format: int
    account_id: str
    region: str
    associations: tuple[Entry, ...]


_JSON = TypeAdapter(_Stored)


class LedgerFile:
    """The file of one account and Region in a directory of ledgers."""

    def __init__(self, directory: Path, account: Account) -> None:
        self._account = account
        self.path = directory / f"{account.account_id}-{account.region}.json"

    def read(self) -> Ledger:
        """Return what the file says, or an empty ledger if there is no file.

        Raises InputError if it cannot be read, is no ledger, or is of another account or Region.
        """
        try:
            stored = _JSON.validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return Ledger()
        except OSError as exc:
            raise InputError(f"ledger {self.path} cannot be read: {exc.strerror}") from exc
        except ValidationError as exc:
            first = exc.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the file"
            raise InputError(f"ledger {self.path}: {one_line(where)}: {first['msg']}") from exc
        if stored.format != FORMAT:
            raise InputError(
                f"ledger {self.path} has format {stored.format}, this tool reads format {FORMAT}"
            )
        here = self._account
        if (stored.account_id, stored.region) != (here.account_id, here.region):
            there = one_line(f"account {stored.account_id}, {stored.region}")
            raise InputError(
                f"ledger {self.path} is of {there}, not of {here.account_id}, {here.region}"
            )
        return Ledger.of(stored.associations)

    def write(self, ledger: Ledger) -> None:
        """Replace the file; it is on disk when this returns.

        Raises InputError if it cannot be written; then it is as it was.
        """
        stored = _Stored(
            FORMAT,
            self._account.account_id,
            self._account.region,
            tuple(ledger.entries[key] for key in sorted(ledger.entries)),
        )
        try:
            _replace(self.path, _JSON.dump_json(stored, indent=2) + b"\n")
        except OSError as exc:
            raise self._unwritable(exc) from exc

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs from writing inside this block, after waiting for one that does.

        Raises InputError if that takes longer than ``LOCK_SECONDS``. The lock goes with the
        process, however that ends.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = self.path.with_suffix(".lock").open("ab")
        except OSError as exc:
            raise self._unwritable(exc) from exc
        with lock:
            limit = time.monotonic() + LOCK_SECONDS
            while not _locked(lock):
                if time.monotonic() > limit:
                    raise InputError(
                        f"another run has been writing to ledger {self.path} for "
                        f"{LOCK_SECONDS:g} s: run again when it has ended"
                    )
                time.sleep(LOCK_PAUSE)
            yield

    def _unwritable(self, exc: OSError) -> InputError:
        return InputError(f"ledger {self.path} cannot be written: {exc.strerror}")


def _locked(lock: BinaryIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Book:
    """A ledger that is written in: each step is on disk before the next one is taken."""

    def __init__(self, file: LedgerFile | None) -> None:
        """Without a file nothing is kept, and nothing is this tool's own; raises as ``read``."""
        self._file = file
        self.ledger = file.read() if file else Ledger()

    @contextmanager
    def open(self, *, writing: bool) -> Iterator[None]:
        """For writing, hold the file and read it again: another run may have ended just now."""
        if self._file is None or not writing:
            yield
            return
        with self._file.held():
            self.ledger = self._file.read()
            yield

    def record(
        self, portfolio_id: str, role_arn: str, stage: Stage, reasons: Iterable[str] = ()
    ) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        entry = Entry(portfolio_id, role_arn, stage, now, tuple(reasons))
        self._keep(self.ledger.with_entry(entry))

    def forget(self, portfolio_id: str, role_arn: str) -> None:
        if self.ledger.owns(portfolio_id, role_arn):
            self._keep(self.ledger.without(portfolio_id, role_arn))

    def _keep(self, ledger: Ledger) -> None:
        if self._file:
            self._file.write(ledger)
            self.ledger = ledger


def _replace(path: Path, content: bytes) -> None:
    """Whoever writes holds the lock: what a killed run left of the new file is written over."""
    new = path.with_suffix(".new")
    try:
        with new.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
