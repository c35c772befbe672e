"""Principals that somebody added to our own portfolios."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.lib.drift.model import Mend
from scripts.lib.drift.portfolio_access import ASSOCIATION, PORTFOLIO, added_principals
from scripts.lib.drift.shell import Shell
from scripts.lib.plan_review.model import Risk
from tests.unit.scripts.lib.drift.seen import managed

OURS = managed(PORTFOLIO, {"id": "port-1"})
AGREED = managed(ASSOCIATION, {"portfolio_id": "port-1", "principal_arn": "arn:scientist"})


class Catalog:
    """Service Catalog with two pages of principals for each portfolio."""

    def __init__(self, **principals: list[str]) -> None:
        self.principals = principals

    def get_paginator(self, operation: str) -> Catalog:
        assert operation == "list_principals_for_portfolio"
        return self

    def paginate(self, PortfolioId: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        found = self.principals.get(PortfolioId.replace("-", "_"), [])
        yield {"Principals": [{"PrincipalARN": arn} for arn in found[:1]]}
        yield {"Principals": [{"PrincipalARN": arn} for arn in found[1:]]}
        yield {}


def added(catalog: Any, *resources: Any) -> list[Any]:
    return list(added_principals(catalog, "web", resources, Shell()))


def test_who_was_agreed_on_is_no_drift() -> None:
    assert added(Catalog(port_1=["arn:scientist"]), OURS, AGREED) == []


def test_who_was_added_is_told_from_whatever_page() -> None:
    catalog = Catalog(port_1=["arn:scientist", "arn:b", "arn:a"])
    first, second = added(catalog, OURS, AGREED)
    assert "arn:a" in first.actual
    assert "arn:b" in second.actual
    assert first.subject == "aws_servicecatalog_portfolio.it"
    assert first.risk is Risk.HIGH
    assert first.remedies[0].mend is Mend.REMOVE
    assert first.remedies[0].command == (
        "aws servicecatalog disassociate-principal-from-portfolio "
        "--portfolio-id port-1 --principal-arn arn:a"
    )


def test_access_to_another_portfolio_is_no_agreement() -> None:
    other = managed(ASSOCIATION, {"portfolio_id": "port-2", "principal_arn": "arn:scientist"})
    assert len(added(Catalog(port_1=["arn:scientist"]), OURS, other)) == 1


def test_without_a_portfolio_nobody_is_asked() -> None:
    assert added(None, AGREED) == []
    assert added(None, managed(PORTFOLIO, {"id": None})) == []


def test_a_refusal_is_the_callers_to_tell() -> None:
    class Refusing(Catalog):
        def paginate(self, PortfolioId: str) -> Iterator[dict[str, Any]]:  # noqa: ARG002, N803
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "ListPrincipalsForPortfolio")

    with pytest.raises(ClientError):
        added(Refusing(), OURS)
