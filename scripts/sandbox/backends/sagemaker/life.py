"""A notebook's life by time: how long its transitions take, and which of them fail.

Nothing runs in the background: who looks at a notebook sees what it has become by then. So a fork
of the server goes on where its parent was.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from moto.core.utils import utcnow

SECONDS = 0.5


@dataclass
class Pace:
    """How notebooks of this server live.

    Attributes:
        seconds: how long a transition takes, those under way included; 0 is over by the next look.
        failures: what keeps a notebook from coming into service, by pattern of its name.
    """

    seconds: float = SECONDS
    failures: dict[str, str] = field(default_factory=dict)

    def set(self, given: dict[str, Any]) -> None:
        """Take over `seconds`, or a `pattern` with the `reason` of its failure; none ends it.

        Raises:
            ValueError: names what cannot be.
        """
        if "seconds" in given:
            if given["seconds"] < 0:
                raise ValueError(f"seconds is {given['seconds']}, allowed: 0 or more")
            self.seconds = given["seconds"]
        if "pattern" in given:
            self.failures.pop(given["pattern"], None)
            if given["reason"] is not None:
                self.failures[given["pattern"]] = given["reason"]

    def failure(self, name: str) -> str | None:
        """Why a notebook of that name cannot come into service; the latest pattern decides."""
        found = [why for pattern, why in self.failures.items() if fnmatchcase(name, pattern)]
        return found[-1] if found else None


PACE = Pace()


@dataclass
class Life:
    """The state of one notebook.

    Attributes:
        failure_reason: why it is `Failed`; nothing in any other state.
        changed: when it came into its state.
        gone: its deletion is through.
    """

    failure_reason: str | None = None
    changed: datetime = field(default_factory=utcnow)
    gone: bool = False
    _status: str = "Pending"
    _next: str | None = None
    _since: float | None = None
    _reason: str | None = None

    def pass_through(self, status: str, to: str | None, reason: str | None = None) -> None:
        """Enter a state that ends by itself: in `to`, in `Failed` for a reason, or in nothing."""
        self._enter(status)
        self._next, self._reason = ("Failed", reason) if reason else (to, None)
        self._since = time.monotonic()

    def status(self) -> str:
        """The state that it is in by now."""
        if self._since is not None and time.monotonic() - self._since >= PACE.seconds:
            self._since = None
            if self._next:
                self._enter(self._next)
                self.failure_reason = self._reason
            else:
                self.gone = True
        return self._status

    def _enter(self, status: str) -> None:
        self._status = status
        self.failure_reason = None
        self.changed = utcnow()
