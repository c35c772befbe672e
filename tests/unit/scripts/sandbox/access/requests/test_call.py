"""Tags in every shape, and roles that are passed."""

from typing import Any

import pytest

from scripts.sandbox.access.requests.call import Need, pass_role, plain_tags, request_tags


@pytest.mark.parametrize(
    "given",
    [
        {"a": "b"},
        [{"Key": "a", "Value": "b"}],
        [{"key": "a", "value": "b"}],
        [{"TagKey": "a", "TagValue": "b"}],
    ],
)
def test_tags_come_in_many_shapes(given: Any) -> None:
    assert plain_tags(given) == {"a": "b"}


@pytest.mark.parametrize("given", [None, [], {}, ""])
def test_no_tags_are_none(given: Any) -> None:
    assert plain_tags(given) == {}
    assert request_tags(plain_tags(given)) == {}


def test_tags_asked_for_are_condition_keys() -> None:
    assert request_tags({"a": "1", "b": "2"}) == {
        "aws:RequestTag/a": "1",
        "aws:RequestTag/b": "2",
        "aws:TagKeys": ["a", "b"],
    }


def test_a_role_is_passed_to_a_service() -> None:
    role = "arn:aws:iam::123456789012:role/R"
    context = {"iam:PassedToService": "lambda.amazonaws.com"}
    assert pass_role(role, "lambda") == Need("iam:PassRole", role, context)
