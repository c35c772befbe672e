"""A server that behaves like GitHub's API, as far as issues and comments of one repository go."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghs_a-token-for-tests"
REPOSITORY = "owner/name"


@dataclass
class Fault:
    """An answer instead of the right one; with ``after`` the work is done all the same."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b'{"message": "a fault"}'
    after: bool = False
    method: str = ""


class GitHubServer:
    """Its issues and comments; ``faults`` are given one by one, then it answers right."""

    def __init__(self, page: int = 100) -> None:
        self.page = page
        self.issues: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.asked: list[tuple[str, str]] = []
        self.tokens: set[str] = set()
        self.drops_labels = False

    def __enter__(self) -> Self:
        world = self

        class Handler(_Handler):
            server_state = world

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def add_issue(self, title: str = "x", body: str = "", **more: Any) -> dict[str, Any]:
        made = {
            "number": len(self.issues) + 1,
            "title": title,
            "body": body,
            "state": "open",
            "labels": [],
        } | more
        self.issues.append(made)
        return made

    def writes(self) -> list[tuple[str, str]]:
        return [each for each in self.asked if each[0] != "GET"]


class _Handler(BaseHTTPRequestHandler):
    server_state: GitHubServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PATCH(self) -> None:
        self._answer("PATCH")

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def _answer(self, method: str) -> None:
        world, parts = self.server_state, urlsplit(self.path)
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        world.asked.append((method, parts.path))
        world.tokens.add(self.headers.get("Authorization", ""))
        fault = None
        if world.faults and world.faults[0].method in ("", method):
            fault = world.faults.pop(0)
        if fault is None or fault.after:
            status, found, headers = self._work(method, parts.path, parts.query, content)
        if fault is not None:
            self._send(fault.status, fault.body, fault.headers)
        else:
            self._send(status, json.dumps(found).encode(), headers)

    def _work(  # noqa: PLR0911  one for each route
        self, method: str, path: str, query: str, content: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        world, root = self.server_state, f"/repos/{REPOSITORY}/"
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"message": "Bad credentials"}, {}
        if not path.startswith(root):
            return 404, {"message": "Not Found"}, {}
        asked = json.loads(content) if content else {}
        match method, path.removeprefix(root).split("/"):
            case "GET", ["issues"]:
                wanted = parse_qs(query)
                found = [
                    issue
                    for issue in world.issues
                    if wanted["labels"][0] in [label["name"] for label in issue["labels"]]
                    and wanted["state"][0] in ("all", issue["state"])
                ]
                return self._page(found, path, query)
            case "GET", ["issues", number, "comments"]:
                found = [each for each in world.comments if each["of"] == int(number)]
                return self._page(found, path, query)
            case "POST", ["issues"]:
                labels = [] if world.drops_labels else asked.get("labels", [])
                names = [{"name": name} for name in labels]
                made = world.add_issue(asked["title"], asked["body"], labels=names)
                return 201, made, {}
            case "POST", ["issues", number, "comments"]:
                comment = {"id": 100 + len(world.comments), "of": int(number), **asked}
                world.comments.append({**comment, "user": {"login": "bot"}})
                return 201, world.comments[-1], {}
            case "PATCH", ["issues", "comments", key]:
                (comment,) = [each for each in world.comments if each["id"] == int(key)]
                comment |= asked
                return 200, comment, {}
            case "PATCH", ["issues", number]:
                world.issues[int(number) - 1] |= asked
                return 200, world.issues[int(number) - 1], {}
        return 404, {"message": "Not Found"}, {}

    def _page(
        self, found: list[dict[str, Any]], path: str, query: str
    ) -> tuple[int, Any, dict[str, str]]:
        world = self.server_state
        number = int(parse_qs(query).get("page", ["1"])[0])
        size = min(world.page, int(parse_qs(query)["per_page"][0]))
        headers = {}
        if number * size < len(found):
            rest = "&".join(each for each in query.split("&") if not each.startswith("page="))
            link = f"{world.url}{path}?{rest}&page={number + 1}"
            headers["Link"] = f'<{world.url}{path}?page=1>; rel="first", <{link}>; rel="next"'
        return 200, found[(number - 1) * size : number * size], headers

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
