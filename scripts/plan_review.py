"""The command line of those who approve changes: what does a plan mean?"""

from __future__ import annotations

import gc
import io
import os
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from scripts.lib.cli import command_line, run
from scripts.lib.errors import InputError, ToolError, one_line
from scripts.lib.plan_review.acknowledgements import read_acknowledgements
from scripts.lib.plan_review.document import write_document
from scripts.lib.plan_review.markdown import to_markdown
from scripts.lib.plan_review.model import Links, Review, Risk, ScriptPlan
from scripts.lib.plan_review.plans import planned_stacks
from scripts.lib.plan_review.review import Terms, review
from scripts.lib.plan_review.rules import RULES
from scripts.lib.plan_review.sarif import write_sarif
from scripts.lib.plan_review.source_links import links_of_job
from scripts.lib.plan_review.terminal import write_terminal
from scripts.lib.plan_review.words import count

EXIT_NOTHING, EXIT_CHANGES = 0, 2

app = command_line()


class Form(StrEnum):
    """How a review is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    SARIF = "sarif"


SUFFIXES: Final = {
    ".txt": Form.TEXT,
    ".md": Form.MARKDOWN,
    ".json": Form.JSON,
    ".sarif": Form.SARIF,
}


class FailOn(StrEnum):
    """The least risk that fails."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def risk(self) -> Risk:
        return Risk[self.name]


@app.command()
def plan_review(
    plans: Annotated[
        list[str],
        typer.Argument(
            metavar="PLAN...",
            help="What `terraform show -json` printed, or a plan file in its stack's folder. "
            "STACK=PATH names the stack.",
        ),
    ],
    *,
    form: Annotated[Form, typer.Option("--format", help="How to print it.")] = Form.TEXT,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Write it here instead; .md, .json, .sarif or .txt. May be repeated.",
        ),
    ] = None,
    script_plan: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What `post_apply plan --out` wrote, to be shown too."),
    ] = None,
    acknowledge: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Findings that are accepted (TOML).")
    ] = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(help="Exit with 1 if a finding of this risk or worse is not acknowledged."),
    ] = None,
    expect: Annotated[
        str | None,
        typer.Option(metavar="FINGERPRINT", help="Exit with 1 if this is not what was reviewed."),
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="cdktf.out/stacks. Default: beside each plan."),
    ] = None,
    own_account: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="An account that is no stranger. May be repeated."),
    ] = None,
    links: Annotated[
        bool,
        typer.Option("--links", help="Link to lines of code, in a job of GitHub or GitLab."),
    ] = False,
    prefix: Annotated[
        str, typer.Option(metavar="DIR", help="The project's folder in the repository, for links.")
    ] = "",
    details: Annotated[
        str, typer.Option(metavar="URL", help="Where all of it is, if a comment has no room.")
    ] = "",
) -> int:
    """Say what Terraform plans mean, for the person who has to approve them.

    Who gains which right, what a replacement destroys, and the line of Python behind it.

    Exit codes: 0 nothing to do, 2 there are changes, 1 an error, or --fail-on or --expect.
    """
    gc.disable()  # a plan is read, written down and gone
    _check_files(out or [])
    entries = read_acknowledgements(acknowledge, RULES) if acknowledge else ()
    script = _script_plan(script_plan)
    known = links_of_job(os.environ, prefix=prefix) if links else Links()
    found = review(
        planned_stacks(plans, sources),
        Terms(datetime.now(UTC).date(), entries, _accounts(own_account or [])),
        script=script,
        links=Links(known.blob, details),
    )
    for path in out or ():
        _write(found, path)
    if not out:
        _print(found, form)
    _check_fingerprint(found, expect)
    _check_risk(found, fail_on)
    return EXIT_NOTHING if found.is_empty else EXIT_CHANGES


def _script_plan(path: Path | None) -> ScriptPlan | None:
    if path is None:
        return None
    # What it reads with takes longer to import than all the rest.
    from scripts.lib.plan_review.script_plan import read_script_plan  # noqa: PLC0415

    return read_script_plan(path)


def _accounts(given: Sequence[str]) -> frozenset[str]:
    for account in given:
        if not re.fullmatch(r"[0-9]{12}", account):
            raise InputError(f"--own-account is {one_line(account)}, allowed: twelve digits")
    return frozenset(given)


def _check_files(paths: Sequence[Path]) -> None:
    for path in paths:
        if path.suffix not in SUFFIXES:
            raise InputError(
                f"--out {one_line(path)}: allowed is a name with {', '.join(SUFFIXES)}"
            )


def _print(found: Review, form: Form) -> None:
    if form is Form.TEXT:
        write_terminal(found, sys.stdout)  # in colours, where there are any
    else:
        sys.stdout.write(_text(found, form))
    sys.stdout.flush()


def _text(found: Review, form: Form) -> str:
    stream = io.StringIO()
    match form:
        case Form.MARKDOWN:
            stream.write(to_markdown(found, RULES))
        case Form.JSON:
            write_document(found, stream, RULES)
        case Form.SARIF:
            # GitHub shows those that are suppressed as open.
            write_sarif(found, stream, RULES, acknowledged=False)
        case Form.TEXT:
            write_terminal(found, stream)
    return stream.getvalue()


def _write(found: Review, path: Path) -> None:
    try:
        path.write_text(_text(found, SUFFIXES[path.suffix]), encoding="utf-8")
    except OSError as exc:
        raise InputError(f"--out {one_line(path)} cannot be written: {exc.strerror}") from exc


def _check_fingerprint(found: Review, expected: str | None) -> None:
    if expected is not None and expected != found.fingerprint:
        raise ToolError(
            f"the plan is not the one that was reviewed: {one_line(expected)} was expected, "
            f"this is {found.fingerprint}"
        )


def _check_risk(found: Review, least: FailOn | None) -> None:
    if least is None:
        return
    open_ones = [
        finding
        for finding in found.findings
        if finding.acknowledged is None and finding.risk >= least.risk
    ]
    if open_ones:
        which = ", ".join(dict.fromkeys(finding.rule for finding in open_ones))
        raise ToolError(
            f"{count(len(open_ones), 'finding')} of {least} risk or worse not acknowledged: {which}"
        )


if __name__ == "__main__":
    run(app)
