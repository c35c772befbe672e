"""A record of the calls that reached the sandbox: who called what, and what came of it.

Never a request's body, a parameter or a secret. Bounded: the oldest entries make room.
"""

from collections import deque
from dataclasses import dataclass

CAPACITY = 20_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        service: the service's signing name (`sagemaker`, `s3`); empty for an unsigned call.
        operation: the API operation (`CreateDomain`); empty where it cannot be told.
        access_key: the id of the access key that signed the call.
        principal: ARN of the user or assumed role behind the key; empty if unknown.
        status: HTTP status.
        error: the service's error code; empty on success.
    """

    service: str
    operation: str
    access_key: str
    principal: str
    status: int
    error: str


class Journal:
    """The latest calls, oldest first."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._calls: deque[Call] = deque(maxlen=capacity)

    def add(self, call: Call) -> None:
        self._calls.append(call)

    def clear(self) -> None:
        self._calls.clear()

    def calls(self) -> list[Call]:
        return list(self._calls)
