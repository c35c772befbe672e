"""The proxy's server: passes on what no rule answers, each connection in a thread of its own."""

import json
import socket
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any, NamedTuple

from scripts.sandbox.faults.answers import Cut, Hold, Refusal
from scripts.sandbox.faults.errors import JSON_TYPE, encode
from scripts.sandbox.faults.ledger import Ledger
from scripts.sandbox.faults.requests import read

HOST = "127.0.0.1"
OK = 200
HOLD_LIMIT = 60.0
UPSTREAM_LIMIT = 120.0
WAITING_CONNECTIONS = 128
# Of one connection, not of the message (RFC 9110, 7.6.1); what is read whole gets a length anew.
_OWN_HEADERS = {
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}


class FaultServer(ThreadingHTTPServer):
    """A thread for each connection, with a connection of its own to the sandbox."""

    daemon_threads = True
    request_queue_size = WAITING_CONNECTIONS

    def __init__(self, port: int, upstream: str, ledger: Ledger) -> None:
        self.upstream = upstream
        self.ledger = ledger
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__((HOST, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """End those connections too that their callers keep for their next call."""
        super().server_close()
        with self._lock:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)


class _Reply(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class _Handler(BaseHTTPRequestHandler):
    """One connection's calls, one after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: FaultServer
    _upstream: HTTPConnection

    def setup(self) -> None:
        super().setup()
        # It stays open for as long as the sandbox keeps it so, and opens again by itself.
        self._upstream = HTTPConnection(self.server.upstream, timeout=UPSTREAM_LIMIT)

    def handle(self) -> None:
        # The client may have been killed, as a test wanted, and the sandbox may have ended.
        with suppress(OSError, HTTPException, UnicodeError, _BadBodyError):
            super().handle()

    def finish(self) -> None:
        self._upstream.close()
        with suppress(OSError):
            super().finish()

    def __getattr__(self, name: str) -> Any:
        """Every method of HTTP is served alike."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        body = self._body()
        wanted = read(self.command, self.path, self.headers, body)
        answer, seconds = self.server.ledger.judge(wanted.operation)
        reply: _Reply | None = None
        match answer:
            case None:
                reply = self._forward(body)
            case Refusal():
                reply = _reply(*encode(answer, wanted.protocol))
            case Cut() | Hold():
                if answer.forwards:
                    self._forward(body)
                if isinstance(answer, Hold):
                    answer.reached.set()
                    answer.release.wait(HOLD_LIMIT)
            case dict():
                reply = _reply(OK, JSON_TYPE, json.dumps(answer).encode())
        if seconds:
            time.sleep(seconds)
        if reply is None:
            self.close_connection = True
        else:
            self._send(reply)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._chunks()
        return self.rfile.read(_number(self.headers.get("Content-Length", "0"), 10))

    def _chunks(self) -> bytes:
        parts = []
        while size := _number(self.rfile.readline().partition(b";")[0].decode("latin-1"), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers tell nothing that the sandbox would read
        return b"".join(parts)

    def _forward(self, body: bytes) -> _Reply:
        upstream = self._upstream
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        # Under its own name, so that what the sandbox calls in its turn meets no rule.
        upstream.putheader("Host", self.server.upstream)
        for name, value in self.headers.items():
            if name.lower() not in _OWN_HEADERS:
                upstream.putheader(name, value)
        if body or self.command in ("POST", "PUT"):
            upstream.putheader("Content-Length", str(len(body)))
        upstream.endheaders(body or None)
        response = upstream.getresponse()
        content = response.read()
        headers = [each for each in response.getheaders() if each[0].lower() not in _OWN_HEADERS]
        # An answer to HEAD tells the length of a body that it does not have.
        length = response.getheader("Content-Length") if self.command == "HEAD" else None
        return _Reply(
            response.status, [*headers, ("Content-Length", length or str(len(content)))], content
        )

    def _send(self, reply: _Reply) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        """The counts tell what was called."""


class _BadBodyError(Exception):
    """A request's length cannot be read: the connection is closed."""


def _number(text: str, base: int) -> int:
    try:
        number = int(text, base)
    except ValueError:
        number = -1
    if number < 0:
        raise _BadBodyError(text)
    return number


def _reply(status: int, content_type: str, body: bytes) -> _Reply:
    return _Reply(
        status, [("Content-Type", content_type), ("Content-Length", str(len(body)))], body
    )
