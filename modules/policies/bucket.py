"""Bucket policies: data only through the endpoint, over TLS, under the project's key.

An Allow on ``aws:SourceVpce`` restricts nothing, so these are Denies. They name data actions
only: nobody is denied the administration of the bucket or of this very policy, which stays
repairable by the Terraform that wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence

from modules.naming import AwsEnvironment
from modules.policies.document import Document, Statement, document, statement

DATA_ACTIONS = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject*",
    "s3:GetObject*",
    "s3:ListBucket*",
    "s3:ListMultipartUploadParts",
    "s3:PutObject*",
    "s3:ReplicateDelete",
    "s3:ReplicateObject",
    "s3:ReplicateTags",
    "s3:RestoreObject",
)
"""Families (``*``) so that an action AWS adds to them is denied too."""

_ENCRYPTION = "s3:x-amz-server-side-encryption"
_KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id"
_CUSTOMER_KEY = "s3:x-amz-server-side-encryption-customer-algorithm"


def endpoint_only_policy(
    *,
    env: AwsEnvironment,
    bucket_name: str,
    vpc_endpoint_id: str,
    deployer_arns: Sequence[str],
    key_arn: str,
) -> Document:
    """Return the policy of a project's data bucket.

    ``deployer_arns`` (ARN patterns of IAM users or roles) and AWS services reach the data
    from elsewhere too; encryption and TLS bind everybody.
    """
    return document(
        deny_insecure_transport(env, bucket_name),
        statement(
            "DenyDataOutsideTheEndpoint",
            effect="Deny",
            principals="*",
            actions=DATA_ACTIONS,
            resources=_bucket_and_objects(env, bucket_name),
            condition={
                "StringNotEquals": {"aws:SourceVpce": vpc_endpoint_id},
                "ArnNotLike": {"aws:PrincipalArn": deployer_arns},
                # IfExists: an anonymous request carries neither key and is denied.
                "BoolIfExists": {
                    "aws:PrincipalIsAWSService": "false",
                    "aws:ViaAWSService": "false",
                },
            },
        ),
        *_deny_other_encryption(env, bucket_name, key_arn),
    )


def tls_only_policy(*, env: AwsEnvironment, bucket_name: str) -> Document:
    """Return the policy of a bucket that IAM alone governs, over TLS."""
    return document(deny_insecure_transport(env, bucket_name))


def deny_insecure_transport(env: AwsEnvironment, bucket_name: str) -> Statement:
    return statement(
        "DenyInsecureTransport",
        effect="Deny",
        principals="*",
        actions=["s3:*"],
        resources=_bucket_and_objects(env, bucket_name),
        condition={"Bool": {"aws:SecureTransport": "false"}},
    )


def _deny_other_encryption(
    env: AwsEnvironment, bucket_name: str, key_arn: str
) -> tuple[Statement, ...]:
    """Deny uploads that name another encryption; one that names none gets the bucket's own."""

    def deny(sid: str, condition: dict[str, dict[str, str]]) -> Statement:
        return statement(
            sid,
            effect="Deny",
            principals="*",
            actions=["s3:PutObject"],
            resources=[f"{env.bucket_arn(bucket_name)}/*"],
            condition=condition,
        )

    return (
        deny(
            "DenyOtherEncryption",
            {"Null": {_ENCRYPTION: "false"}, "StringNotEquals": {_ENCRYPTION: "aws:kms"}},
        ),
        deny(
            "DenyOtherKeys",
            {"Null": {_KEY_ID: "false"}, "StringNotEquals": {_KEY_ID: key_arn}},
        ),
        # S3 would take the account's aws/s3 key.
        deny(
            "DenyKmsWithoutKey",
            {"Null": {_KEY_ID: "true"}, "StringEquals": {_ENCRYPTION: "aws:kms"}},
        ),
        deny("DenyCustomerProvidedKeys", {"Null": {_CUSTOMER_KEY: "false"}}),
    )


def _bucket_and_objects(env: AwsEnvironment, bucket_name: str) -> tuple[str, str]:
    bucket = env.bucket_arn(bucket_name)
    return bucket, f"{bucket}/*"
