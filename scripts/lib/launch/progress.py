"""Progress while a record is followed: one line that moves on a terminal, else a log."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.text import Text

from scripts.lib.errors import one_line
from scripts.lib.launch.following import Watch
from scripts.lib.launch.model import Record

log = logging.getLogger(__name__)


@contextmanager
def progress(stream: TextIO, name: str) -> Iterator[Watch]:
    """Yield what is shown each look at a record: the status, and for how long.

    A terminal gets one line with a spinner, which is gone at the end. Otherwise a line is
    logged whenever the status changes.
    """
    started = time.monotonic()

    def line(record: Record) -> str:
        seconds = time.monotonic() - started
        return one_line(f"{record.verb} {name}: {record.status} ({seconds:.0f} s)")

    if stream.isatty():
        console = Console(file=stream, highlight=False)
        with console.status(Text(f"{name}: asking")) as status:
            yield lambda record: status.update(Text(line(record)))
        return
    seen = ""

    def note(record: Record) -> None:
        nonlocal seen
        if record.status != seen:
            seen = record.status
            log.info("%s", line(record))

    yield note
