"""Requests and answers held against botocore's model."""

from typing import Any

import pytest

from scripts.sandbox.backends.servicecatalog.errors import ValidationError
from scripts.sandbox.backends.servicecatalog.shapes import check_answer, check_request

VALID = {"DisplayName": "P", "ProviderName": "CQ", "IdempotencyToken": "a-1"}


def test_a_fitting_request_passes() -> None:
    check_request("CreatePortfolio", VALID | {"Tags": [{"Key": "Größe:1", "Value": "ü"}]})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DisplayName": "x" * 101}, ["displayName", "less than or equal to 100"]),
        ({"DisplayName": ""}, ["DisplayName"]),
        ({"ProviderName": "x" * 51}, ["providerName", "50"]),
        ({"IdempotencyToken": "-a"}, ["idempotencyToken", "pattern"]),
        ({"DisplayName": 5}, ["DisplayName", "int"]),
        ({"Colour": "red"}, ["Colour"]),
        ({"Tags": [{"Key": "k"}]}, ["Tags[0]", "Value"]),
        ({"Tags": [{"Key": "k" * 129, "Value": "v"}]}, ["tags.1.member.key", "128"]),
    ],
)
def test_fails_with_the_member_and_the_limit(change: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        check_request("CreatePortfolio", VALID | change)
    for word in words:
        assert word in caught.value.message


def test_fails_when_a_required_member_is_missing() -> None:
    with pytest.raises(ValidationError, match="ProviderName"):
        check_request("CreatePortfolio", {"DisplayName": "P", "IdempotencyToken": "a"})


@pytest.mark.parametrize(
    "answer",
    [
        {"PortfolioDetails": [], "Surprise": 1},
        {"PortfolioDetails": [{"Name": "P"}]},
        {"PortfolioDetails": {}},
        {"PortfolioDetails": [{"Id": 5}]},
        {"PortfolioDetails": [{"Id": "port x"}]},
        {"PortfolioDetails": [{"CreatedTime": "not a time"}]},
    ],
)
def test_fails_when_an_answer_is_not_one_of_awss(answer: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="ListPortfolios answers"):
        check_answer("ListPortfolios", answer)


def test_a_fitting_answer_passes() -> None:
    check_answer("ListPortfolios", {"PortfolioDetails": [{"Id": "port-x"}]})
