"""The key policy: IAM administers, the execution role uses, notebook makers may grant."""

from __future__ import annotations

from collections.abc import Sequence

from modules.naming import AwsEnvironment
from modules.policies.document import Document, Statement, document, statement

ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
"""Everything that repairs or ends a key; nothing that encrypts, decrypts or grants."""

USE = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
)

# In a key policy "*" means this key and no other: its own ARN is not known before it exists.
THIS_KEY = ("*",)


def key_policy(
    *,
    env: AwsEnvironment,
    user_role_arn: str,
    grantee_role_arns: Sequence[str],
    catalog_bucket_name: str | None = None,
) -> Document:
    """Return the policy of a project's key.

    ``user_role_arn`` may use the key, its jobs through grants to AWS's services.
    ``grantee_role_arns`` create or start notebooks, for which SageMaker takes a grant in their
    name; no other service may. Whoever may write to or read from
    ``catalog_bucket_name`` by IAM (those who publish the product's templates) may use the key
    through S3 for that bucket alone.
    """
    return document(
        administration(env),
        statement(
            "UseByTheExecutionRole",
            actions=USE,
            resources=THIS_KEY,
            principals={"AWS": user_role_arn},
        ),
        statement(
            "GrantToAwsServicesByTheExecutionRole",
            actions=["kms:CreateGrant"],
            resources=THIS_KEY,
            principals={"AWS": user_role_arn},
            condition={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
        *_grants(env, grantee_role_arns),
        *([_catalog(env, catalog_bucket_name)] if catalog_bucket_name else []),
    )


def administration(env: AwsEnvironment) -> Statement:
    """Return the statement that leaves administration, but no use, to the account's IAM."""
    return statement(
        "AdministrationByIam",
        actions=ADMINISTRATION,
        resources=THIS_KEY,
        principals={"AWS": env.account_root},
    )


def _grants(env: AwsEnvironment, role_arns: Sequence[str]) -> list[Statement]:
    if not role_arns:
        return []
    return [
        statement(
            "DescribeByNotebookMakers",
            actions=["kms:DescribeKey"],
            resources=THIS_KEY,
            principals={"AWS": role_arns},
        ),
        statement(
            "GrantToSageMakerByNotebookMakers",
            actions=["kms:CreateGrant"],
            resources=THIS_KEY,
            principals={"AWS": role_arns},
            condition={
                "StringEquals": {"kms:ViaService": f"sagemaker.{env.region}.{env.dns_suffix}"},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
            },
        ),
    ]


def _catalog(env: AwsEnvironment, bucket_name: str) -> Statement:
    bucket = env.bucket_arn(bucket_name)
    return statement(
        "TemplatesOfTheCatalogBucketByIam",
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        resources=THIS_KEY,
        principals={"AWS": env.account_root},
        condition={
            "StringEquals": {
                "kms:CallerAccount": env.account_id,
                "kms:ViaService": f"s3.{env.region}.{env.dns_suffix}",
            },
            # S3's encryption context is the bucket's ARN with a bucket key, else the object's.
            "StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket, f"{bucket}/*"]},
        },
    )
