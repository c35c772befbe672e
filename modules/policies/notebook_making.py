"""Making and managing notebooks of one project, whoever makes them: the builder function or,
with the launch role's rights, CloudFormation itself."""

from __future__ import annotations

from modules.naming import AwsEnvironment
from modules.policies.document import Statement, statement


def requested_tags(project: str, project_id: str) -> dict[str, str]:
    """Return the condition that a request gives a notebook the project's tags."""
    return {"aws:RequestTag/ProjectName": project, "aws:RequestTag/ProjectID": project_id}


def owned_tags(project: str, project_id: str) -> dict[str, str]:
    """Return the condition that a notebook carries the project's tags."""
    return {"aws:ResourceTag/ProjectName": project, "aws:ResourceTag/ProjectID": project_id}


def making_statements(
    *,
    env: AwsEnvironment,
    project: str,
    project_id: str,
    subnet_id: str,
    security_group_id: str,
) -> list[Statement]:
    """Return the statements: a notebook is made with the project's tags, in the project's
    subnet and security group, private and on IMDSv2; only such a one is changed or deleted.
    """
    notebooks = [env.arn("sagemaker", "notebook-instance/*")]
    requested = requested_tags(project, project_id)
    network = {
        "sagemaker:VpcSubnets": subnet_id,
        "sagemaker:VpcSecurityGroupIds": security_group_id,
    }
    return [
        statement(
            "CreatePrivateNotebook",
            actions=["sagemaker:CreateNotebookInstance"],
            resources=notebooks,
            condition={
                "StringEquals": {
                    **requested,
                    "sagemaker:DirectInternetAccess": "Disabled",
                    "sagemaker:MinimumInstanceMetadataServiceVersion": "2",
                },
                "ForAllValues:StringEquals": network,
                "Null": dict.fromkeys(network, "false"),
            },
        ),
        statement(
            "TagNotebookWhenCreated",
            actions=["sagemaker:AddTags"],
            resources=notebooks,
            condition={
                "StringEquals": {**requested, "sagemaker:TaggingAction": "CreateNotebookInstance"}
            },
        ),
        # No tag condition: of a notebook that is gone there are no tags, and the answer
        # has to be "not found" for a deletion to end.
        statement(
            "ReadNotebooks",
            actions=["sagemaker:DescribeNotebookInstance", "sagemaker:ListTags"],
            resources=notebooks,
        ),
        statement(
            "ManageNotebooksOfProject",
            actions=[
                "sagemaker:DeleteNotebookInstance",
                "sagemaker:StartNotebookInstance",
                "sagemaker:StopNotebookInstance",
                "sagemaker:UpdateNotebookInstance",
            ],
            resources=notebooks,
            condition={"StringEquals": owned_tags(project, project_id)},
        ),
        # The API permissions reference: whoever deletes a notebook in a VPC needs it.
        statement(
            "DeleteNetworkInterfaceInProjectSubnet",
            actions=["ec2:DeleteNetworkInterface"],
            resources=[env.arn("ec2", "network-interface/*")],
            condition={"ArnEquals": {"ec2:Subnet": env.arn("ec2", f"subnet/{subnet_id}")}},
        ),
    ]
