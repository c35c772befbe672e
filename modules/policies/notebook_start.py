"""What SageMaker demands of whoever creates or starts a notebook in a VPC.

From the table of API permissions in the SageMaker developer guide: CreateNotebookInstance
and StartNotebookInstance check these rights of the *caller*, beside the action's own. Its rights
on the key are not here: the key's policy names the roles, and that is enough.
"""

from __future__ import annotations

from modules.naming import AwsEnvironment
from modules.policies.document import Statement, statement


def start_statements(
    *,
    env: AwsEnvironment,
    execution_role: str,
    subnet_id: str,
    security_group_id: str,
) -> list[Statement]:
    """Return the statements for one project's role, subnet and security group."""
    return [
        statement(
            "PassExecutionRoleToSageMaker",
            actions=["iam:PassRole"],
            resources=[env.role_arn(execution_role)],
            condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
        statement(
            "PlaceNetworkInterfaceInProjectSubnet",
            actions=["ec2:CreateNetworkInterface"],
            resources=[
                env.arn("ec2", f"subnet/{subnet_id}"),
                env.arn("ec2", f"security-group/{security_group_id}"),
                env.arn("ec2", "network-interface/*"),
            ],
        ),
        statement(
            "DescribeNetworkHasNoResourceLevel",
            actions=[
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ],
            resources=["*"],
        ),
    ]
