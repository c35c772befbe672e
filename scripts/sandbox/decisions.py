"""A record of what access control decided: who asked for what, and which statements allowed it.

Bounded: the oldest entries make room.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

CAPACITY = 100_000


@dataclass(frozen=True, slots=True)
class Spoke:
    """A statement that allowed or denied: its policy's kind and name, and its Sid."""

    kind: str
    policy: str
    sid: str


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision.

    Attributes:
        principal: ARN of the user or of the session; empty for an anonymous caller.
        action: `service:Action`.
        resource: ARN or `*`; empty where it could not be told.
        allowed: the outcome.
        reason: for a refusal, the kind of policy, and whether it denies or only fails to allow.
        statements: those that allowed, or those that denied.
        operation: the call that asked for it, as `service:Operation`.
    """

    principal: str
    action: str
    resource: str
    allowed: bool
    reason: str
    statements: tuple[Spoke, ...]
    operation: str

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        """From what JSON holds of it."""
        statements = tuple(Spoke(**each) for each in entry["statements"])
        return cls(**{**entry, "statements": statements})


class Decisions:
    """The latest decisions, oldest first."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._entries: deque[Decided] = deque(maxlen=capacity)

    def add(self, entry: Decided) -> None:
        self._entries.append(entry)

    def clear(self) -> None:
        self._entries.clear()

    def entries(self) -> list[Decided]:
        return list(self._entries)
