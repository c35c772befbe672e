from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from cdktf import TerraformOutput, TerraformStack

from modules.end_user_role import EndUserRole
from modules.policies.end_user import end_user_policy
from tests.unit.modules.facts import ENV, NAMES, PROJECT_ID, SECURITY_GROUP_ID, SUBNET_ID
from tests.unit.modules.synthesis import Synthesised, new_stack

AMY = "arn:aws-cn:iam::123456789012:user/amy"
STUDIO = "arn:aws-cn:iam::123456789012:role/Studio"
BOUNDARY = "arn:aws-cn:iam::123456789012:policy/Boundary"


def end_user_role(stack: TerraformStack, assumed_by: Sequence[str]) -> EndUserRole:
    return EndUserRole(
        stack,
        "EndUser",
        env=ENV,
        names=NAMES,
        project_id=PROJECT_ID,
        base_name="SCEndUserRole",
        assumed_by=assumed_by,
        build="lambda",
        subnet_id=SUBNET_ID,
        security_group_id=SECURITY_GROUP_ID,
        permissions_boundary=BOUNDARY,
    )


@pytest.fixture
def stack() -> TerraformStack:
    return new_stack()


def test_the_given_principals_may_assume_it(stack: TerraformStack) -> None:
    role = end_user_role(stack, [STUDIO, AMY])
    attributes = Synthesised(stack).all("aws_iam_role")["EndUser"]
    (statement,) = json.loads(attributes["assume_role_policy"])["Statement"]

    assert role.arn == "arn:aws-cn:iam::123456789012:role/SCEndUserRole-churn"
    assert attributes["name"] == "SCEndUserRole-churn"
    assert attributes["permissions_boundary"] == BOUNDARY
    assert statement["Principal"] == {"AWS": [STUDIO, AMY]}
    assert statement["Action"] == ["sts:AssumeRole"]


def test_holds_the_end_users_policy(stack: TerraformStack) -> None:
    end_user_role(stack, [AMY])
    policy = Synthesised(stack).all("aws_iam_role_policy")["EndUser_Policy"]["policy"]

    assert json.loads(policy.replace("$${", "${")) == end_user_policy(
        env=ENV,
        names=NAMES,
        project_id=PROJECT_ID,
        build="lambda",
        subnet_id=SUBNET_ID,
        security_group_id=SECURITY_GROUP_ID,
    )


def test_tells_its_unique_id_which_only_terraform_knows(stack: TerraformStack) -> None:
    role = end_user_role(stack, [AMY])
    TerraformOutput(stack, "Id", value=role.unique_id)
    synthesised = Synthesised(stack)
    address = synthesised.address("aws_iam_role", "EndUser")
    assert synthesised.json["output"]["Id"]["value"] == f"${{{address}.unique_id}}"


@pytest.mark.parametrize("assumed_by", [[], ["*"], [f"{AMY}*"]])
def test_fails_when_nobody_or_anybody_may_assume_it(
    stack: TerraformStack, assumed_by: list[str]
) -> None:
    with pytest.raises(ValueError, match="principal"):
        end_user_role(stack, assumed_by)
