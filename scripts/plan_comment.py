"""The command line of a pull request's job: the review of its plans as one comment."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from scripts.lib.cli import command_line, run
from scripts.lib.errors import InputError, one_line
from scripts.lib.github import GitHub
from scripts.lib.plan_comment import (
    author_of,
    intend,
    put,
    read_review,
    reviewed_fingerprint,
)

EXIT_DONE, EXIT_CHANGES = 0, 2
GITHUB_API = "https://api.github.com"

app = command_line()


@app.command()
def plan_comment(
    review: Annotated[
        Path | None, typer.Argument(metavar="REVIEW.md", help="What plan_review --out wrote.")
    ] = None,
    *,
    pull_request: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Default: that of the job, by GITHUB_REF."),
    ] = None,
    commit: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="The pull request whose merge made this commit."),
    ] = None,
    repository: Annotated[
        str | None, typer.Option(metavar="OWNER/NAME", help="Default: GITHUB_REPOSITORY.")
    ] = None,
    author: Annotated[
        str | None,
        typer.Option(metavar="LOGIN", help="Who writes the comment. Default: the token's owner."),
    ] = None,
    show_fingerprint: Annotated[
        bool,
        typer.Option(
            "--show-fingerprint", help="Print the fingerprint in the comment, and do nothing else."
        ),
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Write. Default: only show.")] = False,
) -> int:
    """Keep one comment on a pull request that says what its plans mean.

    The token is taken from GITHUB_TOKEN, the server from GITHUB_API_URL.

    Exit codes: 0 the comment is as it should be, 2 it would be changed, 1 an error.
    """
    if (review is None) != show_fingerprint or (apply and show_fingerprint):
        raise InputError("expected either REVIEW.md or --show-fingerprint, which takes no --apply")
    text = read_review(review) if review else ""
    where = repository or os.environ.get("GITHUB_REPOSITORY", "")
    github = GitHub(
        os.environ.get("GITHUB_API_URL") or GITHUB_API, os.environ.get("GITHUB_TOKEN", ""), where
    )
    number = _pull_request(github, pull_request, commit)
    writer = author or author_of(github)
    if show_fingerprint:
        return _say(reviewed_fingerprint(github, number, writer), EXIT_DONE)
    place = f"{where}#{number}"
    intent = intend(github.issue_comments(number), writer, text)
    if intent.is_done:
        return _say(f"{place}: the comment says it already", EXIT_DONE)
    if not apply:
        steps = ", ".join(intent.steps)
        return _say(f"{place}: would {steps}; run again with --apply", EXIT_CHANGES)
    return _say(f"{place}: {', '.join(put(github, number, writer, text))}", EXIT_DONE)


def _pull_request(github: GitHub, number: int | None, commit: str | None) -> int:
    if commit is None:
        return number or job_pull_request(os.environ)
    if number is not None:
        raise InputError("expected --pull-request or --commit, not both")
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", commit):
        raise InputError(f"--commit is {one_line(commit)}, allowed: a whole hash")
    return github.pull_request_of(commit)


def job_pull_request(environment: Mapping[str, str]) -> int:
    """Return the pull request of a job of GitHub Actions: GITHUB_REF is ``refs/pull/7/merge``.

    Raises:
        InputError: it is the job of something else.
    """
    ref = environment.get("GITHUB_REF", "")
    found = re.fullmatch(r"refs/pull/([1-9][0-9]{0,17})/(?:merge|head)", ref)
    if found is None:
        raise InputError(
            f"no --pull-request, and GITHUB_REF is {one_line(repr(ref))}, "
            "allowed: refs/pull/N/merge"
        )
    return int(found[1])


def _say(line: str, code: int) -> int:
    sys.stdout.write(f"{line}\n")
    return code


if __name__ == "__main__":
    run(app)
