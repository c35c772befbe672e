"""The launch role: what Service Catalog may do when it launches, updates or ends a product.

Only the notebook is built by a launch, so there is no IAM, KMS or S3 administration here.
In the ``lambda`` way the role may call the builder and nothing else; in the
``cloudformation`` way it holds what the handlers of ``AWS::SageMaker::NotebookInstance``
call, for notebooks of this project alone. What no launch is seen to use is in docs/rights.md.
"""

from __future__ import annotations

from typing import Literal

from modules.naming import AwsEnvironment, ProjectNames
from modules.policies.document import Document, Statement, document, statement
from modules.policies.notebook_making import making_statements, owned_tags, requested_tags
from modules.policies.notebook_start import start_statements


def launch_policy(
    *,
    env: AwsEnvironment,
    names: ProjectNames,
    project_id: str,
    build: Literal["lambda", "cloudformation"],
    subnet_id: str | None = None,
    security_group_id: str | None = None,
) -> Document:
    """Return the launch role's policy.

    ``subnet_id`` and ``security_group_id`` are what the project's selectors resolved to,
    needed in the ``cloudformation`` way; raises ``ValueError`` if they are missing there.
    """
    if build == "lambda":
        return document(*_stack_statements(env), _invoke_builder(env, names))
    if subnet_id is None or security_group_id is None:
        raise ValueError("building the notebook by cloudformation needs subnet and group ids")
    return document(
        *_stack_statements(env),
        *making_statements(
            env=env,
            project=names.project,
            project_id=project_id,
            subnet_id=subnet_id,
            security_group_id=security_group_id,
        ),
        _retagging(env, names.project, project_id),
        *start_statements(
            env=env,
            execution_role=names.execution_role,
            subnet_id=subnet_id,
            security_group_id=security_group_id,
        ),
    )


def _stack_statements(env: AwsEnvironment) -> list[Statement]:
    return [
        statement(
            "ManageStacksOfServiceCatalog",
            actions=[
                "cloudformation:CreateStack",
                "cloudformation:DeleteStack",
                "cloudformation:DescribeStackEvents",
                "cloudformation:DescribeStacks",
                "cloudformation:SetStackPolicy",
                "cloudformation:TagResource",
                "cloudformation:UpdateStack",
            ],
            resources=[env.arn("cloudformation", "stack/SC-*")],
        ),
        statement(
            "InspectTemplatesHasNoResourceLevel",
            actions=["cloudformation:GetTemplateSummary", "cloudformation:ValidateTemplate"],
            resources=["*"],
        ),
        # Service Catalog keeps its copy in a bucket of its own, whose name is not ours.
        statement(
            "ReadTemplatesThatServiceCatalogHolds",
            actions=["s3:GetObject"],
            resources=[env.bucket_arn("*/*")],
            condition={
                "StringEquals": {"s3:ExistingObjectTag/servicecatalog:provisioning": "true"}
            },
        ),
    ]


def _invoke_builder(env: AwsEnvironment, names: ProjectNames) -> Statement:
    return statement(
        "InvokeBuilder",
        actions=["lambda:InvokeFunction"],
        resources=[env.arn("lambda", f"function:{names.builder_function}")],
    )


def _retagging(env: AwsEnvironment, project: str, project_id: str) -> Statement:
    """A new version may change a tag of the template; a notebook stays in its project."""
    return statement(
        "RetagNotebooksOfProject",
        actions=["sagemaker:AddTags"],
        resources=[env.arn("sagemaker", "notebook-instance/*")],
        condition={
            "StringEquals": owned_tags(project, project_id),
            "StringEqualsIfExists": requested_tags(project, project_id),
        },
    )
