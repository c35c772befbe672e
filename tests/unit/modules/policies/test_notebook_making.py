from __future__ import annotations

from modules.policies.document import document
from modules.policies.notebook_making import making_statements
from tests.unit.modules.facts import ENV, NAMES, PROJECT_ID, SECURITY_GROUP_ID, SUBNET_ID
from tests.unit.modules.policies.authorization import faults

STATEMENTS = making_statements(
    env=ENV,
    project=NAMES.project,
    project_id=PROJECT_ID,
    subnet_id=SUBNET_ID,
    security_group_id=SECURITY_GROUP_ID,
)

NOTEBOOKS = ["arn:aws-cn:sagemaker:cn-north-1:123456789012:notebook-instance/*"]
REQUESTED = {"aws:RequestTag/ProjectName": "churn", "aws:RequestTag/ProjectID": "QuickStart007"}
OWNED = {"aws:ResourceTag/ProjectName": "churn", "aws:ResourceTag/ProjectID": "QuickStart007"}

EXPECTED = [
    {
        "Sid": "CreatePrivateNotebook",
        "Effect": "Allow",
        "Action": ["sagemaker:CreateNotebookInstance"],
        "Resource": NOTEBOOKS,
        "Condition": {
            "StringEquals": {
                **REQUESTED,
                "sagemaker:DirectInternetAccess": "Disabled",
                "sagemaker:MinimumInstanceMetadataServiceVersion": "2",
            },
            "ForAllValues:StringEquals": {
                "sagemaker:VpcSubnets": SUBNET_ID,
                "sagemaker:VpcSecurityGroupIds": SECURITY_GROUP_ID,
            },
            "Null": {"sagemaker:VpcSubnets": "false", "sagemaker:VpcSecurityGroupIds": "false"},
        },
    },
    {
        "Sid": "TagNotebookWhenCreated",
        "Effect": "Allow",
        "Action": ["sagemaker:AddTags"],
        "Resource": NOTEBOOKS,
        "Condition": {
            "StringEquals": {**REQUESTED, "sagemaker:TaggingAction": "CreateNotebookInstance"}
        },
    },
    {
        "Sid": "ReadNotebooks",
        "Effect": "Allow",
        "Action": ["sagemaker:DescribeNotebookInstance", "sagemaker:ListTags"],
        "Resource": NOTEBOOKS,
    },
    {
        "Sid": "ManageNotebooksOfProject",
        "Effect": "Allow",
        "Action": [
            "sagemaker:DeleteNotebookInstance",
            "sagemaker:StartNotebookInstance",
            "sagemaker:StopNotebookInstance",
            "sagemaker:UpdateNotebookInstance",
        ],
        "Resource": NOTEBOOKS,
        "Condition": {"StringEquals": OWNED},
    },
    {
        "Sid": "DeleteNetworkInterfaceInProjectSubnet",
        "Effect": "Allow",
        "Action": ["ec2:DeleteNetworkInterface"],
        "Resource": ["arn:aws-cn:ec2:cn-north-1:123456789012:network-interface/*"],
        "Condition": {
            "ArnEquals": {
                "ec2:Subnet": (
                    "arn:aws-cn:ec2:cn-north-1:123456789012:subnet/subnet-0a1b2c3d4e5f60718"
                )
            }
        },
    },
]


def test_private_notebooks_of_the_project_in_its_network_and_nothing_else() -> None:
    assert STATEMENTS == EXPECTED


def test_every_action_is_given_a_resource_of_its_type() -> None:
    assert faults(document(*STATEMENTS)) == []
