"""What a call can meet on its way instead of the sandbox's own answer, or besides it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Event
from typing import Any

BAD_REQUEST = 400


class Protocol(StrEnum):
    """How a service writes its errors."""

    JSON = "json"
    QUERY = "query"
    EC2 = "ec2"
    S3 = "s3"
    REST_JSON = "rest-json"


@dataclass(frozen=True)
class Refusal:
    """An error of AWS's.

    Attributes:
        code: as the JSON protocol has it.
        message: AWS's words.
        status: of HTTP.
        elsewhere: code and status in protocols that call the same thing by another name.
    """

    code: str
    message: str = "refused by the test"
    status: int = BAD_REQUEST
    elsewhere: Mapping[Protocol, tuple[str, int]] = field(default_factory=dict)

    def within(self, protocol: Protocol) -> tuple[str, int]:
        """Code and HTTP status in `protocol`."""
        return self.elsewhere.get(protocol, (self.code, self.status))


@dataclass(frozen=True)
class Cut:
    """No answer: the connection is closed. With `forwards` the call has had its effect by then."""

    forwards: bool


@dataclass(frozen=True)
class Hold:
    """No answer: `reached` is set, and the caller waits until `release` is; a minute at most.

    With `forwards` the call has had its effect by then.
    """

    forwards: bool
    reached: Event = field(default_factory=Event)
    release: Event = field(default_factory=Event)


@dataclass(frozen=True)
class Pause:
    """The answer, whatever it is, comes so many seconds later."""

    seconds: float


Answer = Refusal | Cut | Hold | Pause | dict[str, Any]
"""A dictionary is an answer of the JSON protocol, as if the service had given it."""

THROTTLED = Refusal(
    "ThrottlingException",
    "Rate exceeded",
    elsewhere={
        Protocol.QUERY: ("Throttling", BAD_REQUEST),
        Protocol.EC2: ("RequestLimitExceeded", 503),
        Protocol.S3: ("SlowDown", 503),
        Protocol.REST_JSON: ("TooManyRequestsException", 429),
    },
)
FAILED = Refusal(
    "InternalFailure",
    "The request processing has failed because of an unknown error, exception or failure.",
    500,
    elsewhere={Protocol.EC2: ("InternalError", 500), Protocol.S3: ("InternalError", 500)},
)
EXPIRED = Refusal(
    "ExpiredTokenException",
    "The security token included in the request is expired",
    elsewhere={
        Protocol.QUERY: ("ExpiredToken", 403),
        Protocol.EC2: ("RequestExpired", BAD_REQUEST),
        Protocol.S3: ("ExpiredToken", BAD_REQUEST),
        Protocol.REST_JSON: ("ExpiredTokenException", 403),
    },
)
DENIED = Refusal(
    "AccessDeniedException",
    "User is not authorized to perform this operation",
    elsewhere={
        Protocol.QUERY: ("AccessDenied", 403),
        Protocol.EC2: ("UnauthorizedOperation", 403),
        Protocol.S3: ("AccessDenied", 403),
        Protocol.REST_JSON: ("AccessDeniedException", 403),
    },
)
