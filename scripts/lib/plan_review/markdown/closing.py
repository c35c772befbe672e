"""What comes after the stacks: the script's part, what was acknowledged, fingerprints."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from scripts.lib.plan_review.markdown.escape import code, prose, sentence
from scripts.lib.plan_review.markdown.fit import Box, Level, Piece
from scripts.lib.plan_review.markdown.phrases import MARKS
from scripts.lib.plan_review.model import Finding, Review, ScriptChange, StackReview
from scripts.lib.plan_review.words import count

FINGERPRINT_LIMIT: Final = 100
MOST_FINGERPRINTS: Final = 100
"""Stacks whose own fingerprints are listed; that of the review stands for all of them."""


def script_section(review: Review) -> Iterator[Box]:
    """What the post-apply script would do, in the same form as a stack."""
    script = review.script
    if script is None:
        return
    where = f"account {code(script.account_id, 40)}, {code(script.region, 40)}"
    said = count(len(script.changes), "change") if script.changes else "nothing to do"
    heading = f"#### The script's part: {said}\n\n"
    lead = f"What Terraform cannot hold, in {where}.\n\n"
    rows = [Piece(Level.SCRIPT, partial(_script_row, change)) for change in script.changes]
    table = Box(lambda: "| | What | Where | Why |\n|---|---|---|---|\n", "\n", rows)
    yield Box(lambda: heading, "", (Piece(Level.STACK, lambda: lead), table))


def _script_row(change: ScriptChange) -> str:
    reasons = "<br>".join(prose(reason, 200) for reason in change.reasons[:5])
    cells = (prose(change.action, 60), code(change.subject), code(change.target), reasons)
    return f"| {' | '.join(cells)} |\n"


def acknowledged_section(review: Review) -> Iterator[Box]:
    """Findings that somebody has accepted: by whom, why, and for how long."""
    pieces = [
        Piece(Level.ACKNOWLEDGED, partial(_acknowledged, finding))
        for finding in review.findings
        if finding.acknowledged
    ]
    if pieces:
        head = f"<details><summary>{count(len(pieces), 'acknowledged finding')}</summary>\n\n"
        yield Box(lambda: head, "\n</details>\n\n", pieces)


def _acknowledged(finding: Finding) -> str:
    given = finding.acknowledged
    if given is None:
        return ""
    owner = f", by {prose(given.owner, 100)}" if given.owner else ""
    return (
        f"- {MARKS[finding.risk]} {code(finding.address)}: {sentence(finding.message)} "
        f"_Accepted until {prose(given.expires, 40)}{owner}:_ {prose(given.reason)} "
        f"({code(finding.rule)})\n"
    )


def fingerprints_section(review: Review) -> Iterator[Piece]:
    """The fingerprint of each stack's plan: all of them or none, for part of them is no use."""
    if 1 < len(review.stacks) <= MOST_FINGERPRINTS:
        yield Piece(Level.FINGERPRINT, partial(_fingerprints, review))


def _fingerprints(review: Review) -> str:
    head = "<details><summary>Fingerprints of the stacks</summary>\n\n"
    table = "| Stack | Fingerprint | Terraform |\n|---|---|---|\n"
    rows = "".join(map(_fingerprint, review.stacks))
    return f"{head}{table}{rows}\n</details>\n\n"


def _fingerprint(stack: StackReview) -> str:
    plan = stack.plan
    cells = (code(plan.stack, 60), code(plan.fingerprint, FINGERPRINT_LIMIT))
    return f"| {' | '.join(cells)} | {code(plan.terraform_version, 40)} |\n"


def footer(review: Review) -> str:
    """Return the fingerprints of all that was reviewed; the last line of the comment."""
    parts = []
    if review.fingerprint:
        parts.append(f"Plan {code(review.fingerprint, FINGERPRINT_LIMIT)}")
    if review.script and review.script.fingerprint:
        parts.append(f"script {code(review.script.fingerprint, FINGERPRINT_LIMIT)}")
    if not parts:
        return ""
    return (
        f"<sub>Fingerprint: {', '.join(parts)}. Another plan is refused when it is applied.</sub>\n"
    )
