"""Where custom resources answer: one URL for each request, good for one answer.

In AWS it is a presigned URL of S3: whoever has it may put, CloudFormation takes the first object
that it finds, and what is put later changes nothing.
"""

import logging
import secrets
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scripts.sandbox.answers import aws_error

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATH = "/_cloudformation/response/"
# More is never looked at: an answer may have 4,096 bytes.
MOST_BYTES = 1_000_000
POLL_SECONDS = 0.2

log = logging.getLogger("scripts.sandbox")


class Ticket:
    """The right to answer one request."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(32)
        self._answered = threading.Event()
        self._body = b""

    def put(self, body: bytes) -> bool:
        """Take the answer, unless there is one."""
        if self._answered.is_set():
            return False
        self._body = body
        self._answered.set()
        return True

    def wait(self, limit: float, cancelled: threading.Event) -> bytes | None:
        """The answer; nothing if there is none within `limit` seconds, or the work is cancelled."""
        deadline = time.monotonic() + limit
        while not cancelled.is_set() and (left := deadline - time.monotonic()) > 0:
            if self._answered.wait(min(left, POLL_SECONDS)):
                return self._body
        return self._body if self._answered.is_set() else None


class Answers:
    """All tickets that were given out by this process."""

    def __init__(self) -> None:
        self._tickets: dict[str, Ticket] = {}

    def expect(self) -> Ticket:
        """A new ticket. It stays known, so that a second answer is told from a forged one."""
        ticket = Ticket()
        self._tickets[ticket.token] = ticket
        return ticket

    def receive(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a PUT to a ticket's URL as S3 would. What comes second is dropped, and logged."""
        ticket = self._tickets.get(str(environ["PATH_INFO"]).removeprefix(PATH))
        if ticket is None or environ["REQUEST_METHOD"] != "PUT":
            return aws_error(start, "s3", 403, "AccessDenied", "Access Denied")
        if environ.get("CONTENT_TYPE"):
            return aws_error(
                start,
                "s3",
                403,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided."
                " Check your key and signing method.",
            )
        length = min(int(environ.get("CONTENT_LENGTH") or 0), MOST_BYTES)
        if not ticket.put(environ["wsgi.input"].read(length)):
            log.warning("a custom resource gave a second answer to one request; it was ignored")
        start("200 OK", [("Content-Length", "0")])
        return [b""]


ANSWERS = Answers()
