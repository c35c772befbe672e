"""A review for people at a terminal; in plain aligned lines where there is none."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator
from typing import Final, TextIO

from rich.console import Console
from rich.text import Text

from scripts.lib.plan_review.model import (
    Action,
    AttributeChange,
    Finding,
    Plan,
    Review,
    ReviewedChange,
    Risk,
    StackReview,
)
from scripts.lib.plan_review.printable import printable
from scripts.lib.plan_review.verdict import NOT_PASSED, Danger, action_counts, judge
from scripts.lib.plan_review.words import count, counts_text, deferred_text, listed, remarks
from scripts.lib.report import Table, write_table

STYLES: Final = {"high": "bold red", "medium": "yellow", "low": "cyan"}
"""Of risks, and of what takes something away."""

ACTION_STYLES: Final = {
    str(Action.DESTROY): "bold red",
    str(Action.REPLACE): "bold red",
    str(Action.FORGET): "yellow",
    str(Action.CREATE): "green",
}

VALUE_LIMIT: Final = 400
"""Characters of a value; JSON has all of it."""

PLAIN_WIDTH: Final = 100


class _Page:
    """Writes lines; no control character in other people's names gets any further."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.tty = stream.isatty()
        self.width = shutil.get_terminal_size().columns if self.tty else PLAIN_WIDTH
        self._console = Console(file=stream, highlight=False, soft_wrap=True)

    def line(self, text: str = "", style: str = "", indent: int = 0) -> None:
        """Write text as wrapped lines; words are never broken, so that names can be copied."""
        wrapped = textwrap.wrap(
            printable(text),
            max(self.width, 2 * indent + 20),
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + 2 * bool(indent)),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for part in wrapped or [""]:
            self.raw(part, style)

    def raw(self, text: str, style: str = "") -> None:
        """Write one line as it is, but printable."""
        if self.tty and style:
            self._console.print(Text(printable(text), style), soft_wrap=True)
        else:
            self.stream.write(printable(text) + "\n")

    def table(self, table: Table) -> None:
        if table.rows:
            self.stream.write("\n")
            write_table(table, self.stream)


def write_terminal(review: Review, stream: TextIO) -> None:
    """Write the review, with colours if ``stream`` is a terminal."""
    verdict = judge(review)
    page = _Page(stream)
    page.line(f"{verdict.headline}.", "bold")
    for note in verdict.notes:
        page.line(note)
    if review.is_empty and not verdict.notes:
        return
    if verdict.dangers:
        page.line()
        page.line("Look at these first:", "bold")
        for danger in verdict.dangers:
            _danger(page, danger)
    for stack in review.stacks:
        _stack(page, stack)
    for stack in review.stacks:
        if stack.drift:
            page.line()
            page.line(f"Changed outside Terraform in stack {stack.plan.stack}", "bold")
            _changes(page, stack.drift)
    _script(page, review)
    _acknowledged(page, review.findings)
    _fingerprints(page, review)


def _danger(page: _Page, danger: Danger) -> None:
    risk = str(danger.risk) if danger.risk else "look"
    action = f"{danger.action} " if danger.action else ""
    stack = f" ({danger.stack})" if danger.stack else ""
    page.line(f"{risk}: {action}{danger.address}{stack}", STYLES.get(risk, ""), indent=2)
    page.line(danger.message, indent=4)
    if danger.mend:
        page.line(f"Way out: {danger.mend}", indent=4)
    if danger.more:
        page.line(f"And {danger.more} more of the kind.", indent=4)


def _stack(page: _Page, stack: StackReview) -> None:
    plan = stack.plan
    page.line()
    page.line(f"Stack {plan.stack}: {counts_text(action_counts(stack.changes))}", "bold")
    if plan.errored:
        page.line("Planning failed: this is only a part.", STYLES["high"], indent=2)
    for finding in stack.findings:
        if finding.acknowledged is None:
            _finding(page, finding, f"{finding.address}: ")
    _notices(page, plan)
    _changes(page, stack.changes)
    for output in plan.outputs:
        _attributes(page, f"Output {output.name}: {output.action}", (output.change,))


def _notices(page: _Page, plan: Plan) -> None:
    for check in plan.checks:
        if check.status in NOT_PASSED:
            page.line(
                f"Check {check.address}: {' '.join(check.problems) or check.status}", indent=2
            )
    for later in plan.deferred:
        page.line(deferred_text(later), indent=2)
    for warning in plan.warnings:
        page.line(f"Warning: {warning}", indent=2)


def _changes(page: _Page, items: Iterable[ReviewedChange]) -> None:
    items = tuple(items)
    rows = tuple(
        (
            str(item.change.action),
            _risk(item),
            printable(item.change.address),
            "\n".join(_meaning(item)),
            f"{item.source[0].path}:{item.source[0].line}" if item.source else None,
        )
        for item in items
    )
    columns = ("Action", "Risk", "Resource", "What it means", "Made in")
    page.table(Table("Resources", columns, rows, {**STYLES, **ACTION_STYLES}))
    for item in items:
        _details(page, item)


def _risk(item: ReviewedChange) -> str | None:
    risks = [finding.risk for finding in item.findings if finding.acknowledged is None]
    return str(max(risks)) if risks else None


def _meaning(item: ReviewedChange) -> Iterator[str]:
    found = [finding for finding in item.findings if finding.acknowledged is None]
    said = [finding.message for finding in sorted(found, key=lambda finding: -finding.risk)]
    said += remarks(item.change)
    if not said and item.change.action is Action.UPDATE and item.attributes:
        said.append(f"Changes {listed(change.path for change in item.attributes)}")
    for sentence in said:
        yield from textwrap.wrap(printable(sentence), 50, break_long_words=False)


def _details(page: _Page, item: ReviewedChange) -> None:
    change = item.change
    is_plain = change.action in (Action.CREATE, Action.READ)
    if not item.rights and (is_plain or not item.attributes) and not item.findings:
        return
    page.line()
    page.line(f"{change.action} {change.address}", "bold", indent=2)
    if item.construct:
        page.line(f"Construct {item.construct}", indent=4)
    for finding in item.findings:
        if finding.acknowledged is None:
            _finding(page, finding, indent=4)
    _rights(page, item)
    if not is_plain:
        _attributes(page, "", item.attributes)


def _rights(page: _Page, item: ReviewedChange) -> None:
    for rights in item.rights:
        page.line(f"Rights by {rights.policy}:", indent=4)
        for sentence in rights.gained:
            page.line(f"gained: {sentence}", "yellow", indent=6)
        for sentence in rights.lost:
            page.line(f"lost: {sentence}", indent=6)
        if rights.unreadable:
            page.line(f"cannot be compared: {rights.unreadable}", indent=6)
        elif not rights.gained and not rights.lost:
            page.line("written differently, but means the same", indent=6)


def _finding(page: _Page, finding: Finding, where: str = "", indent: int = 2) -> None:
    text = f"{finding.risk}: {where}{finding.message} ({finding.rule})"
    page.line(text, STYLES[str(finding.risk)], indent=indent)
    if finding.mend:
        page.line(f"Way out: {finding.mend}", indent=indent + 2)


def _attributes(page: _Page, title: str, changes: Iterable[AttributeChange]) -> None:
    if title:
        page.line()
        page.line(title, "bold", indent=2)
    for change in changes:
        after = "(known when it is applied)" if change.unknown else change.after
        note = ", forces the replacement" if change.forces_replacement else ""
        note += ", sensitive" if change.sensitive else ""
        page.raw(f"    {change.path}{note}")
        if change.before is not None:
            page.raw(f"      - {_value(change.before)}", "red")
        if after is not None:
            page.raw(f"      + {_value(after)}", "green")


def _script(page: _Page, review: Review) -> None:
    script = review.script
    if script is None:
        return
    page.line()
    said = count(len(script.changes), "change") if script.changes else "nothing to do"
    page.line(f"The script's part, {script.account_id}, {script.region}: {said}", "bold")
    rows = tuple(
        (change.action, change.subject, change.target, "\n".join(map(printable, change.reasons)))
        for change in script.changes
    )
    page.table(Table("Changes", ("Action", "What", "Where", "Why"), rows))


def _acknowledged(page: _Page, findings: Iterable[Finding]) -> None:
    rows = tuple(
        (
            str(finding.risk),
            printable(finding.address),
            f"{finding.rule}: {finding.message}",
            f"{finding.acknowledged.reason} {finding.acknowledged.owner}".strip(),
            finding.acknowledged.expires,
        )
        for finding in findings
        if finding.acknowledged
    )
    columns = ("Risk", "Resource", "Finding", "Reason", "Until")
    page.table(Table("Acknowledged", columns, rows, {str(risk): "" for risk in Risk}))


def _fingerprints(page: _Page, review: Review) -> None:
    page.line()
    for stack in review.stacks:
        if len(review.stacks) > 1 and stack.plan.fingerprint:
            page.line(f"Fingerprint of {stack.plan.stack}: {stack.plan.fingerprint}")
    if review.script and review.script.fingerprint:
        page.line(f"Fingerprint of the script's plan: {review.script.fingerprint}")
    if review.fingerprint:
        page.line(f"Fingerprint: {review.fingerprint}")


def _value(text: str) -> str:
    return text if len(text) <= VALUE_LIMIT else f"{text[:VALUE_LIMIT]}..."
