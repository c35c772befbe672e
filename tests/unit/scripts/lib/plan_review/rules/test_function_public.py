from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules import function_public
from tests.unit.scripts.lib.plan_review.rules.subjects import found, risks, subject

PERMISSION, URL = "aws_lambda_permission", "aws_lambda_function_url"


def test_everybody() -> None:
    assert risks(function_public, subject(PERMISSION, None, {"principal": "*"})) == ["high"]
    signed = {"principal": "*", "function_url_auth_type": "AWS_IAM"}
    assert not found(function_public, subject(PERMISSION, None, signed))


def test_a_service_for_any_account() -> None:
    (finding,) = found(
        function_public, subject(PERMISSION, None, {"principal": "s3.amazonaws.com"})
    )
    assert str(finding.risk) == "medium"
    assert "for any account" in finding.message


@pytest.mark.parametrize("bound", ["source_arn", "source_account", "principal_org_id"])
def test_not_with_a_bound(bound: str) -> None:
    for who in ("*", "s3.amazonaws.com"):
        given = {"principal": who, bound: "123456789012"}
        assert not found(function_public, subject(PERMISSION, None, given))
        later = subject(PERMISSION, None, {"principal": who}, after_unknown={bound: True})
        assert not found(function_public, later)


def test_a_bound_that_goes() -> None:
    before = {"principal": "s3.amazonaws.com", "source_account": "123456789012"}
    assert found(function_public, subject(PERMISSION, before, {**before, "source_account": None}))


@pytest.mark.parametrize("who", [None, 7, "", "arn:aws:iam::123456789012:role/x", "123456789012"])
def test_not_somebody_named(who: object) -> None:
    assert not found(function_public, subject(PERMISSION, None, {"principal": who}))


def test_not_what_was_so_or_goes() -> None:
    everybody = {"principal": "*"}
    assert not found(function_public, subject(PERMISSION, everybody, {**everybody, "x": 1}))
    assert not found(function_public, subject(PERMISSION, everybody))


def test_a_url_that_asks_nobody() -> None:
    none, iam = ({"authorization_type": each} for each in ("NONE", "AWS_IAM"))
    assert risks(function_public, subject(URL, iam, none)) == ["high"]
    assert risks(function_public, subject(URL, None, none)) == ["high"]
    assert not found(function_public, subject(URL, none, iam))
    assert not found(function_public, subject(URL, none, none))
