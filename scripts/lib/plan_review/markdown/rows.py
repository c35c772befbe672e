"""The table of a stack: one row for each resource, what matters in its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from scripts.lib.plan_review.markdown.escape import code, prose, sentence
from scripts.lib.plan_review.markdown.fit import Box, Level, Piece
from scripts.lib.plan_review.markdown.phrases import (
    LOSSES,
    action_text,
    open_findings,
    place,
    worst,
)
from scripts.lib.plan_review.model import Action, Links, ReviewedChange, Risk
from scripts.lib.plan_review.verdict import action_counts
from scripts.lib.plan_review.words import count, counts_text, remarks

SHOWN_MESSAGES: Final = 3
SHOWN_ATTRIBUTES: Final = 4
CELL_TEXT: Final = 300
"""Characters of a sentence in a cell; the details have more of it."""

QUIET_ROWS: Final = 5
"""So many rows of which nothing is to be said stay in the table; more go into a fold."""

_QUIET: Final = frozenset({Action.CREATE, Action.READ, Action.MOVE, Action.IMPORT})


def is_quiet(item: ReviewedChange) -> bool:
    """Tell whether nothing of the change calls for a look."""
    return item.change.action in _QUIET and not item.rights and worst(item) is None


def row_level(item: ReviewedChange) -> Level:
    """Return how much a change's row matters."""
    risk = worst(item)
    if risk is Risk.HIGH:
        return Level.HIGH
    if risk is Risk.MEDIUM or item.change.action in LOSSES:
        return Level.LOSS
    return Level.ROW


def change_tables(items: Sequence[ReviewedChange], links: Links) -> Iterator[Box]:
    """Return the table of the changes, and a folded one of the quiet ones if they are many."""
    ordered = sorted(items, key=lambda item: -(worst(item) or 0))
    quiet = [item for item in ordered if is_quiet(item)]
    if len(quiet) <= QUIET_ROWS or len(quiet) == len(ordered) <= 2 * QUIET_ROWS:
        yield table(ordered, links)
        return
    loud = [item for item in ordered if not is_quiet(item)]
    if loud:
        yield table(loud, links)
    title = f"{counts_text(action_counts(quiet))}: nothing to be said of them"
    more = f"{len(quiet)} more: " if loud else ""
    head = f"<details><summary>{more}{title}</summary>\n\n"
    yield Box(lambda: head, "</details>\n\n", (table(quiet, links),))


def table(items: Iterable[ReviewedChange], links: Links) -> Box:
    """Return one table."""
    items = tuple(items)
    made = any(item.source for item in items)
    head = "| | Resource | What it means |" + (" Made in |" if made else "")
    line = "|---|---|---|" + ("---|" if made else "")
    rows = [Piece(row_level(item), partial(_row, item, links, made=made)) for item in items]
    return Box(lambda: f"{head}\n{line}\n", "\n", rows)


def _row(item: ReviewedChange, links: Links, *, made: bool) -> str:
    cells = [
        action_text(item.change.action, worst(item)).replace(" ", "&nbsp;"),
        code(item.change.address),
        "<br>".join(_meaning(item)),
    ]
    if made:
        cells.append(place(item.source[0], links, short=True) if item.source else "")
    return f"| {' | '.join(cells)} |\n"


def _meaning(item: ReviewedChange) -> Iterator[str]:
    found = open_findings(item.findings)
    for finding in found[:SHOWN_MESSAGES]:
        yield sentence(finding.message, CELL_TEXT)
    if len(found) > SHOWN_MESSAGES:
        yield f"and {count(len(found) - SHOWN_MESSAGES, 'more finding')}"
    said = [prose(sentence, CELL_TEXT) for sentence in remarks(item.change)]
    yield from said
    if not found and not said:
        yield from _otherwise(item)


def _otherwise(item: ReviewedChange) -> Iterator[str]:
    """What is said of a change of which neither a rule nor Terraform's reasons say anything."""
    gained = sum(len(rights.gained) for rights in item.rights)
    lost = sum(len(rights.lost) for rights in item.rights)
    if gained or lost:
        parts = [f"{number} {word}" for number, word in ((gained, "gained"), (lost, "lost"))]
        yield f"Rights: {', '.join(part for part in parts if part[0] != '0')}"
    elif item.rights and not item.attributes:
        unreadable = any(rights.unreadable for rights in item.rights)
        yield "Policy cannot be compared" if unreadable else "Policy means the same"
    if item.change.action is Action.UPDATE and item.attributes:
        names = [code(change.path) for change in item.attributes[:SHOWN_ATTRIBUTES]]
        more = len(item.attributes) - len(names)
        yield f"Changes {', '.join(names)}" + (f" and {more} more" if more > 0 else "")
