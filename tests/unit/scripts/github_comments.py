"""A server on this machine that answers as GitHub's REST API does about pull requests.

https://docs.github.com/en/rest/issues/comments and .../rest/commits/commits.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

REPOSITORY = "acme/platform"
JOB_TOKEN, JOB = "ghs_job-token", "github-actions[bot]"
"""A token of a job, which may not ask who it is, as those of apps; and its author."""
PERSON_TOKEN, PERSON = "ghp_token-of-dana", "dana"
LONGEST_BODY = 65_536


@dataclass(frozen=True)
class Asked:
    """A request that came in."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: Any


@dataclass
class Fault:
    """An answer in place of GitHub's own, or after what was asked for is done.

    ``status`` 0 closes the connection without any.
    """

    method: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    after: bool = False


@dataclass
class FakeGitHub:
    """What the server holds, to be looked at and changed by a test."""

    url: str = ""
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: {7: []})
    """By pull request; those that are not here do not exist."""
    pulls_of_commits: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    before: Callable[[Asked], None] = lambda _asked: None
    """Called with each request before it is answered: what others do at that moment."""
    hidden: set[int] = field(default_factory=set)
    """Comments that lists do not show yet."""
    ghosts: list[dict[str, Any]] = field(default_factory=list)
    """Comments that lists still show."""
    keep: Callable[[str], str] = lambda body: body
    """What is kept of a text that is written."""
    tokens: dict[str, str] = field(
        default_factory=lambda: {JOB_TOKEN: JOB, PERSON_TOKEN: PERSON, "ghs_app": "reviews[bot]"}
    )
    _ids: Iterator[int] = field(default_factory=lambda: count(101))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, body: str, author: str | None = JOB, number: int = 7) -> int:
        """Let ``author`` write a comment; None is somebody whose account is gone."""
        with self.lock:
            user = {"login": author} if author else None
            comment = {"id": next(self._ids), "body": body, "user": user}
            self.comments[number].append(comment)
            return int(comment["id"])

    def remove(self, comment_id: int) -> None:
        for comments in self.comments.values():
            comments[:] = [item for item in comments if item["id"] != comment_id]

    def bodies(self, number: int = 7) -> list[str]:
        return [item["body"] for item in self.comments[number]]

    def writes(self) -> list[str]:
        return [asked.method for asked in self.asked if asked.method != "GET"]

    def find(self, comment_id: int) -> dict[str, Any] | None:
        every = (item for comments in self.comments.values() for item in comments)
        return next((item for item in every if item["id"] == comment_id), None)


@contextmanager
def github_server() -> Iterator[FakeGitHub]:
    """Yield a GitHub with one repository, and a pull request 7 without comments."""
    github = FakeGitHub()
    handler = type("_Handler", (_Handler,), {"github": github})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        github.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield github
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    github: FakeGitHub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        pass

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        asked = Asked(self.command, parts.path, parse_qs(parts.query), dict(self.headers), body)
        self.github.before(asked)
        with self.github.lock:
            self.github.asked.append(asked)
            fault = self._fault()
            if fault is None or fault.after:
                status, found, headers = self._answer(asked)
            if fault is not None:
                status, found, headers = fault.status, {"message": "a fault"}, dict(fault.headers)
        self._send(status, found, headers)

    do_GET = do_POST = do_PATCH = do_DELETE = _handle  # noqa: N815 - the server's own names

    def _fault(self) -> Fault | None:
        for fault in self.github.faults:
            if fault.times and fault.method == self.command:
                fault.times -= 1
                return fault
        return None

    def _send(self, status: int, found: Any, headers: Mapping[str, str]) -> None:
        self.close_connection = True
        if not status:
            return
        content = b"" if found is None else json.dumps(found).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _answer(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
        login = self.github.tokens.get(asked.headers.get("Authorization", "")[len("Bearer ") :])
        if login is None:
            return 401, {"message": "Bad credentials"}, {}
        if asked.path == "/user":
            return _user(login)
        path = asked.path.removeprefix(f"/repos/{REPOSITORY}")
        if found := re.fullmatch(r"/issues/(\d+)/comments", path):
            return self._comments(asked, int(found[1]), login)
        if found := re.fullmatch(r"/issues/comments/(\d+)", path):
            return self._comment(asked, int(found[1]))
        if found := re.fullmatch(r"/commits/([0-9a-f]+)/pulls", path):
            return self._page(asked, self.github.pulls_of_commits.get(found[1], []))
        return 404, {"message": "Not Found"}, {}

    def _comments(self, asked: Asked, number: int, login: str) -> tuple[int, Any, dict[str, str]]:
        if number not in self.github.comments:
            return 404, {"message": "Not Found"}, {}
        if asked.method == "GET":
            shown = [c for c in self.github.comments[number] if c["id"] not in self.github.hidden]
            return self._page(asked, [*self.github.ghosts, *shown])
        if len(asked.body["body"]) > LONGEST_BODY:
            return 422, {"message": "Validation Failed: body is too long"}, {}
        text = self.github.keep(asked.body["body"])
        return 201, self.github.find(self.github.add(text, login, number)), {}

    def _comment(self, asked: Asked, comment_id: int) -> tuple[int, Any, dict[str, str]]:
        comment = self.github.find(comment_id)
        if comment is None:
            return 404, {"message": "Not Found"}, {}
        if asked.method == "DELETE":
            self.github.remove(comment_id)
            return 204, None, {}
        comment["body"] = self.github.keep(asked.body["body"])
        return 200, comment, {}

    def _page(self, asked: Asked, items: list[Any]) -> tuple[int, Any, dict[str, str]]:
        """Answer with one page, and say in the header Link where the next one is."""
        size = min(int(asked.query.get("per_page", ["30"])[0]), 100)
        page = int(asked.query.get("page", ["1"])[0])
        headers = {}
        if page * size < len(items):
            query = urlencode({"per_page": size, "page": page + 1})
            headers["Link"] = f'<{self.github.url}{asked.path}?{query}>; rel="next"'
        return 200, items[(page - 1) * size : page * size], headers


def _user(login: str) -> tuple[int, Any, dict[str, str]]:
    if login.endswith("[bot]"):
        return 403, {"message": "Resource not accessible by integration"}, {}
    return 200, {"login": login}, {}
