"""Knows when the server is at rest, so that a fork of it is a clean snapshot."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Counts work in progress. Requests hold it, and so must any backend's background work."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._busy = 0

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Work that a snapshot must not cut in two. May be nested."""
        with self._condition:
            self._busy += 1
        try:
            yield
        finally:
            with self._condition:
                self._busy -= 1
                self._condition.notify_all()

    @contextmanager
    def quiet(self, limit: float) -> Iterator[None]:
        """Nothing is in progress, and nothing starts, inside this block.

        Raises:
            TimeoutError: work was still in progress after `limit` seconds.
        """
        with self._condition:
            if not self._condition.wait_for(lambda: self._busy == 0, limit):
                raise TimeoutError(f"{self._busy} calls still in progress after {limit:g} s")
            yield


GATE = Gate()
