"""What SageMaker demands of whoever creates or starts a notebook in a VPC.

From the table of API permissions in the SageMaker developer guide: CreateNotebookInstance
and StartNotebookInstance check these rights of the *caller*, beside the action's own.
"""

from __future__ import annotations

from modules.naming import AwsEnvironment
from modules.policies.document import Statement, statement


def start_statements(
    *,
    env: AwsEnvironment,
    execution_role: str,
    key_alias: str,
    subnet_id: str,
    security_group_id: str,
) -> list[Statement]:
    """Return the statements for one project's role, key, subnet and security group.

    ``key_alias`` is without ``alias/``. The key's id is assigned by AWS, so the key is
    named by its alias. Grants are limited to those that SageMaker asks for itself.
    """
    keys = [env.arn("kms", "key/*")]
    ours = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{key_alias}"}}
    return [
        statement(
            "PassExecutionRoleToSageMaker",
            actions=["iam:PassRole"],
            resources=[env.role_arn(execution_role)],
            condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
        statement(
            "DescribeProjectKey", actions=["kms:DescribeKey"], resources=keys, condition=ours
        ),
        statement(
            "LetSageMakerGrantItselfTheProjectKey",
            actions=["kms:CreateGrant"],
            resources=keys,
            condition={
                **ours,
                "StringEquals": {"kms:ViaService": f"sagemaker.{env.region}.{env.dns_suffix}"},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
            },
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
