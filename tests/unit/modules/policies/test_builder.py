from __future__ import annotations

from typing import Any

from modules.naming import LENGTH_LIMITS, AwsEnvironment, ProjectNames, project_names
from modules.naming import BaseNames as Base
from modules.policies.builder import builder_policy, builder_trust
from modules.policies.document import Document, to_json
from tests.unit.modules.policies.authorization import ENV, faults

INLINE_LIMIT = 10_240
NOTEBOOKS = ["arn:aws-cn:sagemaker:cn-north-1:123456789012:notebook-instance/*"]
KEYS = ["arn:aws-cn:kms:cn-north-1:123456789012:key/*"]


def policy(**changes: Any) -> Document:
    names = project_names(Base(), "alpha")
    given: dict[str, Any] = {
        "env": ENV,
        "names": names,
        "project_id": "QuickStart007",
        "log_group_name": f"/aws/lambda/{names.builder_function}",
    }
    return builder_policy(**given | changes)


def test_the_whole_policy() -> None:
    assert policy() == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "CreateNotebooksOfTheProject",
                "Effect": "Allow",
                "Action": ["sagemaker:CreateNotebookInstance"],
                "Resource": NOTEBOOKS,
                "Condition": {
                    "StringEquals": {
                        "aws:RequestTag/ProjectName": "alpha",
                        "aws:RequestTag/ProjectID": "QuickStart007",
                        "sagemaker:DirectInternetAccess": "Disabled",
                        "sagemaker:MinimumInstanceMetadataServiceVersion": "2",
                    }
                },
            },
            {
                "Sid": "TagNotebooksOnCreationOnly",
                "Effect": "Allow",
                "Action": ["sagemaker:AddTags"],
                "Resource": NOTEBOOKS,
                "Condition": {
                    "StringEquals": {"sagemaker:TaggingAction": "CreateNotebookInstance"}
                },
            },
            {
                "Sid": "ChangeNotebooksOfTheProject",
                "Effect": "Allow",
                "Action": [
                    "sagemaker:DeleteNotebookInstance",
                    "sagemaker:StartNotebookInstance",
                    "sagemaker:StopNotebookInstance",
                    "sagemaker:UpdateNotebookInstance",
                ],
                "Resource": NOTEBOOKS,
                "Condition": {
                    "StringEquals": {
                        "aws:ResourceTag/ProjectName": "alpha",
                        "aws:ResourceTag/ProjectID": "QuickStart007",
                    }
                },
            },
            {
                "Sid": "ReadNotebooks",
                "Effect": "Allow",
                "Action": ["sagemaker:DescribeNotebookInstance", "sagemaker:ListTags"],
                "Resource": NOTEBOOKS,
            },
            {
                "Sid": "FindTheNetworkHasNoResourceLevel",
                "Effect": "Allow",
                "Action": [
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcs",
                ],
                "Resource": ["*"],
            },
            {
                "Sid": "ConnectNotebooksToTheNetwork",
                "Effect": "Allow",
                "Action": ["ec2:CreateNetworkInterface"],
                "Resource": [
                    "arn:aws-cn:ec2:cn-north-1:123456789012:network-interface/*",
                    "arn:aws-cn:ec2:cn-north-1:123456789012:security-group/*",
                    "arn:aws-cn:ec2:cn-north-1:123456789012:subnet/*",
                ],
            },
            {
                "Sid": "PassTheExecutionRoleToSageMaker",
                "Effect": "Allow",
                "Action": ["iam:PassRole"],
                "Resource": ["arn:aws-cn:iam::123456789012:role/SageMakerExecutionRole-alpha"],
                "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
            },
            {
                "Sid": "ReadTheProjectsKey",
                "Effect": "Allow",
                "Action": ["kms:DescribeKey"],
                "Resource": KEYS,
                "Condition": {
                    "ForAnyValue:StringEquals": {
                        "kms:ResourceAliases": "alias/SageMaker-CMK-DS-alpha"
                    }
                },
            },
            {
                "Sid": "GrantSageMakerTheProjectsKey",
                "Effect": "Allow",
                "Action": ["kms:CreateGrant"],
                "Resource": KEYS,
                "Condition": {
                    "ForAnyValue:StringEquals": {
                        "kms:ResourceAliases": "alias/SageMaker-CMK-DS-alpha"
                    },
                    "Bool": {"kms:GrantIsForAWSResource": "true"},
                },
            },
            {
                "Sid": "SeeWhetherAnUpdateIsRolledBack",
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
                        "log-group:/aws/lambda/SageMakerBuild-alpha:log-stream:*"
                    )
                ],
            },
        ],
    }


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
    assert faults(policy()) == []


def test_nothing_is_administered() -> None:
    granted = {action for each in policy()["Statement"] for action in each["Action"]}
    assert not any("*" in action for action in granted)
    services = {action.split(":")[0] for action in granted}
    assert services == {"sagemaker", "ec2", "iam", "kms", "cloudformation", "logs"}
    assert {action for action in granted if action.startswith(("iam:", "kms:"))} == {
        "iam:PassRole",
        "kms:CreateGrant",
        "kms:DescribeKey",
    }


def test_fits_an_inline_policy_with_the_longest_names() -> None:
    longest = {field: "n" * limit for field, limit in LENGTH_LIMITS.items()}
    del longest["end_user_role"]
    env = AwsEnvironment("aws-us-gov", "1" * 12, "ap-southeast-3", "amazonaws.com")
    names = ProjectNames(**longest, project="p" * 60)
    log_group = f"/aws/lambda/{names.builder_function}"
    text = to_json(policy(env=env, names=names, project_id="i" * 256, log_group_name=log_group))
    assert len(text) <= INLINE_LIMIT
