from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules import portfolio_access
from tests.unit.scripts.lib.plan_review.rules.subjects import found, subject

KIND = "aws_servicecatalog_principal_portfolio_association"


def access(who: object) -> dict[str, object]:
    return {"portfolio_id": "port-1", "principal_arn": who}


@pytest.mark.parametrize("who", ["arn:aws:iam:::role/*", "arn:aws:iam:::role/ds-?"])
def test_a_pattern_of_names(who: str) -> None:
    (finding,) = found(portfolio_access, subject(KIND, None, access(who)))
    assert who in finding.message
    assert not found(portfolio_access, subject(KIND, access(who), access(who)))
    assert not found(portfolio_access, subject(KIND, access(who)))


@pytest.mark.parametrize("who", [None, 7, "arn:aws:iam::123456789012:role/ds", {"*": "*"}])
def test_not_a_name(who: object) -> None:
    assert not found(portfolio_access, subject(KIND, None, access(who)))


def test_a_share_with_others() -> None:
    kind, share = "aws_servicecatalog_portfolio_share", {"principal_id": "999999999999"}
    (finding,) = found(portfolio_access, subject(kind, None, share))
    assert finding.message.startswith("999999999999 may take the portfolio on")
    assert not found(portfolio_access, subject(kind, share))
    assert not found(portfolio_access, subject(kind, share, {**share, "share_tag_options": True}))
