"""Portfolios, and the products in them, that go."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "portfolio-destroyed",
    "A portfolio or what is in it goes",
    "People no longer find what they launch, nor update what they launched.",
    Risk.HIGH,
)
_PORTFOLIO = "aws_servicecatalog_portfolio"
_IN_IT = "aws_servicecatalog_product_portfolio_association"
TYPES = frozenset({_PORTFOLIO, _IN_IT})


def check(subject: Subject) -> Iterator[Finding]:
    """Find portfolios that are destroyed or replaced, and products that are taken out."""
    if not subject.is_gone:
        return
    if subject.change.type == _PORTFOLIO:
        yield subject.find(
            RULE,
            "Nobody can launch from the portfolio any more, and access given to it by hand or by "
            "script is lost with it.",
            mend="Give access to the new portfolio again."
            if subject.is_replaced
            else "End what was launched from it first.",
        )
    elif not subject.is_replaced and not (
        subject.ends_with(_PORTFOLIO, "portfolio_id")
        or subject.ends_with("aws_servicecatalog_product", "product_id")
    ):
        yield subject.find(
            RULE,
            "The product is no longer in the portfolio: its end users can neither launch it nor "
            "update what they launched.",
            mend="Deprecate the versions instead, so that what is there can be updated.",
            risk=Risk.MEDIUM,
        )
