from __future__ import annotations

import json

import pytest
from cdktf import TerraformStack

from modules.launch_role import LaunchRole
from modules.policies.launch import launch_policy
from tests.unit.modules.facts import ENV, NAMES, PROJECT_ID, SECURITY_GROUP_ID, SUBNET_ID
from tests.unit.modules.synthesis import Synthesised, new_stack


@pytest.fixture
def stack() -> TerraformStack:
    return new_stack()


def test_service_catalog_of_this_account_alone_may_assume_it(stack: TerraformStack) -> None:
    LaunchRole(stack, "LaunchRole", env=ENV, names=NAMES, project_id=PROJECT_ID, build="lambda")
    role = Synthesised(stack).all("aws_iam_role")["LaunchRole"]

    assert role["name"] == "SCLaunchRole-churn"
    assert "permissions_boundary" not in role
    assert json.loads(role["assume_role_policy"])["Statement"] == [
        {
            "Sid": "AssumeByServices",
            "Effect": "Allow",
            "Principal": {"Service": ["servicecatalog.amazonaws.com"]},
            "Action": ["sts:AssumeRole"],
            "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        }
    ]


def test_holds_the_policy_of_its_way_of_building(stack: TerraformStack) -> None:
    LaunchRole(stack, "Ours", env=ENV, names=NAMES, project_id=PROJECT_ID, build="lambda")
    LaunchRole(
        stack,
        "Native",
        env=ENV,
        names=NAMES,
        project_id=PROJECT_ID,
        build="cloudformation",
        subnet_id=SUBNET_ID,
        security_group_id=SECURITY_GROUP_ID,
    )
    policies = Synthesised(stack).all("aws_iam_role_policy")

    assert json.loads(policies["Ours_Policy"]["policy"]) == launch_policy(
        env=ENV, names=NAMES, project_id=PROJECT_ID, build="lambda"
    )
    assert json.loads(policies["Native_Policy"]["policy"]) == launch_policy(
        env=ENV,
        names=NAMES,
        project_id=PROJECT_ID,
        build="cloudformation",
        subnet_id=SUBNET_ID,
        security_group_id=SECURITY_GROUP_ID,
    )


def test_takes_a_permissions_boundary(stack: TerraformStack) -> None:
    boundary = "arn:aws-cn:iam::123456789012:policy/Boundary"
    LaunchRole(
        stack,
        "LaunchRole",
        env=ENV,
        names=NAMES,
        project_id=PROJECT_ID,
        build="lambda",
        permissions_boundary=boundary,
    )
    role = Synthesised(stack).all("aws_iam_role")["LaunchRole"]

    assert role["permissions_boundary"] == boundary


def test_its_arn_is_known_before_it_exists(stack: TerraformStack) -> None:
    role = LaunchRole(
        stack, "LaunchRole", env=ENV, names=NAMES, project_id=PROJECT_ID, build="lambda"
    )

    assert role.arn == "arn:aws-cn:iam::123456789012:role/SCLaunchRole-churn"
    assert len(role.dependables) == 2
