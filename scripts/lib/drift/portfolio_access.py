"""Who may see our own portfolios by hand: no plan shows it, for Terraform only asks for its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.lib.drift import remedies
from scripts.lib.drift.model import Drift, Plane
from scripts.lib.drift.shell import Shell
from scripts.lib.drift.world import Managed
from scripts.lib.plan_review.model import Risk

PORTFOLIO = "aws_servicecatalog_portfolio"
ASSOCIATION = "aws_servicecatalog_principal_portfolio_association"


def added_principals(
    catalog: Any, stack: str, resources: tuple[Managed, ...], shell: Shell
) -> Iterator[Drift]:
    """Yield the principals that a stack's portfolios have and its state has not.

    Args:
        catalog: client of Service Catalog; ListPrincipalsForPortfolio is all that is called.
        resources: what the stack manages, and what it managed and is gone.

    Raises ClientError and BotoCoreError.
    """
    for portfolio in resources:
        identifier = portfolio.text("id")
        if portfolio.type != PORTFOLIO or not identifier:
            continue
        agreed = {
            each.text("principal_arn")
            for each in resources
            if each.type == ASSOCIATION and each.text("portfolio_id") == identifier
        }
        for arn in sorted(_principals(catalog, identifier) - agreed):
            yield Drift(
                Plane.TERRAFORM,
                stack,
                portfolio.address,
                "A principal was given access to the portfolio.",
                f"no access for {arn}",
                f"{arn} sees and launches what is in the portfolio",
                Risk.HIGH,
                remedies=remedies.of_principal(identifier, arn, shell),
            )


def _principals(catalog: Any, portfolio: str) -> set[str]:
    pages = catalog.get_paginator("list_principals_for_portfolio").paginate(PortfolioId=portfolio)
    return {str(each["PrincipalARN"]) for page in pages for each in page.get("Principals", ())}
