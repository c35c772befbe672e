"""The builder function's role: notebooks of its own project, and nothing else."""

from __future__ import annotations

from modules.naming import AwsEnvironment, ProjectNames
from modules.policies.document import Condition, Document, Statement, document, statement


def builder_trust() -> Document:
    """Return the trust in Lambda. Lambda sends no ``aws:SourceAccount`` when it takes on a
    function's role; who may pass the role is what restricts it."""
    return document(
        statement(
            "AssumeByLambda",
            principals={"Service": "lambda.amazonaws.com"},
            actions=["sts:AssumeRole"],
        )
    )


def builder_policy(
    *, env: AwsEnvironment, names: ProjectNames, project_id: str, log_group_name: str
) -> Document:
    """Return what the builder function of one project may do."""
    tags = {"ProjectName": names.project, "ProjectID": project_id}
    return document(
        *_notebooks(env, tags),
        *_network(env),
        statement(
            "PassTheExecutionRoleToSageMaker",
            actions=["iam:PassRole"],
            resources=[env.role_arn(names.execution_role)],
            condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
        *_key(env, names.key_alias),
        statement(
            "SeeWhetherAnUpdateIsRolledBack",
            actions=["cloudformation:DescribeStacks"],
            resources=[env.arn("cloudformation", "stack/SC-*/*")],
        ),
        statement(
            "WriteOwnLog",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[env.arn("logs", f"log-group:{log_group_name}:log-stream:*")],
        ),
    )


def _notebooks(env: AwsEnvironment, tags: dict[str, str]) -> list[Statement]:
    """A notebook is made with the project's tags, private and on IMDSv2, and only such a one is
    changed. Reading is not limited by tag: somebody else's notebook must be told from none."""
    notebooks = [env.arn("sagemaker", "notebook-instance/*")]
    asked = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    owned: Condition = {
        "StringEquals": {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    }
    return [
        statement(
            "CreateNotebooksOfTheProject",
            actions=["sagemaker:CreateNotebookInstance"],
            resources=notebooks,
            condition={
                "StringEquals": {
                    **asked,
                    "sagemaker:DirectInternetAccess": "Disabled",
                    "sagemaker:MinimumInstanceMetadataServiceVersion": "2",
                }
            },
        ),
        statement(
            "TagNotebooksOnCreationOnly",
            actions=["sagemaker:AddTags"],
            resources=notebooks,
            condition={"StringEquals": {"sagemaker:TaggingAction": "CreateNotebookInstance"}},
        ),
        statement(
            "ChangeNotebooksOfTheProject",
            actions=[
                "sagemaker:DeleteNotebookInstance",
                "sagemaker:StartNotebookInstance",
                "sagemaker:StopNotebookInstance",
                "sagemaker:UpdateNotebookInstance",
            ],
            resources=notebooks,
            condition=owned,
        ),
        statement(
            "ReadNotebooks",
            actions=["sagemaker:DescribeNotebookInstance", "sagemaker:ListTags"],
            resources=notebooks,
        ),
    ]


def _network(env: AwsEnvironment) -> list[Statement]:
    return [
        statement(
            "FindTheNetworkHasNoResourceLevel",
            actions=[
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ],
            resources=["*"],
        ),
        statement(
            "ConnectNotebooksToTheNetwork",
            actions=["ec2:CreateNetworkInterface"],
            resources=[
                env.arn("ec2", "network-interface/*"),
                env.arn("ec2", "security-group/*"),
                env.arn("ec2", "subnet/*"),
            ],
        ),
    ]


def _key(env: AwsEnvironment, alias: str) -> list[Statement]:
    keys = [env.arn("kms", "key/*")]
    by_alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{alias}"}}
    return [
        statement(
            "ReadTheProjectsKey",
            actions=["kms:DescribeKey"],
            resources=keys,
            condition=by_alias,
        ),
        statement(
            "GrantSageMakerTheProjectsKey",
            actions=["kms:CreateGrant"],
            resources=keys,
            condition={**by_alias, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]
