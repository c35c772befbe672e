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
    """What happens when. Time passes between actions only.

    Whichever thread pauses lets happen what comes next, and wakes another only if it is that
    one's turn: to change threads costs more than most of what they do.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self._agenda: list[tuple[float, int, Callable[[], None] | Task]] = []
        self._order = itertools.count()
        self._end = math.inf
        self._over = threading.Lock()
        self._over.acquire()
        self._error: BaseException | None = None

    def after(self, seconds: float, action: Callable[[], None] | Task) -> None:
        heapq.heappush(self._agenda, (self.now + seconds, next(self._order), action))

    def run(self, seconds: float | None = None) -> None:
        """Let time pass: so many seconds, or until nothing is left to happen."""
        self._end = math.inf if seconds is None else self.now + seconds
        self.hand_on(None)
        self._over.acquire()
        error, self._error = self._error, None
        if error:
            raise error
        if self._end < math.inf:
            self.now = self._end

    def hand_on(self, pausing: Task | None) -> bool:
        """Let happen what comes next, up to another's turn; say whether it is the own one's."""
        try:
            while self._agenda and self._agenda[0][0] <= self._end:
                self.now, _, action = heapq.heappop(self._agenda)
                if isinstance(action, Task):
                    if action is not pausing:
                        action.resume()
                    return action is pausing
                action()
        except BaseException as error:  # noqa: BLE001 - told by run, in whatever thread it was
            self._error = error
        self._over.release()
        return False

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
        self._turn = threading.Lock()
        self._turn.acquire()
        self._body = body
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin, when what is happening now is over."""
        self._thread.start()
        self._clockwork.after(0.0, self)

    def pause(self, seconds: float) -> None:
        """Called by the function itself: let so much time pass."""
        if self._clockwork.skip(seconds):
            return
        self._clockwork.after(seconds, self)
        if not self._clockwork.hand_on(self):
            self._turn.acquire()

    def resume(self) -> None:
        self._turn.release()

    def _run(self) -> None:
        self._turn.acquire()
        try:
            self._body()
        finally:
            self._clockwork.hand_on(None)
