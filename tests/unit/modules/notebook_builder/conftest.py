"""CloudFormation's side: a real HTTP server that takes the answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class Answers:
    """What was put. ``statuses`` are answered first, one a request; then 200."""

    url: str = ""
    puts: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    @property
    def only(self) -> dict[str, Any]:
        assert len(self.puts) == 1, self.puts
        return self.puts[0]


@pytest.fixture
def answers() -> Iterator[Answers]:
    taken = Answers()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.puts.append(json.loads(body))
            taken.headers.append(dict(self.headers))
            self.send_response(taken.statuses.pop(0) if taken.statuses else 200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    taken.url = f"http://127.0.0.1:{server.server_port}/answer?Signature=secret"
    yield taken
    server.shutdown()
    server.server_close()
    thread.join()
