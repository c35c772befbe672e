"""A client of GitHub's REST API: issues and comments of one repository, and no more than that.

https://docs.github.com/en/rest. The token goes into one header and nowhere else: into no message,
and to no other host.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from scripts.lib.errors import InputError, ToolError, one_line

TIMEOUT: Final = 30.0
"""Seconds without a word from GitHub."""

ATTEMPTS: Final = 5
LONGEST_PAUSE: Final = 120.0
"""Seconds that are waited at most before asking again; if GitHub wants more, that is an error."""

PAGE: Final = 100
MOST_PAGES: Final = 100
MOST_BYTES: Final = 64 * 1024 * 1024

_REPOSITORY: Final = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_NEXT: Final = re.compile(r'<([^>]*)>\s*;[^,]*\brel="next"')
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_NO_CONTENT, _FORBIDDEN, _TOO_MANY, _SERVER_FAULT = 204, 403, 429, 500
_MOVED: Final = frozenset({301, 302, 303, 307, 308})


class GitHubError(ToolError):
    """GitHub refused, could not be reached, or answered what makes no sense.

    Attributes:
        status: of HTTP, 0 if there was no answer.
    """

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of an issue or pull request; ``author`` is a login, "" if the account is gone."""

    id: int
    body: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue. ``state`` is ``open`` or ``closed``."""

    number: int
    title: str
    body: str
    state: str
    labels: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state == "open"


class GitHub:
    """One repository. What only reads, or may be repeated, is tried again; see ``_ask``.

    Every method raises GitHubError.
    """

    def __init__(
        self,
        api_url: str,
        token: str,
        repository: str,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take where to work; nothing is asked yet.

        Args:
            api_url: ``https://api.github.com``, or that of an own server.
            token: may be one for a single job.
            repository: ``owner/name``.
            pause: how to wait, in seconds.

        Raises:
            InputError: an argument cannot be used.
        """
        parts = urlsplit(api_url)
        if not parts.hostname or not (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        ):
            raise InputError(f"GitHub's API is {one_line(repr(api_url))}, allowed: https://...")
        if not re.fullmatch(r"[!-~]+", token):
            raise InputError(
                "GitHub's token is empty, or holds what no token does: see GITHUB_TOKEN"
            )
        if not _REPOSITORY.fullmatch(repository) or ".." in repository:
            raise InputError(f"repository is {one_line(repr(repository))}, allowed: owner/name")
        self._base = api_url.rstrip("/")
        self._token = token
        self._root = f"{self._base}/repos/{repository}"
        self._pause = pause
        self._opener = _opener()

    def issue_comments(self, number: int) -> tuple[Comment, ...]:
        """Return all comments of an issue or pull request, oldest first."""
        return tuple(map(_comment, self._pages(f"/issues/{number}/comments", {})))

    def create_comment(self, number: int, body: str) -> Comment:
        """Add a comment to an issue or pull request."""
        return _comment(self._ask("POST", f"{self._root}/issues/{number}/comments", {"body": body}))

    def update_comment(self, comment_id: int, body: str) -> Comment:
        """Replace what a comment says."""
        url = f"{self._root}/issues/comments/{comment_id}"
        return _comment(self._ask("PATCH", url, {"body": body}))

    def delete_comment(self, comment_id: int) -> None:
        """Delete a comment."""
        self._request("DELETE", f"{self._root}/issues/comments/{comment_id}", None)

    def login(self) -> str:
        """Return whose token it is. A job's own may not ask: GitHubError of status 403."""
        found, _ = self._request("GET", f"{self._base}/user", None)
        return _login(found)

    def pull_request_of(self, commit: str) -> int:
        """Return the number of the pull request whose merge made ``commit``, a whole hash."""
        merged = [
            item
            for item in self._pages(f"/commits/{commit}/pulls", {})
            if item.get("merged_at") and item.get("merge_commit_sha") == commit
        ]
        if len(merged) != 1:
            raise GitHubError(f"commit {one_line(commit)} is of {len(merged)} merged pull requests")
        return _number(merged[0], "number")

    def issues(self, label: str, state: str = "all") -> tuple[Issue, ...]:
        """Return the issues with a label, oldest first; pull requests are none.

        Args:
            state: ``open``, ``closed`` or ``all``.
        """
        asked = {"labels": label, "state": state, "sort": "created", "direction": "asc"}
        found = self._pages("/issues", asked)
        return tuple(_issue(item) for item in found if "pull_request" not in item)

    def create_issue(self, title: str, body: str, labels: tuple[str, ...] = ()) -> Issue:
        """Open an issue. Labels that there are not are made by GitHub."""
        asked = {"title": title, "body": body, "labels": list(labels)}
        return _issue(self._ask("POST", f"{self._root}/issues", asked))

    def update_issue(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        state: str | None = None,
    ) -> Issue:
        """Change what is given of an issue; ``state`` is ``open`` or ``closed``."""
        given = {"title": title, "body": body, "state": state}
        asked = {name: value for name, value in given.items() if value is not None}
        return _issue(self._ask("PATCH", f"{self._root}/issues/{number}", asked))

    def _pages(self, path: str, asked: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        url = f"{self._root}{path}?{urlencode({**asked, 'per_page': PAGE})}"
        for _ in range(MOST_PAGES):
            found, headers = self._request("GET", url, None)
            if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
                raise GitHubError("GitHub answered something else than a list")
            yield from found
            following = _NEXT.search(headers.get("Link", ""))
            if following is None:
                return
            url = following[1]
            if not url.startswith(f"{self._base}/"):
                raise GitHubError("GitHub named another host for the next page: not followed")
        raise GitHubError(f"GitHub's list has more than {MOST_PAGES} pages")

    def _ask(self, method: str, url: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        found, _ = self._request(method, url, asked)
        if not isinstance(found, dict):
            raise GitHubError("GitHub answered something else than an object")
        return found

    def _request(
        self, method: str, url: str, asked: Mapping[str, Any] | None
    ) -> tuple[Any, HTTPMessage]:
        """Ask, and ask again after a fault that may pass.

        A POST is repeated only if GitHub says that it did nothing (a rate limit): after any other
        fault what was asked for may be there, and would be there twice.
        """
        what = f"{method} {urlsplit(url).path}"
        status = 0
        for attempt in range(1, ATTEMPTS + 1):
            wait = float(2 ** (attempt - 1))
            try:
                return self._once(method, url, asked)
            except HTTPError as exc:
                limited = _is_limited(exc)
                may_pass = limited or (exc.code >= _SERVER_FAULT and method != "POST")
                fault, status = _said(exc), exc.code
                wait = max(wait, _wanted_pause(exc)) if limited else wait
            except (URLError, HTTPException, OSError) as exc:
                may_pass = method != "POST"
                fault, status = one_line(getattr(exc, "reason", None) or repr(exc)), 0
            if not may_pass or attempt == ATTEMPTS:
                raise GitHubError(f"GitHub: {what}: {fault}", status=status)
            if wait > LONGEST_PAUSE:
                left = f"it wants to be left for {wait:.0f} s"
                raise GitHubError(f"GitHub: {what}: {fault}; {left}", status=status)
            self._pause(wait)
        raise AssertionError("unreachable")  # pragma: no cover

    def _once(
        self, method: str, url: str, asked: Mapping[str, Any] | None
    ) -> tuple[Any, HTTPMessage]:
        request = Request(  # noqa: S310  https, or the own machine: see __init__
            url,
            data=None if asked is None else json.dumps(asked).encode(),
            method=method,
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "User-Agent": "sagemaker-governed-toolkit",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        with self._opener.open(request, timeout=TIMEOUT) as answer:
            content = answer.read(MOST_BYTES)
            headers: HTTPMessage = answer.headers
            if answer.status == _NO_CONTENT:
                return None, headers
        try:
            return json.loads(content), headers
        except (ValueError, RecursionError):
            raise GitHubError(f"GitHub: {method} {urlsplit(url).path}: no JSON came back") from None


class _NoRedirects(HTTPRedirectHandler):
    """The token would go along, wherever it leads."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _opener() -> OpenerDirector:
    return build_opener(_NoRedirects)


def _is_limited(exc: HTTPError) -> bool:
    """https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api."""
    if exc.code == _TOO_MANY:
        return True
    return exc.code == _FORBIDDEN and (
        "Retry-After" in exc.headers or exc.headers.get("X-RateLimit-Remaining") == "0"
    )


def _wanted_pause(exc: HTTPError) -> float:
    after, reset = exc.headers.get("Retry-After", ""), exc.headers.get("X-RateLimit-Reset", "")
    if after.isascii() and after.isdigit():
        return float(after)
    if exc.headers.get("X-RateLimit-Remaining") == "0" and reset.isascii() and reset.isdigit():
        return max(0.0, float(reset) - time.time())
    return 0.0


def _said(exc: HTTPError) -> str:
    """GitHub's own message, if there is one."""
    if exc.code in _MOVED:
        return f"{exc.code}: the repository has another name or place now"
    try:
        answer = json.loads(exc.read(MOST_BYTES))
    except (ValueError, RecursionError, OSError, HTTPException):
        answer = None
    message = answer.get("message") if isinstance(answer, dict) else None
    return one_line(f"{exc.code}: {message or exc.reason}")


def _comment(found: Mapping[str, Any]) -> Comment:
    author = _login(found.get("user"))
    return Comment(_number(found, "id"), str(found.get("body") or ""), author)


def _login(user: Any) -> str:
    return str(user.get("login") or "") if isinstance(user, dict) else ""


def _issue(found: Mapping[str, Any]) -> Issue:
    labels = found.get("labels")
    names = (
        item.get("name") if isinstance(item, dict) else item
        for item in (labels if isinstance(labels, list) else ())
    )
    return Issue(
        number=_number(found, "number"),
        title=str(found.get("title") or ""),
        body=str(found.get("body") or ""),
        state=str(found.get("state") or ""),
        labels=tuple(name for name in names if isinstance(name, str)),
    )


def _number(found: Mapping[str, Any], key: str) -> int:
    value = found.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise GitHubError(f"GitHub answered without a {key}")
    return value
