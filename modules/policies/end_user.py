"""The end user: launch, see and end own products; start, stop and open one's own notebook.

No CloudFormation writes and no creation of notebooks: a launch does those with the launch
role. Ids of products are assigned by AWS, so products are told apart by the project's
tags, which Terraform puts on each of them (the reference lists ``aws:ResourceTag`` for the
resource type Product); the association with the portfolio decides besides.

A notebook is one's own by the tag that the builder gives it: who launched it, as
``aws:userid`` names that session again. CloudFormation can put no such tag on a notebook, so
in its way the project's tags have to do.

Left out on purpose: ``servicecatalog:GetProvisionedProductOutputs`` can be limited neither
to a resource nor to one's own products; ``DescribeRecord`` returns the same outputs.
"""

from __future__ import annotations

from typing import Literal

from modules.naming import AwsEnvironment, ProjectNames
from modules.notebook_builder.launcher import LAUNCHER_TAG
from modules.policies.document import Document, document, statement
from modules.policies.notebook_making import owned_tags
from modules.policies.notebook_start import start_statements


def end_user_policy(
    *,
    env: AwsEnvironment,
    names: ProjectNames,
    project_id: str,
    build: Literal["lambda", "cloudformation"],
    subnet_id: str,
    security_group_id: str,
) -> Document:
    """Return an end-user role's policy; ids are what the project's selectors resolved to."""
    of_project = owned_tags(names.project, project_id)
    own = {f"aws:ResourceTag/{LAUNCHER_TAG}": "${aws:userid}"} if build == "lambda" else {}
    return document(
        statement(
            "BrowseCatalogHasNoResourceLevel",
            actions=["servicecatalog:DescribeProductView", "servicecatalog:SearchProducts"],
            resources=["*"],
        ),
        statement(
            "LaunchProductsOfProject",
            actions=[
                "servicecatalog:DescribeProduct",
                "servicecatalog:DescribeProvisioningArtifact",
                "servicecatalog:DescribeProvisioningParameters",
                "servicecatalog:ListLaunchPaths",
                "servicecatalog:ListProvisioningArtifacts",
                "servicecatalog:ProvisionProduct",
            ],
            resources=[env.arn("catalog", "product/*")],
            condition={"StringEquals": of_project},
        ),
        statement(
            "OwnProvisionedProductsHaveNoResourceLevel",
            actions=[
                "servicecatalog:DescribeProvisionedProduct",
                "servicecatalog:DescribeRecord",
                "servicecatalog:ListRecordHistory",
                "servicecatalog:ScanProvisionedProducts",
                "servicecatalog:SearchProvisionedProducts",
                "servicecatalog:TerminateProvisionedProduct",
                "servicecatalog:UpdateProvisionedProduct",
            ],
            resources=["*"],
            condition={"StringEquals": {"servicecatalog:userLevel": "self"}},
        ),
        statement(
            "SeeStacksOfServiceCatalog",
            actions=[
                "cloudformation:DescribeStackEvents",
                "cloudformation:DescribeStacks",
                "cloudformation:ListStackResources",
            ],
            resources=[env.arn("cloudformation", "stack/SC-*")],
        ),
        statement(
            "ListNotebooksHasNoResourceLevel",
            actions=["sagemaker:ListNotebookInstances"],
            resources=["*"],
        ),
        statement(
            "UseOwnNotebooks" if own else "UseNotebooksOfProject",
            actions=[
                "sagemaker:CreatePresignedNotebookInstanceUrl",
                "sagemaker:DescribeNotebookInstance",
                "sagemaker:StartNotebookInstance",
                "sagemaker:StopNotebookInstance",
            ],
            resources=[env.arn("sagemaker", "notebook-instance/*")],
            condition={"StringEquals": {**of_project, **own}},
        ),
        *start_statements(
            env=env,
            execution_role=names.execution_role,
            subnet_id=subnet_id,
            security_group_id=security_group_id,
        ),
    )
