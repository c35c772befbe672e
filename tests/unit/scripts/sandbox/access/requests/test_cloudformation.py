"""CloudFormation's calls: stacks by name, with their tags and their own role."""

import json
from typing import Any

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.access.people import (
    allow,
    arn,
    asked,
    refusal,
    role,
    user,
    wanting,
)

TEMPLATE = json.dumps({"Resources": {"H": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}})
CREATE = "cloudformation:CreateStack"
OURS = arn("cloudformation", "stack/SC-*")


def test_a_stack_that_does_not_exist_ends_in_a_star(enforced: Sandbox) -> None:
    describe = enforced.client("cloudformation").describe_stacks
    found = asked(enforced, describe, StackName="none")
    assert found == [("cloudformation:DescribeStacks", arn("cloudformation", "stack/none/*"))]


def test_all_stacks_at_once_take_the_right_to_list(enforced: Sandbox) -> None:
    found = asked(enforced, enforced.client("cloudformation").describe_stacks)
    assert found == [("cloudformation:DescribeStacks", "*"), ("cloudformation:ListStacks", "*")]


def test_stacks_are_told_apart_by_name(enforced: Sandbox) -> None:
    cloudformation = enforced.client(
        "cloudformation", credentials=user(enforced, allow(CREATE, OURS))
    )
    given = {"TemplateBody": TEMPLATE}
    assert wanting(cloudformation.create_stack, StackName="SC-1", **given) == ""
    words = refusal(cloudformation.create_stack, StackName="other", **given)
    assert words.startswith("AccessDenied: User: arn:aws:iam::123456789012:user/")
    assert "on resource: arn:aws:cloudformation:eu-west-1:123456789012:stack/other/*" in words


def test_tags_and_a_role_take_rights_of_their_own(enforced: Sandbox) -> None:
    service = role(enforced, principal={"Service": "cloudformation.amazonaws.com"})
    create = enforced.client("cloudformation").create_stack
    found = asked(
        enforced,
        create,
        StackName="SC-2",
        TemplateBody=TEMPLATE,
        Tags=[{"Key": "a", "Value": "b"}],
        RoleARN=service,
    )
    stack = arn("cloudformation", "stack/SC-2/*")
    assert found[:3] == [
        (CREATE, stack),
        ("cloudformation:TagResource", stack),
        ("iam:PassRole", service),
    ]


def test_a_stack_is_judged_by_its_tags_and_template(enforced: Sandbox) -> None:
    def creator(**condition: Any) -> Any:
        rights = [allow(CREATE, OURS, **condition), allow("cloudformation:TagResource")]
        return enforced.client("cloudformation", credentials=user(enforced, *rights)).create_stack

    tags = [{"Key": "Team", "Value": "a"}]
    by_tag = creator(StringEquals={"aws:RequestTag/Team": "a"})
    assert wanting(by_tag, StackName="SC-3", TemplateBody=TEMPLATE) == CREATE
    assert wanting(by_tag, StackName="SC-3", TemplateBody=TEMPLATE, Tags=tags) == ""
    url = "https://bucket.s3.amazonaws.com/t.json"
    by_url = creator(StringEquals={"cloudformation:TemplateUrl": url})
    assert wanting(by_url, StackName="SC-4", TemplateBody=TEMPLATE) == CREATE


@pytest.mark.parametrize("operation", ["validate_template", "get_template_summary"])
def test_inspecting_templates_is_decided_on_everything(enforced: Sandbox, operation: str) -> None:
    call = getattr(enforced.client("cloudformation"), operation)
    assert [resource for _, resource in asked(enforced, call, TemplateBody=TEMPLATE)] == ["*"]
