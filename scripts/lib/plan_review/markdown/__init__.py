"""A review as one comment of a pull request, in GitHub's Markdown.

The order is that of a reader with little time: the verdict, what to look at first, a table for
each stack, who may do what, and everything else in folds. See ``fit`` for what is given up if it
is too long, and ``escape`` for what becomes of names and values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from scripts.lib.plan_review.markdown.closing import (
    acknowledged_section,
    fingerprints_section,
    footer,
    script_section,
)
from scripts.lib.plan_review.markdown.escape import code, link_target, prose, sentence
from scripts.lib.plan_review.markdown.fit import GITHUB_LIMIT, Box, Level, Node, Piece, fit
from scripts.lib.plan_review.markdown.phrases import MARKS, NO_RISK, UNJUDGED, action_text, place
from scripts.lib.plan_review.markdown.stack import drift_section, stack_section
from scripts.lib.plan_review.model import Links, Review, Rule, StackReview
from scripts.lib.plan_review.verdict import NOT_PASSED, Danger, Verdict, judge

MARKER: Final = "<!-- sagemaker-plan-review -->"
"""The first line, not shown: by it the comment is found again to be updated."""

ADDRESS_LIMIT: Final = 1_000
"""An address of the whole review that is longer is not linked."""


def to_markdown(
    review: Review, rules: Mapping[str, Rule] | None = None, *, limit: int = GITHUB_LIMIT
) -> str:
    """Return the comment, at most ``limit`` bytes long.

    Args:
        rules: titles and reasons by the rules' ids, for the details.

    Raises:
        ValueError: ``limit`` is less than ``fit.LEAST_LIMIT``.
    """
    verdict = judge(review)
    mark = _verdict_mark(verdict)
    if review.is_empty and not verdict.notes:
        return f"{MARKER}\n{mark} {verdict.headline}. {footer(review)}".rstrip() + "\n"
    nodes: list[Node] = [*_dangers(verdict, review)]
    nodes += (
        stack_section(stack, review.links, rules or {})
        for stack in review.stacks
        if _says_something(stack)
    )
    nodes += script_section(review)
    nodes += drift_section(review)
    nodes += acknowledged_section(review)
    nodes += fingerprints_section(review)
    top = f"{MARKER}\n### {mark} {verdict.headline}\n\n"
    top += " ".join(verdict.notes) + "\n\n" * bool(verdict.notes)
    return fit(top, nodes, footer(review), limit, partial(_left_out, review.links))


def _verdict_mark(verdict: Verdict) -> str:
    if verdict.risk:
        return MARKS[verdict.risk]
    return UNJUDGED if verdict.dangers or not verdict.sound else NO_RISK


def _says_something(stack: StackReview) -> bool:
    plan = stack.plan
    failed = any(check.status in NOT_PASSED for check in plan.checks)
    said = stack.changes or stack.findings or plan.outputs or plan.deferred or plan.warnings
    return bool(said or failed)


def _dangers(verdict: Verdict, review: Review) -> Iterator[Box]:
    """What to look at before anything else."""
    several = len(review.stacks) > 1
    pieces = [
        Piece(Level.DANGER, partial(_danger, danger, review.links, several=several))
        for danger in verdict.dangers
    ]
    if pieces:
        yield Box(lambda: "**Look at these first**\n\n", "\n", pieces)


def _danger(danger: Danger, links: Links, *, several: bool) -> str:
    what = action_text(danger.action, danger.risk) if danger.action else _mark(danger)
    where = f" in {code(danger.stack)}" if several and danger.stack else ""
    made = f", {place(danger.source, links, short=True)}" if danger.source else ""
    text = f"1. {what} {code(danger.address)}{where}{made}<br>{sentence(danger.message)}"
    if danger.mend:
        text += f" _Way out:_ {prose(danger.mend)}"
    if danger.more:
        text += f" _And {danger.more:,} more of the kind._"
    return f"{text}\n"


def _mark(danger: Danger) -> str:
    return MARKS[danger.risk] if danger.risk else ""


def _left_out(links: Links, left_out: Counter[Level]) -> str:
    """Say what is not shown, and where it is."""
    parts = [f"{level.label} ({left_out[level]:,})" for level in Level if left_out[level]]
    target = link_target(links.details) if len(links.details) <= ADDRESS_LIMIT else ""
    where = f"[the whole review]({target})" if target else "the review's JSON output"
    return f"> **Too long for one comment.** Left out: {', '.join(parts)}. All is in {where}.\n\n"
