"""Encrypted buckets and their policies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cdktf import ITerraformDependable, Token
from cdktf_cdktf_provider_aws.data_aws_iam_policy_document import (
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    DataAwsIamPolicyDocumentStatementCondition,
    DataAwsIamPolicyDocumentStatementPrincipals,
)
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
)
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from constructs import Construct

from modules.naming import BUCKET_NAME_LIMIT, AwsEnvironment
from modules.policies.bucket import endpoint_only_policy, tls_only_policy
from modules.policies.document import Document, Statement, to_json

NONCURRENT_VERSION_DAYS = 90
INCOMPLETE_UPLOAD_DAYS = 7

_BUCKET_NAME = re.compile(rf"[a-z0-9][a-z0-9.-]{{1,{BUCKET_NAME_LIMIT - 2}}}[a-z0-9]")


class EncryptedBucket(Construct):
    """A versioned, private bucket, encrypted with a customer managed key.

    Overwritten and deleted objects are kept ``noncurrent_version_days``; None keeps them for
    good. (The provider watches a new lifecycle rule for 50 seconds before it goes on.)
    ``force_destroy`` lets a destroy delete a bucket that still holds data.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bucket_name: str,
        key_arn: str,
        force_destroy: bool = False,
        noncurrent_version_days: int | None = NONCURRENT_VERSION_DAYS,
    ) -> None:
        super().__init__(scope, id_)
        if noncurrent_version_days is not None and noncurrent_version_days < 1:
            raise ValueError(
                f"{self.node.path}: noncurrent_version_days must be 1 or more, "
                f"got {noncurrent_version_days}"
            )
        if not Token.is_unresolved(bucket_name) and not _BUCKET_NAME.fullmatch(bucket_name):
            raise ValueError(
                f"{self.node.path}: bucket_name must be 3 to {BUCKET_NAME_LIMIT} lower-case "
                f"letters, digits, dots or hyphens, got {bucket_name!r}"
            )
        self.resource = S3Bucket(self, "Resource", bucket=bucket_name, force_destroy=force_destroy)
        self._configured_name = bucket_name
        self.dependables: list[ITerraformDependable] = [self.resource]
        """What has to exist before data may come in: the policy too, once it is attached."""
        self._encrypt(key_arn)
        self._keep_private()
        versioning = self._keep_versions()
        if noncurrent_version_days is not None:
            self._expire(noncurrent_version_days, versioning)

    @property
    def bucket_name(self) -> str:
        """The name, as a reference: what uses it waits for the bucket."""
        return self.resource.bucket

    @property
    def bucket_arn(self) -> str:
        """The ARN that AWS returns; a policy had better write it from the name."""
        return self.resource.arn

    def restrict_to_endpoint(
        self,
        *,
        env: AwsEnvironment,
        vpc_endpoint_id: str,
        deployer_arns: Sequence[str],
        key_arn: str,
    ) -> None:
        """Let data in and out through one VPC endpoint only, encrypted with ``key_arn``.

        The statements go through a data source, so that the first plan shows them although
        the key's ARN is not known yet. Raises ValueError without a deployer (nobody outside
        the VPC could ever clean up) or when the bucket has a policy already.
        """
        if not deployer_arns:
            raise ValueError(f"{self.node.path}: deployer_arns must name at least one, got none")
        policy = endpoint_only_policy(
            env=env,
            bucket_name=self._configured_name,
            vpc_endpoint_id=vpc_endpoint_id,
            deployer_arns=deployer_arns,
            key_arn=key_arn,
        )
        self._check_no_policy()
        rendered = DataAwsIamPolicyDocument(
            self, "PolicyDocument", statement=statement_blocks(policy)
        )
        self._attach(rendered.json)

    def deny_insecure_transport(self, env: AwsEnvironment) -> None:
        """Refuse requests without TLS; IAM governs the rest."""
        self.attach_policy(tls_only_policy(env=env, bucket_name=self._configured_name))

    def attach_policy(self, policy: Document) -> S3BucketPolicy:
        """Attach the bucket's one policy. Raises ValueError when it has one already."""
        self._check_no_policy()
        return self._attach(to_json(policy))

    def _check_no_policy(self) -> None:
        if self.node.try_find_child("Policy") is not None:
            raise ValueError(f"{self.node.path}: a bucket has one policy, got a second")

    def _attach(self, policy_json: str) -> S3BucketPolicy:
        policy = S3BucketPolicy(
            self,
            "Policy",
            bucket=self.resource.bucket,
            policy=policy_json,
            # S3 refuses two changes of a bucket's access settings at once.
            depends_on=[self._public_access_block],
        )
        self.dependables.append(policy)
        return policy

    def _encrypt(self, key_arn: str) -> None:
        by_default = (
            S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
                sse_algorithm="aws:kms", kms_master_key_id=key_arn
            )
        )
        encryption = S3BucketServerSideEncryptionConfigurationA(
            self,
            "Encryption",
            bucket=self.resource.bucket,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=by_default, bucket_key_enabled=True
                )
            ],
        )
        self.dependables.append(encryption)

    def _keep_private(self) -> None:
        self._public_access_block = S3BucketPublicAccessBlock(
            self,
            "PublicAccessBlock",
            bucket=self.resource.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        ownership = S3BucketOwnershipControls(
            self,
            "OwnershipControls",
            bucket=self.resource.bucket,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
            depends_on=[self._public_access_block],
        )
        self.dependables += [self._public_access_block, ownership]

    def _keep_versions(self) -> S3BucketVersioningA:
        versioning = S3BucketVersioningA(
            self,
            "Versioning",
            bucket=self.resource.bucket,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        self.dependables.append(versioning)
        return versioning

    def _expire(self, noncurrent_days: int, versioning: S3BucketVersioningA) -> None:
        S3BucketLifecycleConfiguration(
            self,
            "Lifecycle",
            bucket=self.resource.bucket,
            rule=[
                S3BucketLifecycleConfigurationRule(
                    id="expire-what-is-no-longer-current",
                    status="Enabled",
                    filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
                    noncurrent_version_expiration=[
                        S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
                            noncurrent_days=noncurrent_days
                        )
                    ],
                    abort_incomplete_multipart_upload=[
                        S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(
                            days_after_initiation=INCOMPLETE_UPLOAD_DAYS
                        )
                    ],
                )
            ],
            depends_on=[versioning],
        )


def statement_blocks(policy: Document) -> list[DataAwsIamPolicyDocumentStatement]:
    """Return a document's statements as blocks of ``aws_iam_policy_document``."""
    return [_statement_block(statement) for statement in policy["Statement"]]


def _statement_block(statement: Statement) -> DataAwsIamPolicyDocumentStatement:
    principals = statement["Principal"]
    by_type: Mapping[str, Any] = {"*": "*"} if principals == "*" else principals
    return DataAwsIamPolicyDocumentStatement(
        sid=statement["Sid"],
        effect=statement["Effect"],
        actions=statement["Action"],
        resources=statement["Resource"],
        principals=[
            DataAwsIamPolicyDocumentStatementPrincipals(type=kind, identifiers=_listed(identifiers))
            for kind, identifiers in by_type.items()
        ],
        condition=[
            DataAwsIamPolicyDocumentStatementCondition(
                test=operator, variable=key, values=_listed(values)
            )
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        ],
    )


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
