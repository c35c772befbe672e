from __future__ import annotations

from typing import Any

from modules.naming import LENGTH_LIMITS, AwsEnvironment, ProjectNames
from modules.policies.builder import builder_policy, builder_trust
from modules.policies.document import Document, to_json
from modules.policies.launch import launch_policy
from tests.unit.modules.facts import ENV, NAMES, PROJECT_ID, SECURITY_GROUP_ID, SUBNET_ID
from tests.unit.modules.policies.authorization import faults
from tests.unit.modules.policies.test_notebook_making import EXPECTED as MAKING
from tests.unit.modules.policies.test_notebook_start import EXPECTED as START

INLINE_LIMIT = 10_240


def policy(**changes: Any) -> Document:
    given: dict[str, Any] = {
        "env": ENV,
        "names": NAMES,
        "project_id": PROJECT_ID,
        "subnet_id": SUBNET_ID,
        "security_group_id": SECURITY_GROUP_ID,
    }
    return builder_policy(**given | changes)


def test_the_whole_policy() -> None:
    assert policy() == {
        "Version": "2012-10-17",
        "Statement": [
            *MAKING,
            *START,
            {
                "Sid": "SeeTheStacksOfServiceCatalog",
                "Effect": "Allow",
                "Action": ["cloudformation:DescribeStacks"],
                "Resource": ["arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/SC-*/*"],
            },
            {
                "Sid": "WriteOwnLog",
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": [
                    (
                        "arn:aws-cn:logs:cn-north-1:123456789012:"
                        "log-group:/aws/lambda/SageMakerBuild-churn:log-stream:*"
                    )
                ],
            },
        ],
    }


def test_makes_notebooks_with_no_more_than_the_launch_role_of_the_other_way() -> None:
    native = launch_policy(
        env=ENV,
        names=NAMES,
        project_id=PROJECT_ID,
        build="cloudformation",
        subnet_id=SUBNET_ID,
        security_group_id=SECURITY_GROUP_ID,
    )
    beyond = [each for each in policy()["Statement"] if each not in native["Statement"]]
    assert [each["Sid"] for each in beyond] == ["SeeTheStacksOfServiceCatalog", "WriteOwnLog"]


def test_the_whole_trust() -> None:
    assert builder_trust() == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AssumeByLambda",
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": ["sts:AssumeRole"],
            }
        ],
    }


def test_every_action_exists_and_has_its_own_kind_of_resource() -> None:
    assert faults(policy(), unscoped=frozenset({"ec2:DescribeVpcs"})) == []


def test_nothing_is_administered() -> None:
    granted = {action for each in policy()["Statement"] for action in each["Action"]}
    assert not any("*" in action for action in granted)
    services = {action.split(":")[0] for action in granted}
    assert services == {"sagemaker", "ec2", "iam", "cloudformation", "logs"}
    assert {action for action in granted if action.startswith("iam:")} == {"iam:PassRole"}


def test_fits_an_inline_policy_with_the_longest_names() -> None:
    longest = {field: "n" * limit for field, limit in LENGTH_LIMITS.items()}
    del longest["end_user_role"]
    env = AwsEnvironment("aws-us-gov", "1" * 12, "ap-southeast-3", "amazonaws.com")
    names = ProjectNames(**longest, project="p" * 60)
    text = to_json(
        policy(
            env=env,
            names=names,
            project_id="i" * 256,
            subnet_id="subnet-" + "0" * 17,
            security_group_id="sg-" + "0" * 17,
        )
    )
    assert len(text) <= INLINE_LIMIT
