"""A drift report in GitHub's Markdown: the whole of it, or one stack's part for its issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Final
from urllib.parse import quote

from scripts.lib.drift.model import Drift, DriftReport, Failure, Noise
from scripts.lib.drift.report_text import places
from scripts.lib.drift.summary import counts, headline, part_of, stacks_of
from scripts.lib.plan_review.markdown.escape import (
    code,
    code_block,
    prose,
    value_lines,
)
from scripts.lib.plan_review.markdown.fit import GITHUB_LIMIT, Box, Level, Node, Piece, fit
from scripts.lib.plan_review.markdown.phrases import MARKS, NO_RISK, UNJUDGED
from scripts.lib.plan_review.model import Risk

LEVELS: Final = {Risk.HIGH: Level.HIGH, Risk.MEDIUM: Level.LOSS, Risk.LOW: Level.LOW}

LABELS: Final = {
    Level.DANGER: "checks that failed",
    Level.HIGH: "findings of high risk",
    Level.LOSS: "findings of medium risk",
    Level.LOW: "findings of low risk",
    Level.NOTICE: "notes",
    Level.ACKNOWLEDGED: "ignored findings",
    Level.PICTURE: "what means nothing",
}
"""The levels of ``fit`` that are used here, and what they hold."""

LINES_SHOWN: Final = 20
"""Attributes and sentences of one finding."""


def marker(stack: str) -> str:
    """Return the line, not shown, by which a stack's issue is found again."""
    return f"<!-- drift:{quote(stack, safe='')} -->"


def to_markdown(report: DriftReport, *, limit: int = GITHUB_LIMIT) -> str:
    """Return the whole report, at most ``limit`` bytes long."""
    nodes: list[Node] = []
    for stack in stacks_of(report):
        part = part_of(report, stack)
        pieces = tuple(_nodes(part))
        if pieces:
            title = partial(_title, stack)
            nodes.append(Box(title, "", pieces))
    nodes += [Piece(Level.NOTICE, partial(_note, note)) for note in report.notes]
    return _fitted(report, f"### {_mark(report)} {headline(report)}\n\n", nodes, limit)


def stack_markdown(report: DriftReport, stack: str, *, limit: int = GITHUB_LIMIT) -> str:
    """Return what is of one stack, for its issue, found again by ``marker``."""
    part = part_of(report, stack)
    top = f"{marker(stack)}\n### {_mark(part)} {headline(part)}\n\n"
    return _fitted(part, top, list(_nodes(part)), limit)


def _fitted(report: DriftReport, top: str, nodes: list[Node], limit: int) -> str:
    where = f"account {report.account_id or 'unknown'}, Region {report.region}"
    bottom = f"\n_{prose(f'Checked at {report.when} in {where}.')}_\n"
    return fit(top, nodes, bottom, limit, _left_out)


def _nodes(report: DriftReport) -> Iterator[Node]:
    for failure in report.failures:
        yield Piece(Level.DANGER, partial(_failure, failure))
    alarms = [drift for drift in report.drifts if drift.ignored is None]
    for drift in alarms:
        yield Piece(LEVELS[drift.risk], partial(_drift, drift))
    ignored = [drift for drift in report.drifts if drift.ignored is not None]
    if ignored:
        rows = [Piece(Level.ACKNOWLEDGED, partial(_ignored, drift)) for drift in ignored]
        yield _fold(f"Ignored ({len(ignored):,})", rows)
    noise = [each for check in report.checks for each in check.noise]
    if noise:
        rows = [Piece(Level.PICTURE, partial(_noise, each)) for each in noise]
        yield _fold(f"Differs and means nothing ({len(noise):,})", rows)


def _fold(title: str, pieces: list[Piece]) -> Box:
    head = f"<details><summary>{title}</summary>\n\n"
    return Box(lambda: head, "\n</details>\n\n", pieces)


def _title(stack: str) -> str:
    return f"#### Stack {code(stack)}\n\n" if stack else "#### The account\n\n"


def _failure(failure: Failure) -> str:
    where = f" of {code(failure.stack)}" if failure.stack else ""
    return (
        f"> **Could not be checked**, which is an error and no drift: {failure.plane}{where}. "
        f"{prose(failure.reason)}\n\n"
    )


def _drift(drift: Drift) -> str:
    lines = [f"{MARKS[drift.risk]} **{drift.risk}** {code(drift.subject)}<br>{prose(drift.what)}\n"]
    lines.append("| | |\n|---|---|")
    lines.append(f"| should be | {code(drift.expected) if drift.expected else ''} |")
    lines.append(f"| is | {code(drift.actual) if drift.actual else ''} |")
    if drift.author:
        who = f"{code(drift.author.who)}, {code(drift.author.when)}, {code(drift.author.event)}"
        lines.append(f"| by | {who} |")
    if drift.folded:
        lines.append(f"| same cause | {prose(places(drift.folded))} |")
    text = "\n".join(lines) + "\n\n"
    for rights in drift.rights:
        said = [
            *(f"- gained: {prose(sentence)}" for sentence in rights.gained),
            *(f"- lost: {prose(sentence)}" for sentence in rights.lost),
        ]
        if rights.unreadable:
            said.append(f"- cannot be compared: {prose(rights.unreadable)}")
        text += "\n".join(_some(said)) + "\n\n" * bool(said)
    return text + _attributes(drift) + _remedies(drift)


def _attributes(drift: Drift) -> str:
    lines: list[str] = []
    for change in drift.attributes:
        lines += value_lines(f"  {change.path}")
        lines += [f"- {line}" for line in value_lines(change.before or "")] * (
            change.before is not None
        )
        lines += [f"+ {line}" for line in value_lines(change.after or "")] * (
            change.after is not None
        )
    return f"{code_block(_some(lines, 3 * LINES_SHOWN), 'diff')}\n" if lines else ""


def _remedies(drift: Drift) -> str:
    text = ""
    for remedy in drift.remedies:
        text += f"- **{remedy.mend}**: {prose(remedy.text)}\n"
        if remedy.command:
            block = code_block(value_lines(remedy.command, limit=4_000), "sh")
            text += "\n" + "".join(f"  {line}\n" for line in block.splitlines()) + "\n"
    return text + "\n" * bool(text)


def _ignored(drift: Drift) -> str:
    given = drift.ignored
    if given is None:
        return ""
    until = f"until {code(given.expires)}, by {prose(given.owner)}: {prose(given.reason)}"
    return f"- {drift.risk} {code(drift.subject)}: {prose(drift.what)} Ignored {until}\n"


def _noise(noise: Noise) -> str:
    return f"- {prose(noise.reason)}: {prose(places(noise.places))}\n"


def _note(note: str) -> str:
    return f"> {prose(note)}\n\n"


def _mark(report: DriftReport) -> str:
    number = counts(report)
    worst = next((risk for risk in reversed(Risk) if number.of(risk)), None)
    if worst is not None:
        return MARKS[worst]
    return UNJUDGED if number.failed else NO_RISK


def _some(lines: list[str], limit: int = LINES_SHOWN) -> list[str]:
    if len(lines) <= limit:
        return lines
    return [*lines[:limit], f"  and {len(lines) - limit:,} more lines"]


def _left_out(left_out: Counter[Level]) -> str:
    parts = [f"{LABELS[level]} ({left_out[level]:,})" for level in Level if left_out[level]]
    said = f"Left out: {', '.join(parts)}. All is in the report's JSON."
    return f"> **Too long for one text.** {said}\n\n"
