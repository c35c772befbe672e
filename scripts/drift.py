"""The command line of those who answer for a deployment: is it still what was agreed on?"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from scripts.lib.cli import (
    AssumeRoleOption,
    ProfileOption,
    RegionOption,
    command_line,
    run,
)
from scripts.lib.clients import open_session
from scripts.lib.drift.history import History, oldest_first, read_history, with_report
from scripts.lib.drift.ignore import read_ignored, with_ignored
from scripts.lib.drift.many_stacks import Stack
from scripts.lib.drift.model import DriftReport, Plane
from scripts.lib.drift.report_html import to_html
from scripts.lib.drift.report_json import write_document
from scripts.lib.drift.report_markdown import to_markdown
from scripts.lib.drift.report_text import write_text
from scripts.lib.drift.run import ALL_PLANES, Ask, check, choose, stacks_in
from scripts.lib.errors import InputError, ToolError, one_line

app = command_line()


class Form(StrEnum):
    """How a report is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


SUFFIXES: Final = {
    ".txt": Form.TEXT,
    ".md": Form.MARKDOWN,
    ".json": Form.JSON,
    ".html": Form.HTML,
}

MOST_PARALLEL: Final = 64


@app.command()
def drift(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="STACK...", help="Which stacks.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All stacks.")] = False,
    directory: Annotated[
        Path, typer.Option(metavar="DIR", help="What `cdktf synth` wrote.")
    ] = Path("cdktf.out"),
    plane: Annotated[
        list[Plane] | None, typer.Option(help="Only this plane. May be repeated.")
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            envvar="POST_APPLY_LEDGER",
            help="Ledgers of post_apply. Default: post-apply-ledger, if it is there.",
        ),
    ] = None,
    outputs: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="What `terraform output -json` of a notebook stack printed. May be repeated. "
            "For the stacks that none is of, Terraform is asked.",
        ),
    ] = None,
    ignore: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Drift that is accepted (TOML).")
    ] = None,
    ask_cloudtrail: Annotated[
        bool, typer.Option("--ask-cloudtrail", help="Ask CloudTrail who did it.")
    ] = False,
    init: Annotated[
        bool, typer.Option("--init", help="Run `terraform init` in the stacks first.")
    ] = False,
    history: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Earlier reports (JSON): stacks that were checked longest ago come first, and "
            "HTML shows how it went.",
        ),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to print it.")] = Form.TEXT,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Write it here instead; .txt, .md, .json or .html. May be repeated.",
        ),
    ] = None,
    parallel: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_PARALLEL, help="Stacks at a time. Default: one a core."),
    ] = None,
    region: RegionOption = None,
    profile: ProfileOption = None,
    assume_role: AssumeRoleOption = None,
) -> int:
    """Tell what differs from what was agreed on, how bad it is, and how to mend it.

    Terraform's state against AWS, the ledger of post_apply against SageMaker's portfolio, and
    launched products against what their version promises. Reads only, and takes no lock.

    Exit codes: 0 no drift, 2 drift, 1 an error: then something was not checked, and the report
    says what, besides the drift that was found.
    """
    _check_files(out or [])
    planes = tuple(plane) if plane else ALL_PLANES
    entries = read_ignored(ignore) if ignore else ()
    earlier = read_history(history) if history else None
    chosen = _stacks(stacks or [], directory, planes, outputs or [], every=every)
    if earlier:
        order = oldest_first([stack.name for stack in chosen], earlier.reports)
        chosen = choose(chosen, order)
    session = open_session(region=region, profile=profile, assume_role=assume_role)
    ask = Ask(chosen, planes, ledger, tuple(outputs or ()), ask_cloudtrail, init, parallel)
    report = with_ignored(
        check(session, ask, os.environ),
        entries,
        datetime.now(UTC).date(),
        everything=every and planes == ALL_PLANES,
    )
    known = with_report(earlier, report) if earlier else None
    for path in out or ():
        _write(report, known, path)
    if not out:
        _print(report, known, form)
    if report.failures:
        _fail(report)
    return report.exit_code


def _stacks(
    names: Sequence[str],
    directory: Path,
    planes: Sequence[Plane],
    outputs: Sequence[Path],
    *,
    every: bool,
) -> tuple[Stack, ...]:
    if names and every:
        raise InputError("give stacks or --all, not both")
    if names:
        return choose(stacks_in(directory), names)
    if every:
        return stacks_in(directory)
    if Plane.TERRAFORM in planes:
        raise InputError("no stack given: name stacks, or give --all")
    if Plane.LAUNCHED in planes and not outputs:
        raise InputError("no project given: name stacks, or give --all or --outputs")
    return ()


def _check_files(paths: Sequence[Path]) -> None:
    for path in paths:
        if path.suffix not in SUFFIXES:
            raise InputError(
                f"--out {one_line(path)}: allowed is a name with {', '.join(SUFFIXES)}"
            )


def _print(report: DriftReport, history: History | None, form: Form) -> None:
    if form is Form.TEXT:
        write_text(report, sys.stdout)  # in colours, where there are any
    else:
        sys.stdout.write(_text(report, history, form))
    sys.stdout.flush()


def _text(report: DriftReport, history: History | None, form: Form) -> str:
    stream = io.StringIO()
    match form:
        case Form.MARKDOWN:
            stream.write(to_markdown(report))
        case Form.JSON:
            write_document(report, stream)
        case Form.HTML:
            stream.write(to_html(report, history))
        case Form.TEXT:
            write_text(report, stream)
    return stream.getvalue()


def _write(report: DriftReport, history: History | None, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(report, history, SUFFIXES[path.suffix]), encoding="utf-8")
    except OSError as exc:
        raise InputError(f"--out {one_line(path)} cannot be written: {exc.strerror}") from exc


def _fail(report: DriftReport) -> None:
    """An error besides drift is an error; the report has told both."""
    first = report.failures[0]
    where = f"{first.plane} {first.stack}".strip()
    more = len(report.failures) - 1
    rest = f", and {more} more" if more else ""
    raise ToolError(f"not all could be checked: {where}: {first.reason}{rest}")


if __name__ == "__main__":
    run(app)
