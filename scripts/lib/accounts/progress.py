"""Log lines that say of which account they speak, where several speak at once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from scripts.lib.accounts.model import Target

_current: ContextVar[Target | None] = ContextVar("target", default=None)


@contextmanager
def working_in(target: Target) -> Iterator[None]:
    """What this thread logs inside the block is of ``target``."""
    token = _current.set(target)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def named_lines() -> Iterator[None]:
    """Inside the block, lines of an account begin with it, whoever logs them."""
    before = logging.getLogRecordFactory()

    def factory(*args: object, **kwargs: object) -> logging.LogRecord:
        record = before(*args, **kwargs)
        target = _current.get()
        if target is not None:
            # The text may hold percent signs, which are none of the line's own.
            record.msg, record.args = f"{target}: {record.getMessage()}", ()
        return record

    logging.setLogRecordFactory(factory)
    try:
        yield
    finally:
        logging.setLogRecordFactory(before)
