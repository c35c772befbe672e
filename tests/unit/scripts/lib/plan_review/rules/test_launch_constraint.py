from __future__ import annotations

import json

import pytest

from scripts.lib.plan_review.rules import launch_constraint
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, risks, subject

KIND = "aws_servicecatalog_constraint"


def constraint(parameters: object, kind: str = "LAUNCH") -> dict[str, object]:
    given = parameters if isinstance(parameters, str) else json.dumps(parameters)
    return {"type": kind, "product_id": "prod-1", "portfolio_id": "port-1", "parameters": given}


ONE, TWO = constraint({"RoleArn": "arn:1"}), constraint({"LocalRoleName": "two"})


def test_without_it_end_users_need_the_rights() -> None:
    (finding,) = found(launch_constraint, subject(KIND, ONE))
    assert str(finding.risk) == "high"
    assert "End users can no longer launch" in finding.message


@pytest.mark.parametrize(
    "owner", [("aws_servicecatalog_product", "prod-1"), ("aws_servicecatalog_portfolio", "port-1")]
)
def test_not_if_the_product_or_portfolio_goes_too(owner: tuple[str, str]) -> None:
    assert not found(launch_constraint, subject(KIND, ONE, ending=frozenset({owner})))


def test_another_role_launches() -> None:
    (finding,) = found(launch_constraint, subject(KIND, ONE, TWO))
    assert str(finding.risk) == "medium"
    assert "run with two instead of arn:1" in finding.message


def test_a_replacement_leaves_a_gap() -> None:
    assert risks(launch_constraint, replaced(KIND, ONE)) == ["low"]
    assert not found(launch_constraint, replaced(KIND, ONE, keeps_old=True))
    assert risks(launch_constraint, replaced(KIND, ONE, TWO)) == ["low", "medium"]


@pytest.mark.parametrize("odd", ["", "{", "[]", '{"RoleArn": 7}', '{"RoleArn": "", "x": 1}'])
def test_parameters_that_name_no_role(odd: str) -> None:
    assert not found(launch_constraint, subject(KIND, ONE, constraint(odd)))


def test_not_other_constraints() -> None:
    assert not found(launch_constraint, subject(KIND, constraint({}, "TEMPLATE")))
    assert not found(launch_constraint, subject(KIND, None, ONE))
