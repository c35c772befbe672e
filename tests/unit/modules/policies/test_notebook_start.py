from __future__ import annotations

from modules.policies.document import document
from modules.policies.notebook_start import start_statements
from tests.unit.modules.facts import ENV, NAMES, SECURITY_GROUP_ID, SUBNET_ID
from tests.unit.modules.policies.authorization import faults

STATEMENTS = start_statements(
    env=ENV,
    execution_role=NAMES.execution_role,
    subnet_id=SUBNET_ID,
    security_group_id=SECURITY_GROUP_ID,
)

EXPECTED = [
    {
        "Sid": "PassExecutionRoleToSageMaker",
        "Effect": "Allow",
        "Action": ["iam:PassRole"],
        "Resource": ["arn:aws-cn:iam::123456789012:role/SageMakerExecutionRole-churn"],
        "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    },
    {
        "Sid": "PlaceNetworkInterfaceInProjectSubnet",
        "Effect": "Allow",
        "Action": ["ec2:CreateNetworkInterface"],
        "Resource": [
            "arn:aws-cn:ec2:cn-north-1:123456789012:subnet/subnet-0a1b2c3d4e5f60718",
            "arn:aws-cn:ec2:cn-north-1:123456789012:security-group/sg-0a1b2c3d4e5f60718",
            "arn:aws-cn:ec2:cn-north-1:123456789012:network-interface/*",
        ],
    },
    {
        "Sid": "DescribeNetworkHasNoResourceLevel",
        "Effect": "Allow",
        "Action": [
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
        ],
        "Resource": ["*"],
    },
]


def test_what_sagemaker_demands_of_the_caller_and_nothing_else() -> None:
    assert STATEMENTS == EXPECTED


def test_leaves_the_key_to_the_keys_own_policy() -> None:
    assert not [each for each in STATEMENTS if "kms" in str(each)]


def test_every_action_is_given_a_resource_of_its_type() -> None:
    assert faults(document(*STATEMENTS)) == []
