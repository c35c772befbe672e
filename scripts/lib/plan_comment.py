"""The one comment on a pull request that says what its plans mean, kept up to date.

It is known by the marker in its first line and by its author: anybody may paste the marker.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scripts.lib.errors import InputError, ToolError, one_line
from scripts.lib.github import Comment, GitHub, GitHubError
from scripts.lib.plan_review.markdown import MARKER

MOST_CHARACTERS: Final = 65_536
"""GitHub's limit of a comment."""

JOB_AUTHOR: Final = "github-actions[bot]"
"""Who writes with the token of a job of GitHub Actions; no person can have this name."""

ROUNDS: Final = 5
"""How often the comments are read and mended until they are as they should be."""

_FINGERPRINT: Final = re.compile(r"<sub>Fingerprint: Plan `(sha256:[0-9a-f]{64})`[^<\n]*</sub>$")
_FORBIDDEN, _NOT_FOUND, _SERVER_FAULT = 403, 404, 500


@dataclass(frozen=True, slots=True)
class Intent:
    """What there is to do so that one comment says just this.

    Attributes:
        comment: the one that stays, the oldest; None if it has to be made.
        is_stale: it says something else.
        surplus: others of the same kind, which two runs at once have made.
    """

    comment: Comment | None
    is_stale: bool
    surplus: tuple[Comment, ...] = ()

    @property
    def is_done(self) -> bool:
        return self.comment is not None and not self.is_stale and not self.surplus

    @property
    def steps(self) -> tuple[str, ...]:
        """What would be done, in words: ``update comment 12``."""
        if self.comment is None:
            return ("create a comment",)
        update = (f"update comment {self.comment.id}",) if self.is_stale else ()
        return (*update, *(f"delete comment {comment.id}" for comment in self.surplus))


def read_review(path: Path) -> str:
    """Return the Markdown that ``plan_review`` wrote.

    Raises:
        InputError: it cannot be read, is something else, or is longer than a comment may be.
    """
    name = one_line(path)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else "it is no UTF-8"
        raise InputError(f"review {name} cannot be read: {reason}") from exc
    if not _has_marker(text):
        raise InputError(f"review {name} is no Markdown of plan_review: it begins with no {MARKER}")
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            f"review {name} has {len(text)} characters, allowed: {MOST_CHARACTERS} at most"
        )
    return text


def author_of(github: GitHub) -> str:
    """Return the login that comments are written under; see ``JOB_AUTHOR``.

    Raises:
        GitHubError: GitHub does not take the token.
    """
    try:
        return github.login() or JOB_AUTHOR
    except GitHubError as exc:
        if exc.status == _FORBIDDEN:
            return JOB_AUTHOR
        raise


def own_comments(comments: Iterable[Comment], author: str) -> tuple[Comment, ...]:
    """Return those that were made here by ``author``, oldest first."""
    found = (item for item in comments if item.author == author and _has_marker(item.body))
    return tuple(sorted(found, key=lambda item: item.id))


def intend(comments: Iterable[Comment], author: str, body: str) -> Intent:
    """Return what there is to do with these comments of a pull request."""
    own = own_comments(comments, author)
    if not own:
        return Intent(None, is_stale=True)
    return Intent(own[0], _said(own[0].body) != _said(body), own[1:])


def put(
    github: GitHub,
    number: int,
    author: str,
    body: str,
    *,
    pause: Callable[[float], None] = time.sleep,
) -> tuple[str, ...]:
    """Make one comment of pull request ``number`` say ``body``; return what was done, in words.

    Whatever comes between (another run, somebody who deletes the comment, an answer that is lost)
    is found by reading once more after each change.

    Raises:
        GitHubError: GitHub refused, or the comments did not become so in ``ROUNDS``.
    """
    work = _Work(github, number, body)
    for attempt in range(ROUNDS):
        listed = work.seen(github.issue_comments(number))
        intent = intend(listed, work.author or author, body)
        if intent.comment is not None and intent.comment == work.written:
            # However GitHub keeps the text, it has been given.
            intent = Intent(intent.comment, is_stale=False, surplus=intent.surplus)
        if intent.is_done:
            # Nothing done: it was made by a request whose answer was lost, or by another run.
            return tuple(work.done or ("found the comment",))
        work.do(intent)
        if work.fault is not None:
            pause(float(2**attempt))
    raise work.fault or GitHubError(
        f"the comments of pull request {number} changed {ROUNDS} times meanwhile"
    )


class _Work:
    """What one run has done so far, which a list that GitHub serves may not show yet."""

    def __init__(self, github: GitHub, number: int, body: str) -> None:
        self._github = github
        self._number = number
        self._body = body
        self._gone: set[int] = set()
        self.written: Comment | None = None
        self.author = ""
        self.done: list[str] = []
        self.fault: GitHubError | None = None
        """Of the last attempt to create a comment: it may be there all the same."""

    def seen(self, listed: Iterable[Comment]) -> tuple[Comment, ...]:
        """Return the comments that there are, by the list and by what was done since."""
        written = self.written
        others = [
            item
            for item in listed
            if item.id not in self._gone and (written is None or item.id != written.id)
        ]
        return (*others, written) if written else tuple(others)

    def do(self, intent: Intent) -> None:
        """Do one step after the other. Comments that are gone meanwhile are no fault."""
        if intent.comment is None:
            self._create()
        elif intent.is_stale:
            self._update(intent.comment)
            if intent.comment.id in self._gone:
                return
        for comment in intent.surplus:
            self._delete(comment)

    def _create(self) -> None:
        self.fault = None
        try:
            self.written = self._github.create_comment(self._number, self._body)
        except GitHubError as exc:
            if 0 < exc.status < _SERVER_FAULT:
                raise
            self.fault = exc
            return
        # The one who is named there is who we are, whatever was assumed.
        self.author = self.written.author
        self.done.append(f"created comment {self.written.id}")

    def _update(self, comment: Comment) -> None:
        try:
            self.written = self._github.update_comment(comment.id, self._body)
            self.done.append(f"updated comment {comment.id}")
        except GitHubError as exc:
            self._require_missing(exc)
            self._forget(comment)

    def _delete(self, comment: Comment) -> None:
        try:
            self._github.delete_comment(comment.id)
            self.done.append(f"deleted comment {comment.id}")
        except GitHubError as exc:
            self._require_missing(exc)
        self._forget(comment)

    def _require_missing(self, exc: GitHubError) -> None:
        if exc.status != _NOT_FOUND:
            raise exc

    def _forget(self, comment: Comment) -> None:
        self._gone.add(comment.id)
        if self.written is not None and self.written.id == comment.id:
            self.written = None


def fingerprint_in(body: str) -> str:
    """Return the fingerprint of the plans that a comment is about: it is in the last line.

    Raises:
        ToolError: there is none.
    """
    found = _FINGERPRINT.search(body.rstrip())
    if found is None:
        raise ToolError("the comment names no fingerprint in its last line")
    return found[1]


def reviewed_fingerprint(github: GitHub, number: int, author: str) -> str:
    """Return the fingerprint in the comment of a pull request.

    Raises:
        ToolError: there is no such comment, more than one, or it names none.
    """
    own = own_comments(github.issue_comments(number), author)
    if len(own) != 1:
        raise ToolError(
            f"pull request {number} has {len(own)} comments of {one_line(author)} with a review of "
            "its plans, 1 is expected"
        )
    return fingerprint_in(own[0].body)


def _has_marker(text: str) -> bool:
    return text == MARKER or text.startswith((f"{MARKER}\n", f"{MARKER}\r\n"))


def _said(text: str) -> str:
    """What a comment says, however GitHub keeps the ends of its lines."""
    return "\n".join(text.splitlines()).strip()
