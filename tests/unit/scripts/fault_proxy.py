"""A proxy before the sandbox that can refuse, change or hold back single calls."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scripts.sandbox import Sandbox

HOLD_LIMIT = 60


@dataclass(frozen=True)
class Refusal:
    """An error of AWS's."""

    code: str
    message: str = "refused by the test"
    status: int = 400


@dataclass(frozen=True)
class Hold:
    """No answer: ``reached`` is set, and the caller waits until ``release`` is.

    With ``forwards`` the call has had its effect by then.
    """

    forwards: bool
    reached: Event = field(default_factory=Event)
    release: Event = field(default_factory=Event)


Answer = Refusal | Hold | dict[str, Any]
Rule = Callable[[str, int], Answer | None]
"""From an operation and how often it was called (1 the first time) to an answer instead of the
sandbox's, or None to let the call pass."""


def refuse(operation: str, code: str, *, call: int = 1) -> Rule:
    """Refuse one call of ``operation``."""
    return lambda name, count: Refusal(code) if (name, count) == (operation, call) else None


def _encoded(answer: Refusal | dict[str, Any], *, query_protocol: bool) -> tuple[int, bytes, str]:
    if not isinstance(answer, Refusal):
        return 200, json.dumps(answer).encode(), "application/x-amz-json-1.1"
    if query_protocol:
        error = f"<Code>{answer.code}</Code><Message>{answer.message}</Message>"
        body = f"<ErrorResponse><Error>{error}</Error></ErrorResponse>"
        return answer.status, body.encode(), "text/xml"
    fault = {"__type": answer.code, "message": answer.message}
    return answer.status, json.dumps(fault).encode(), "application/x-amz-json-1.1"


@contextmanager
def fault_proxy(sandbox: Sandbox, rule: Rule) -> Iterator[str]:
    """Yield the endpoint of a proxy that asks ``rule`` about every call."""
    upstream = urlsplit(sandbox.endpoint).netloc
    counts: Counter[str] = Counter()
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            target = self.headers.get("X-Amz-Target", "")
            form = parse_qs(body.decode("latin-1"))
            name = target.rpartition(".")[2] or form.get("Action", [""])[0]
            with lock:
                counts[name] += 1
                count = counts[name]
            answer = rule(name, count)
            if isinstance(answer, Hold):
                if answer.forwards:
                    self._forward(body)
                answer.reached.set()
                answer.release.wait(HOLD_LIMIT)
                self.close_connection = True
            elif answer is not None:
                self._send(*_encoded(answer, query_protocol=not target))
            else:
                self._send(*self._forward(body))

        def _forward(self, body: bytes) -> tuple[int, bytes, str]:
            connection = HTTPConnection(upstream)
            connection.request("POST", self.path, body, dict(self.headers))
            response = connection.getresponse()
            content_type = response.getheader("Content-Type", "")
            content = response.read()
            connection.close()
            return response.status, content, content_type

        def _send(self, status: int, body: bytes, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            # The client may have been killed, as the test wanted.
            with suppress(BrokenPipeError, ConnectionResetError):
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
