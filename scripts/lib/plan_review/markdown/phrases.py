"""Small pieces of Markdown that several sections use."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import basename
from typing import Final

from scripts.lib.plan_review.markdown.escape import code, link, link_target, prose, sentence
from scripts.lib.plan_review.model import (
    Action,
    Finding,
    Links,
    ReviewedChange,
    Rights,
    Risk,
    Source,
)

MARKS: Final[Mapping[Risk, str]] = {Risk.HIGH: "🔴", Risk.MEDIUM: "🟠", Risk.LOW: "🟡"}

NO_RISK: Final = "🟢"
UNJUDGED: Final = "⚠️"
"""No rule has anything to say, but something is lost, or the plan itself is not sound."""

LOSSES: Final = frozenset({Action.DESTROY, Action.REPLACE, Action.FORGET})

SHOWN_CALLERS: Final = 4


def open_findings(findings: tuple[Finding, ...]) -> list[Finding]:
    """Return those that nobody has acknowledged, the worst first."""
    found = [finding for finding in findings if finding.acknowledged is None]
    return sorted(found, key=lambda finding: -finding.risk)


def worst(item: ReviewedChange) -> Risk | None:
    """Return the worst risk that nobody has acknowledged."""
    return max((item.risk for item in item.findings if item.acknowledged is None), default=None)


def action_text(action: Action, risk: Risk | None) -> str:
    """Return what is done, marked by its risk; what takes something away is bold."""
    name = f"**{action}**" if action in LOSSES else str(action)
    return f"{MARKS[risk]} {name}" if risk else name


def place(source: Source, links: Links, *, short: bool = False) -> str:
    """Return file and line, linked if it is known where to."""
    path = basename(source.path) if short else source.path
    label = f"{path}:{source.line}"
    return _linked(label, links.blob, source) if links.blob else code(label)


def _linked(label: str, blob: str, source: Source) -> str:
    if not link_target(blob, source.path, source.line):
        return code(label)
    return link(label, blob, source.path, source.line)


def places(sources: tuple[Source, ...], links: Links) -> str:
    """Return the line that made something, and who called that."""
    shown = [place(source, links) for source in sources[:SHOWN_CALLERS]]
    more = len(sources) - len(shown)
    return ", called from ".join(shown) + (f" and {more} more" if more > 0 else "")


def rights_lines(rights: Rights) -> list[str]:
    """Return one line for each sentence, or one that says that there is none to say."""
    lines = [f"**gained:** {prose(sentence)}" for sentence in rights.gained]
    lines += [f"**lost:** {prose(sentence)}" for sentence in rights.lost]
    if rights.unreadable:
        lines.append(f"cannot be compared: {prose(rights.unreadable)}")
    return lines or ["written differently, but means the same"]


def finding_line(finding: Finding) -> str:
    """Return risk and meaning, with the way out."""
    text = f"{MARKS[finding.risk]} **{finding.risk}:** {sentence(finding.message)}"
    return f"{text} _Way out:_ {prose(finding.mend)}" if finding.mend else text
