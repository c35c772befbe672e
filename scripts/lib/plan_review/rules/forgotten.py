"""What Terraform no longer manages."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Action, Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "forgotten",
    "Terraform forgets a resource",
    "It stays in the account and costs, and nobody sees when it is changed.",
    Risk.LOW,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Find what is taken out of the state and left in the account."""
    change = subject.change
    if change.action is Action.FORGET or change.keeps_old:
        what = "The old object" if change.keeps_old else "It"
        yield subject.find(
            RULE,
            f"{what} stays as it is, and from then on only people can change or remove it.",
            mend="Import it elsewhere, or write down who owns it.",
        )
