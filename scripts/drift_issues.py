"""The command line of a scheduled job: one issue in GitHub for each stack that drifted."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from scripts.lib.cli import command_line, run
from scripts.lib.drift.issues import LABEL, issue_changes, make
from scripts.lib.drift.report_json import read_report
from scripts.lib.errors import InputError
from scripts.lib.github import GitHub, GitHubError

API_URL = "https://api.github.com"
EXIT_NOTHING, EXIT_CHANGES = 0, 2

app = command_line()


@app.command()
def drift_issues(
    *,
    report: Annotated[
        Path, typer.Option(metavar="FILE", help="What `drift --out report.json` wrote.")
    ],
    repository: Annotated[
        str, typer.Option(metavar="OWNER/NAME", envvar="GITHUB_REPOSITORY", help="Where.")
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Write. Default: only show.")] = False,
) -> int:
    """Open, update, reopen and close the issues so that they say what the report says.

    The token comes from GITHUB_TOKEN, the address of the API from GITHUB_API_URL. A stack that
    could not be checked keeps its issue as it is.

    Exit codes: 0 all is as it should be, 2 something would be done, 1 an error.
    """
    token = os.environ.get("GITHUB_TOKEN", "")
    if not token:
        raise InputError("no token: set GITHUB_TOKEN")
    found = read_report(report)
    github = GitHub(os.environ.get("GITHUB_API_URL") or API_URL, token, repository)
    changes = issue_changes(found, github.issues(LABEL))
    failed: list[GitHubError] = []
    for change in changes:
        try:
            line = make(github, change) if apply else f"would {change}"
        except GitHubError as exc:
            failed.append(exc)
            continue
        sys.stdout.write(f"{line}\n")
    if not changes:
        sys.stdout.write("nothing to do\n")
    sys.stdout.flush()
    if failed:
        more = f" ({len(failed)} of {len(changes)} changes failed)" if len(changes) > 1 else ""
        raise GitHubError(f"{failed[0]}{more}")
    return EXIT_CHANGES if changes and not apply else EXIT_NOTHING


if __name__ == "__main__":
    run(app)
