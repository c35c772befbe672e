"""All that is known of one change, in a fold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from scripts.lib.plan_review.markdown.attributes import attributes_block
from scripts.lib.plan_review.markdown.escape import code, prose, summary_code
from scripts.lib.plan_review.markdown.fit import Box, Level, Piece
from scripts.lib.plan_review.markdown.phrases import (
    finding_line,
    open_findings,
    places,
    rights_lines,
    worst,
)
from scripts.lib.plan_review.model import Action, Finding, Links, ReviewedChange, Risk, Rule
from scripts.lib.plan_review.words import count, remarks

Rules = Mapping[str, Rule]


def details(items: Sequence[ReviewedChange], links: Links, rules: Rules) -> Box:
    """Return the fold of a stack with one fold for each change of which there is more to say."""
    folds = [fold for item in items if (fold := _change(item, links, rules)).content]
    head = f"<details><summary>Details of {count(len(folds), 'change')}</summary>\n\n"
    return Box(lambda: head, "</details>\n\n", folds)


def _change(item: ReviewedChange, links: Links, rules: Rules) -> Box:
    pieces: list[Piece] = []
    found = open_findings(item.findings)
    graver = [finding for finding in found if finding.risk is not Risk.LOW]
    lighter = [finding for finding in found if finding.risk is Risk.LOW]
    if graver:
        pieces.append(Piece(Level.FINDING, partial(_findings, graver, rules)))
    if lighter:
        pieces.append(Piece(Level.LOW, partial(_findings, lighter, rules)))
    if item.rights:
        pieces.append(Piece(Level.RIGHTS, partial(_rights, item)))
    level = (
        Level.CREATED if item.change.action in (Action.CREATE, Action.READ) else Level.ATTRIBUTES
    )
    if item.attributes:
        pieces.append(Piece(level, partial(attributes_block, item.attributes)))
    if item.construct or item.source:
        pieces.append(Piece(level, partial(_origin, item, links)))
    if pieces and remarks(item.change):
        pieces.insert(bool(graver) + bool(lighter), Piece(Level.FINDING, partial(_remarks, item)))
    return Box(partial(_head, item), "\n</details>\n\n", pieces)


def _head(item: ReviewedChange) -> str:
    is_open = " open" if worst(item) in (Risk.HIGH, Risk.MEDIUM) else ""
    name = summary_code(item.change.address)
    return f"<details{is_open}><summary>{item.change.action} {name}</summary>\n\n"


def _findings(found: Sequence[Finding], rules: Rules) -> str:
    return "".join(_finding(finding, rules) for finding in found) + "\n"


def _finding(finding: Finding, rules: Rules) -> str:
    rule = rules.get(finding.rule)
    why = f" _Why:_ {prose(rule.why)}" if rule else ""
    return f"- {finding_line(finding)}{why} ({code(finding.rule)})\n"


def _remarks(item: ReviewedChange) -> str:
    said = " ".join(prose(sentence) for sentence in remarks(item.change))
    return f"{said}\n\n" if said else ""


def _rights(item: ReviewedChange) -> str:
    return "".join(_rights_of_one(item)) + "\n"


def _rights_of_one(item: ReviewedChange) -> Iterator[str]:
    for rights in item.rights:
        yield f"\nRights by {code(rights.policy)}:\n\n"
        yield from (f"- {line}\n" for line in rights_lines(rights))


def _origin(item: ReviewedChange, links: Links) -> str:
    parts = []
    if item.construct:
        parts.append(f"Construct {code(item.construct)}")
    if item.source:
        parts.append(f"made in {places(item.source, links)}")
    text = ", ".join(parts)
    return f"\n{text[0].upper()}{text[1:]}.\n"
