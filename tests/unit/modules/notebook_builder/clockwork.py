"""Virtual time for many invocations at once: threads of which exactly one runs at any moment.

The order is settled by the times asked for and by nothing else, so that a history repeats.
"""

from __future__ import annotations

import heapq
import itertools
import math
import threading
from collections.abc import Callable


class Clockwork:
    """What happens when. Time passes between actions only."""

    def __init__(self) -> None:
        self.now = 0.0
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._end = math.inf

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (self.now + seconds, next(self._order), action))

    def run(self, seconds: float | None = None) -> None:
        """Let time pass: so many seconds, or until nothing is left to happen."""
        self._end = math.inf if seconds is None else self.now + seconds
        while self._agenda and self._agenda[0][0] <= self._end:
            self.now, _, action = heapq.heappop(self._agenda)
            action()
        if self._end < math.inf:
            self.now = self._end

    def skip(self, seconds: float) -> bool:
        """Let the time pass at once if nothing else happens in it."""
        moment = self.now + seconds
        if moment > self._end or (self._agenda and self._agenda[0][0] <= moment):
            return False
        self.now = moment
        return True


class Task:
    """A function in a thread of its own, which runs while all others stand still."""

    def __init__(self, clockwork: Clockwork, body: Callable[[], None]) -> None:
        self._clockwork = clockwork
        self._its_turn = threading.Lock()
        self._our_turn = threading.Lock()
        self._its_turn.acquire()
        self._our_turn.acquire()
        self._body = body
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._resume()

    def pause(self, seconds: float) -> None:
        """Called by the function itself: let so much time pass."""
        if self._clockwork.skip(seconds):
            return
        self._clockwork.after(seconds, self._resume)
        self._our_turn.release()
        self._its_turn.acquire()

    def _resume(self) -> None:
        self._its_turn.release()
        self._our_turn.acquire()

    def _run(self) -> None:
        self._its_turn.acquire()
        try:
            self._body()
        finally:
            self._our_turn.release()
