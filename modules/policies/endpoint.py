"""VPC endpoint policies: whose calls, and to which buckets, the private network carries.

They fence in, they give nothing: what a caller may do is for its role and for the bucket's
policy. Hence whole families of actions here, but always this account's principals or
AWS-owned buckets, read only.
"""

from __future__ import annotations

from collections.abc import Sequence

from modules.naming import AwsEnvironment
from modules.policies.document import Document, document, statement


def jumpstart_bucket(env: AwsEnvironment) -> str:
    """Return the name of AWS's own bucket of JumpStart models in this Region."""
    return f"jumpstart-cache-prod-{env.region}"


def s3_endpoint_policy(*, env: AwsEnvironment, bucket_names: Sequence[str]) -> Document:
    """Return the policy of the S3 gateway endpoint.

    Every bucket that anything behind the endpoint's route tables needs must be among
    ``bucket_names``.
    """
    own = [env.bucket_arn(name) for name in bucket_names]
    jumpstart = env.bucket_arn(jumpstart_bucket(env))
    layers = env.bucket_arn(f"prod-{env.region}-starport-layer-bucket")
    ours = (
        [
            statement(
                "ListedBucketsByThisAccount",
                principals="*",
                actions=["s3:*"],
                resources=[*own, *(f"{arn}/*" for arn in own)],
                condition={"StringEquals": {"aws:PrincipalAccount": env.account_id}},
            )
        ]
        if own
        else []
    )
    return document(
        *ours,
        # ECR hands out links signed by its own principal, which is not of this account.
        statement(
            "ReadContainerImageLayers",
            principals="*",
            actions=["s3:GetObject"],
            resources=[f"{layers}/*"],
        ),
        statement(
            "ReadJumpStartModels",
            principals="*",
            actions=["s3:GetObject", "s3:ListBucket"],
            resources=[jumpstart, f"{jumpstart}/*"],
        ),
    )


def interface_endpoint_policy(*, env: AwsEnvironment) -> Document:
    """Return the policy of an interface endpoint: callers of this account only."""
    return document(
        statement(
            "CallersOfThisAccount",
            principals="*",
            actions=["*"],
            resources=["*"],
            condition={"StringEquals": {"aws:PrincipalAccount": env.account_id}},
        )
    )


def notebook_endpoint_policy(*, env: AwsEnvironment) -> Document:
    """Return the policy of the endpoint that carries Jupyter: this account's notebooks only.

    Jupyter's traffic is authorised by the presigned URL, not signed by a principal, so it is
    the notebook and not the caller that is limited. Source: SageMaker Developer Guide,
    "Connect to a Notebook Instance Through a VPC Interface Endpoint".
    """
    return document(
        statement(
            "NotebooksOfThisAccount",
            principals="*",
            actions=["sagemaker:CreatePresignedNotebookInstanceUrl"],
            resources=[env.arn("sagemaker", "notebook-instance/*")],
        )
    )
