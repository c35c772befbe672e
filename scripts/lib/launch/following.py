"""Following a record until it ends, or until the limit; what AWS does goes on either way."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from scripts.lib.errors import describe, error_code
from scripts.lib.launch.model import Record
from scripts.lib.launch.owned import read_record

if TYPE_CHECKING:
    from scripts.lib.clients import Clients

log = logging.getLogger(__name__)

FOLLOW_SECONDS = 1800
"""How long a record is followed, unless told otherwise. A notebook takes some minutes."""

PAUSES = (0.5, 1.0, 2.0, 5.0)
"""Seconds between two looks; the last one over and over."""

_PASSING = frozenset(
    {
        "InternalFailure",
        "InternalServerError",
        "LimitExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_SERVER_FAULT = 500

Watch = Callable[[Record], None]


def follow(
    clients: Clients,
    record: Record,
    *,
    wait_seconds: float,
    watch: Watch,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Record:
    """Look at a record until it has ended, and return it as it was last seen.

    ``watch`` is shown the record after every look. One that has not ended after
    ``wait_seconds`` is returned as it is. A look that AWS has no time for, or that does not get
    through, is taken again later; any other refusal raises botocore's error.
    """
    deadline = clock() + wait_seconds
    for pause in _pauses():
        watch(record)
        left = deadline - clock()
        if record.finished or left <= 0:
            break
        sleep(min(pause, left))
        record = _look(clients, record)
    return record


def _pauses() -> Iterator[float]:
    return chain(PAUSES, repeat(PAUSES[-1]))


def _look(clients: Clients, record: Record) -> Record:
    try:
        return read_record(clients, record.id)
    except (BotoCoreError, ClientError) as exc:
        if not is_passing(exc):
            raise
        log.info("no answer, asking again: %s", describe(exc))
        return record


def is_passing(exc: BotoCoreError | ClientError) -> bool:
    """Tell whether the same call may succeed a little later."""
    if isinstance(exc, ClientError):
        status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return error_code(exc) in _PASSING or status >= _SERVER_FAULT
    return isinstance(exc, (HTTPClientError, BotoConnectionError))
