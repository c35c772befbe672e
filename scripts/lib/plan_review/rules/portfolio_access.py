"""Who may launch from the catalog."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject, shown

RULE = Rule(
    "portfolio-access",
    "A portfolio is opened to many",
    "Whoever sees a portfolio launches with the rights of its launch role.",
    Risk.MEDIUM,
)
_ACCESS = "aws_servicecatalog_principal_portfolio_association"
TYPES = frozenset({_ACCESS, "aws_servicecatalog_portfolio_share"})


def check(subject: Subject) -> Iterator[Finding]:
    """Find access by a pattern of names, and shares with other accounts."""
    if subject.change.after is None:
        return
    if subject.change.type == _ACCESS:
        who = subject.after("principal_arn")
        is_new = isinstance(who, str) and subject.before("principal_arn") != who
        if is_new and any(mark in who for mark in "*?"):
            yield subject.find(
                RULE,
                f"Whoever can make a role or user that is named {shown(who)} may launch.",
                mend="Name the roles.",
            )
    elif subject.before("principal_id") != subject.after("principal_id"):
        yield subject.find(
            RULE,
            f"{subject.name('principal_id')} may take the portfolio on, and decides there who "
            "launches.",
            mend="Share with accounts rather than with the whole organization.",
        )
