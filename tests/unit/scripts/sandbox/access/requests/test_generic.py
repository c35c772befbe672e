"""Calls of services without a module of their own."""

from typing import Any

import pytest

from scripts.sandbox.access.principals import Principal
from scripts.sandbox.access.requests import needs
from scripts.sandbox.access.requests.call import Call, Need
from scripts.sandbox.access.requests.generic import tag_context

ECR = "arn:aws:ecr:eu-west-1:123456789012:repository/"


def call(service: str, operation: str, **params: Any) -> Call:
    return Call(service, operation, "eu-west-1", params, {}, Principal())


def test_a_repository_by_name() -> None:
    asked = call("ecr", "BatchGetImage", repositoryName="r")
    assert needs(asked) == [Need("ecr:BatchGetImage", f"{ECR}r")]
    assert needs(call("ecr", "GetAuthorizationToken")) == [Need("ecr:GetAuthorizationToken", "*")]


def test_a_trail_is_handed_its_role() -> None:
    role = "arn:aws:iam::123456789012:role/R"
    asked = needs(call("cloudtrail", "CreateTrail", Name="t", CloudWatchLogsRoleArn=role))
    context = {"iam:PassedToService": "cloudtrail.amazonaws.com"}
    assert asked[-1] == Need("iam:PassRole", role, context)


def test_what_cannot_be_told_is_conservative() -> None:
    assert needs(call("nosuch", "Frobnicate", Name="n")) == [Need("nosuch:Frobnicate", "")]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, {}),
        ({"TagKeys": ["a"]}, {"aws:TagKeys": ["a"]}),
        (
            {"AddTags": [{"Key": "a", "Value": "b"}], "RemoveTags": ["c"]},
            {"aws:RequestTag/a": "b", "aws:TagKeys": ["a", "c"]},
        ),
        ({"tags": {"a": "b"}}, {"aws:RequestTag/a": "b", "aws:TagKeys": ["a"]}),
    ],
)
def test_tags_set_and_removed(params: dict[str, Any], expected: dict[str, Any]) -> None:
    assert tag_context(params) == expected
