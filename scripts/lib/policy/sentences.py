"""What differs between two policies, in sentences of plain text.

Names and values are other people's: each sentence is one printable line, but a writer of Markdown
or of a terminal has still to make it safe for its form.
"""

from __future__ import annotations

from dataclasses import dataclass

from scripts.lib.errors import one_line
from scripts.lib.policy.comparison import Comparison, Grant, How
from scripts.lib.policy.kinds import PolicyKind
from scripts.lib.policy.phrases import alternatives, callers, deeds, things, when

LINE_LIMIT = 2_000
"""Characters of the longest sentence."""
_ASSUMING = frozenset({"sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})


@dataclass(frozen=True, slots=True)
class Sentences:
    """One sentence for each thing gained and lost; none in either if the meaning is the same."""

    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def sentences(comparison: Comparison, subject: str, kind: PolicyKind) -> Sentences:
    """Say what differs.

    Args:
        subject: what the policy is attached to, as in ``role data-scientist``; of a boundary,
            whom it limits.
    """
    return Sentences(
        tuple(sentence(grant, subject, kind, gained=True) for grant in comparison.gained),
        tuple(sentence(grant, subject, kind, gained=False) for grant in comparison.lost),
    )


def sentence(grant: Grant, subject: str, kind: PolicyKind, *, gained: bool) -> str:
    """Say one thing that is gained, or lost."""
    refusal = grant.how.is_refusal
    text = (_refused if refusal else _allowed)(grant, subject, kind, gained)
    text += when(grant.conditions, refusal=refusal)
    return one_line(text + _otherwise(grant, gained), LINE_LIMIT)


def _allowed(grant: Grant, subject: str, kind: PolicyKind, gained: bool) -> str:
    who = callers(grant.who) if grant.who else subject
    may = f"{who} may {'now' if gained else 'no longer'}"
    if kind is PolicyKind.TRUST:
        actions = {piece.item.key for piece in grant.actions if not piece.without}
        is_assuming = len(actions) == len(grant.actions) and actions <= _ASSUMING
        return f"{may} {'assume' if is_assuming else deeds(grant.actions) + ' on'} {subject}"
    is_limit = kind is PolicyKind.BOUNDARY
    what = f"be granted {things(grant.actions)}" if is_limit else deeds(grant.actions)
    return f"{may} {what}{_on(grant, subject, kind)}"


def _refused(grant: Grant, subject: str, kind: PolicyKind, gained: bool) -> str:
    who = callers(grant.who) if grant.who else subject
    refused = "no longer refused" if gained else "now refused"
    return f"{refused} to {who}: {things(grant.actions)}{_on(grant, subject, kind)}"


def _on(grant: Grant, subject: str, kind: PolicyKind) -> str:
    is_all = any(piece.item.key == "*" and not piece.without for piece in grant.resources)
    if not grant.resources or (kind is PolicyKind.KMS and is_all):
        # A key's policy can only speak of the key.
        return f" on {subject}" if grant.who else ""
    through = f" through {subject}" if kind is PolicyKind.ENDPOINT and grant.who else ""
    return f" on {things(grant.resources)}{through}"


def _otherwise(grant: Grant, gained: bool) -> str:
    """Say under which conditions the other policy has it."""
    if grant.how not in (How.CONDITION, How.REFUSAL_CONDITION):
        return ""
    # What is gained is allowed after, and refused before; what is lost the other way round.
    other_is_before = gained is not grant.how.is_refusal
    bare = "" if grant.conditions else " under any condition"
    return f"{bare}; {'before' if other_is_before else 'now'} only if {alternatives(grant.under)}"
