"""One issue for each stack that drifted: opened, kept up to date, closed and opened again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import unquote

from scripts.lib.drift.model import DriftReport
from scripts.lib.drift.report_markdown import stack_markdown
from scripts.lib.drift.summary import counts, headline, is_checked, part_of, stack_title, stacks_of
from scripts.lib.errors import one_line
from scripts.lib.github import GitHub, GitHubError, Issue

LABEL: Final = "drift"

TITLE_LIMIT: Final = 200

_MARKER: Final = re.compile(r"<!-- drift:([!-~]*) -->")


class Step(StrEnum):
    """What is done with a stack's issue."""

    OPEN = "open"
    UPDATE = "update"
    REOPEN = "reopen"
    CLOSE = "close"
    CLOSE_DOUBLE = "close double"


@dataclass(frozen=True, slots=True)
class Change:
    """A step and what it takes; ``number`` is None for an issue that is not there yet."""

    step: Step
    stack: str
    number: int | None = None
    title: str = ""
    body: str = ""
    comment: str = ""

    def __str__(self) -> str:
        number = f"#{self.number} " if self.number is not None else ""
        return f"{self.step} {number}{stack_title(self.stack)}"


def issue_changes(report: DriftReport, issues: Sequence[Issue]) -> tuple[Change, ...]:
    """Return what makes the issues say what the report says. Pure.

    A stack of which a check failed keeps its issue: that nothing was found means nothing then. So
    does one that was not checked.

    Args:
        issues: those with the label, open and closed, oldest first.
    """
    by_stack: dict[str, list[Issue]] = {}
    for issue in issues:
        # Anybody may write the marker into an issue; the label takes the right to write.
        found = _MARKER.match(issue.body)
        if found and LABEL in issue.labels:
            by_stack.setdefault(unquote(found[1]), []).append(issue)
    changes: list[Change] = []
    for stack in stacks_of(report):
        known = by_stack.get(stack, [])
        changes += _of_stack(report, stack, known)
    return tuple(changes)


def _of_stack(report: DriftReport, stack: str, issues: Sequence[Issue]) -> Iterator[Change]:
    # Of several, which two runs at once can make, the oldest that is open is the one.
    ordered = sorted(issues, key=lambda issue: (not issue.is_open, issue.number))
    issue = ordered[0] if ordered else None
    for double in ordered[1:]:
        if double.is_open and issue is not None:
            said = f"The same as #{issue.number}, which goes on."
            yield Change(Step.CLOSE_DOUBLE, stack, double.number, comment=said)
    part = part_of(report, stack)
    if counts(part).alarms:
        yield from _alarm(report, stack, issue)
    elif issue is not None and issue.is_open and is_checked(report, stack):
        ignored = counts(part).ignored
        rest = f" {ignored} ignored." if ignored else ""
        said = f"Nothing has drifted any more, as of {report.when}.{rest}"
        yield Change(Step.CLOSE, stack, issue.number, comment=said)


def _alarm(report: DriftReport, stack: str, issue: Issue | None) -> Iterator[Change]:
    title = one_line(f"Drift of {stack_title(stack)}", TITLE_LIMIT)
    body = stack_markdown(report, stack)
    if issue is None:
        yield Change(Step.OPEN, stack, title=title, body=body)
    elif not issue.is_open:
        said = f"It has drifted again, as of {report.when}: {headline(part_of(report, stack))}"
        yield Change(Step.REOPEN, stack, issue.number, title, body, said)
    elif (issue.title, _without_end(issue.body)) != (title, _without_end(body)):
        yield Change(Step.UPDATE, stack, issue.number, title, body)


def make(github: GitHub, change: Change) -> str:
    """Make a change and return it in one line, with the issue's number.

    Raises:
        GitHubError: it could not be made.
    """
    number = change.number
    if number is None:
        made = github.create_issue(change.title, change.body, (LABEL,))
        if LABEL not in made.labels:
            raise GitHubError(
                f"issue #{made.number} did not get the label {LABEL}, without which it is not "
                "found again: the token needs the right to write issues"
            )
        return f"{change.step} #{made.number} {stack_title(change.stack)}"
    if change.comment:
        github.create_comment(number, change.comment)
    match change.step:
        case Step.CLOSE | Step.CLOSE_DOUBLE:
            github.update_issue(number, state="closed")
        case Step.REOPEN:
            github.update_issue(number, title=change.title, body=change.body, state="open")
        case _:
            github.update_issue(number, title=change.title, body=change.body)
    return str(change)


def _without_end(body: str) -> str:
    """The last line says when it was checked, which alone is no news. GitHub turns line ends."""
    lines = body.replace("\r\n", "\n").rstrip().split("\n")
    return "\n".join(lines[:-1]).rstrip() if lines[-1].startswith("_Checked") else "\n".join(lines)
