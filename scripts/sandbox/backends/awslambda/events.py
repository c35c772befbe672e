"""Asynchronous invocations: accepted at once, run beside, and tried again when they fail.

As in AWS, which waits one minute before the first retry and two before the second; here the waits
are shorter, and an event's age counts them as if they were not:
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from scripts.sandbox.gate import GATE

from .invocation import Outcome

RETRIES = 2
AGE_SECONDS = 21600
AWS_WAIT_SECONDS = 60
WAIT_SECONDS = 0.1

log = logging.getLogger("scripts.sandbox")


@dataclass
class Waits:
    """How long this server waits before the first retry; before the second, twice as long."""

    seconds: float = WAIT_SECONDS

    def set(self, given: dict[str, Any]) -> None:
        """Take over `retry_seconds`.

        Raises:
            ValueError: it is below 0.
        """
        if given["retry_seconds"] < 0:
            raise ValueError(f"retry_seconds is {given['retry_seconds']}, allowed: 0 or more")
        self.seconds = given["retry_seconds"]


WAITS = Waits()


@dataclass(frozen=True, slots=True)
class Event:
    """An event that waits for its function.

    Attributes:
        name: how the sandbox's log calls it.
        attempt: runs the function once.
        retries: how often it is tried again.
        age: seconds after which it is not tried again.
    """

    name: str
    attempt: Callable[[], Outcome]
    retries: int = RETRIES
    age: float = AGE_SECONDS


def accept(event: Event) -> None:
    """Run an event beside the caller. No fork is made before it has ended, retries included."""
    with ExitStack() as stack:
        stack.enter_context(GATE.busy())
        held = stack.pop_all()
    threading.Thread(target=_work, args=(event, held), name="event", daemon=True).start()


def _work(event: Event, held: ExitStack) -> None:
    with held:
        began, spared, failure = time.monotonic(), 0.0, ""
        for number in range(event.retries + 1):
            if number:
                time.sleep(WAITS.seconds * number)
                spared += (AWS_WAIT_SECONDS - WAITS.seconds) * number
            if time.monotonic() - began + spared > event.age:
                failure += f"; it is older than {event.age:g} s"
                break
            failure = _failure(event)
            if not failure:
                return
        log.warning("event %s was dropped: %s", event.name, failure)


def _failure(event: Event) -> str:
    """Try once. Returns what went wrong, if anything did: its kind, as text may hold secrets."""
    try:
        return event.attempt().error or ""
    except Exception as error:
        log.exception("event %s could not be tried", event.name)
        return type(error).__name__
