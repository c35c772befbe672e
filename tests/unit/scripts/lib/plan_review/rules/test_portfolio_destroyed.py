from __future__ import annotations

from scripts.lib.plan_review.rules import portfolio_destroyed
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, risks, subject

PORTFOLIO = "aws_servicecatalog_portfolio"
IN_IT, BOTH = (
    "aws_servicecatalog_product_portfolio_association",
    {
        "product_id": "prod-1",
        "portfolio_id": "port-1",
    },
)


def test_a_portfolio() -> None:
    assert risks(portfolio_destroyed, subject(PORTFOLIO, {"id": "port-1"})) == ["high"]
    (finding,) = found(portfolio_destroyed, replaced(PORTFOLIO, {"id": "port-1"}))
    assert "Give access" in finding.mend


def test_a_product_that_is_taken_out() -> None:
    assert risks(portfolio_destroyed, subject(IN_IT, BOTH)) == ["medium"]


def test_not_with_the_portfolio_or_the_product() -> None:
    for owner in ((PORTFOLIO, "port-1"), ("aws_servicecatalog_product", "prod-1")):
        assert not found(portfolio_destroyed, subject(IN_IT, BOTH, ending=frozenset({owner})))
    assert not found(portfolio_destroyed, replaced(IN_IT, BOTH))


def test_not_a_change() -> None:
    assert not found(portfolio_destroyed, subject(PORTFOLIO, {"name": "a"}, {"name": "b"}))
