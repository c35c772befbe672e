"""The builder function's role: notebooks of its own project, and nothing else.

What it makes notebooks with is the launch role's of the ``cloudformation`` way, statement for
statement; on top of that it sees the stack that it works for, and writes its log.
"""

from __future__ import annotations

from modules.naming import AwsEnvironment, ProjectNames
from modules.policies.document import Document, document, statement
from modules.policies.notebook_making import making_statements
from modules.policies.notebook_start import start_statements


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
    *,
    env: AwsEnvironment,
    names: ProjectNames,
    project_id: str,
    subnet_id: str,
    security_group_id: str,
) -> Document:
    """Return what the builder function of one project may do; ids are what the project's
    selectors resolved to."""
    return document(
        *making_statements(
            env=env,
            project=names.project,
            project_id=project_id,
            subnet_id=subnet_id,
            security_group_id=security_group_id,
        ),
        *start_statements(
            env=env,
            execution_role=names.execution_role,
            subnet_id=subnet_id,
            security_group_id=security_group_id,
        ),
        # Its status: what is undone must not be built. Its tags: who launched it.
        statement(
            "SeeTheStacksOfServiceCatalog",
            actions=["cloudformation:DescribeStacks"],
            resources=[env.arn("cloudformation", "stack/SC-*/*")],
        ),
        statement(
            "WriteOwnLog",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[env.arn("logs", f"log-group:{names.builder_log_group}:log-stream:*")],
        ),
    )
