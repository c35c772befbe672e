"""The section of one stack, and what is said of all stacks after the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from scripts.lib.plan_review.markdown.attributes import attributes_block
from scripts.lib.plan_review.markdown.details import Rules, details
from scripts.lib.plan_review.markdown.escape import code, code_block, prose
from scripts.lib.plan_review.markdown.fit import Box, Level, Node, Piece
from scripts.lib.plan_review.markdown.phrases import finding_line, open_findings, rights_lines
from scripts.lib.plan_review.markdown.rows import change_tables
from scripts.lib.plan_review.model import Links, Review, ReviewedChange, Rights, Risk, StackReview
from scripts.lib.plan_review.picture import picture
from scripts.lib.plan_review.verdict import NOT_PASSED, action_counts
from scripts.lib.plan_review.words import count, counts_text, deferred_text

SHOWN_RIGHTS: Final = 8
"""Sentences of one resource in sight; all are in its details."""


def stack_section(stack: StackReview, links: Links, rules: Rules) -> Box:
    """Return a stack's section: counts, what is amiss, the table, rights and the folds."""
    content: list[Node] = [Piece(Level.STACK, str), *_notices(stack)]
    if stack.changes:
        content += change_tables(stack.changes, links)
        content += _rights(stack.changes)
        content.append(details(stack.changes, links, rules))
    if stack.plan.outputs:
        content.append(Piece(Level.OUTPUT, partial(_outputs, stack)))
    if stack.changes and stack.plan.dependencies:
        content.append(Piece(Level.PICTURE, partial(_picture, stack)))
    return Box(partial(_heading, stack), "", content)


def _heading(stack: StackReview) -> str:
    counts = action_counts(stack.changes)
    said = counts_text(counts) if counts else "no resource changes"
    kept = f", {stack.plan.unchanged:,} unchanged" if stack.plan.unchanged else ""
    return f"#### {code(stack.plan.stack)}: {said}{kept}\n\n"


def _notices(stack: StackReview) -> Iterator[Box]:
    """What a reader must know of the plan as a whole."""
    plan = stack.plan
    items: list[Piece] = []
    for finding in open_findings(stack.findings):
        level = Level.HIGH if finding.risk is Risk.HIGH else Level.NOTICE
        items.append(Piece(level, partial(_item, finding_line(finding))))
    told = {finding.address for finding in stack.findings}
    for check in plan.checks:
        if check.status in NOT_PASSED and check.address not in told:
            problems = prose(" ".join(check.problems)) or "it says no more"
            text = f"Check {code(check.address)} does not pass: {problems}"
            items.append(Piece(Level.NOTICE, partial(_item, text)))
    states = Counter(check.status for check in plan.checks)
    if states["unknown"]:
        text = f"{count(states['unknown'], 'check')} can be made only when it is applied."
        items.append(Piece(Level.NOTICE, partial(_item, text)))
    for later in plan.deferred:
        items.append(Piece(Level.NOTICE, partial(_item, prose(deferred_text(later)))))
    said = "\n".join(finding.message for finding in stack.findings)
    items += [
        Piece(Level.NOTICE, partial(_item, f"Warning: {prose(warning)}"))
        for warning in plan.warnings
        if warning not in said
    ]
    if items:
        yield Box(str, "\n", items)


def _item(text: str) -> str:
    return f"- {text}\n"


def _rights(items: Sequence[ReviewedChange]) -> Iterator[Box]:
    """Who may do more or less than before; in sight, for it is what a reviewer answers for."""
    pieces = [
        Piece(Level.RIGHTS, partial(_rights_of, item, untold))
        for item in items
        if (untold := _untold(item))
    ]
    if pieces:
        yield Box(lambda: "**Rights**\n\n", "\n", pieces)


def _untold(item: ReviewedChange) -> list[Rights]:
    """The rights without those that a finding of the same resource tells word for word."""
    told = {finding.message.rstrip(".") for finding in open_findings(item.findings)}
    rest = (
        replace(
            rights,
            gained=tuple(said for said in rights.gained if said.rstrip(".") not in told),
            lost=tuple(said for said in rights.lost if said.rstrip(".") not in told),
        )
        for rights in item.rights
    )
    return [rights for rights in rest if rights.gained or rights.lost]


def _rights_of(item: ReviewedChange, untold: Sequence[Rights]) -> str:
    lines = [line for rights in untold for line in rights_lines(rights)]
    shown = [f"  - {line}\n" for line in lines[:SHOWN_RIGHTS]]
    if len(lines) > SHOWN_RIGHTS:
        shown.append(f"  - and {len(lines) - SHOWN_RIGHTS} more, in the details\n")
    return f"- {code(item.change.address)}\n{''.join(shown)}"


def _outputs(stack: StackReview) -> str:
    block = attributes_block(output.change for output in stack.plan.outputs)
    title = f"{count(len(stack.plan.outputs), 'output')}"
    return f"<details><summary>{title} changed</summary>\n\n{block}\n</details>\n\n"


def _picture(stack: StackReview) -> str:
    drawn = picture([item.change for item in stack.changes], stack.plan.dependencies)
    if not drawn:
        return ""
    title = "Picture: what changes, and what depends on it"
    block = code_block(drawn.splitlines(), "mermaid")
    return f"<details><summary>{title}</summary>\n\n{block}\n</details>\n\n"


def drift_section(review: Review) -> Iterator[Box]:
    """What was changed outside Terraform: one fold, so that it does not dwarf the plan."""
    several = len(review.stacks) > 1
    pieces = [
        Piece(Level.DRIFT, partial(_drifted, item, stack.plan.stack if several else ""))
        for stack in review.stacks
        for item in stack.drift
    ]
    if pieces:
        title = f"{count(len(pieces), 'resource')} changed outside Terraform, before this plan"
        head = f"<details><summary>{title}</summary>\n\n"
        yield Box(lambda: head, "</details>\n\n", pieces)


def _drifted(item: ReviewedChange, stack: str) -> str:
    where = f" in {code(stack)}" if stack else ""
    gone = " is gone" if item.change.action.value == "destroy" else ""
    text = f"{code(item.change.address)}{where}{gone}\n\n"
    text += "".join(f"- {finding_line(finding)}\n" for finding in open_findings(item.findings))
    for rights in item.rights:
        text += "".join(f"- {line}\n" for line in rights_lines(rights))
    if item.attributes:
        text += f"\n{attributes_block(item.attributes)}"
    return f"{text}\n"
