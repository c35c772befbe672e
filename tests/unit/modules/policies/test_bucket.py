from __future__ import annotations

import fnmatch
from typing import Any

import pytest

from modules.policies.bucket import DATA_ACTIONS, endpoint_only_policy, tls_only_policy
from modules.policies.document import Document, to_json
from tests.unit.modules.policies.authorization import ENV, faults

BUCKET = "arn:aws-cn:s3:::demo-notebook"
KEY = "arn:aws-cn:kms:cn-north-1:123456789012:key/1234"
DEPLOYER = "arn:aws-cn:iam::123456789012:role/deployer-*"
S3_POLICY_LIMIT = 20_480

TLS = {
    "Sid": "DenyInsecureTransport",
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["s3:*"],
    "Resource": [BUCKET, f"{BUCKET}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def _policy(**changes: Any) -> Document:
    given: dict[str, Any] = {
        "env": ENV,
        "bucket_name": "demo-notebook",
        "vpc_endpoint_id": "vpce-1",
        "deployer_arns": [DEPLOYER],
        "key_arn": KEY,
    }
    return endpoint_only_policy(**given | changes)


def test_the_whole_policy() -> None:
    tls, network, *encryption = _policy()["Statement"]
    assert tls == TLS
    assert network == {
        "Sid": "DenyDataOutsideTheEndpoint",
        "Effect": "Deny",
        "Principal": "*",
        "Action": [
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
        ],
        "Resource": [BUCKET, f"{BUCKET}/*"],
        "Condition": {
            "StringNotEquals": {"aws:SourceVpce": "vpce-1"},
            "ArnNotLike": {"aws:PrincipalArn": [DEPLOYER]},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"},
        },
    }
    upload = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:PutObject"],
        "Resource": [f"{BUCKET}/*"],
    }
    header = "s3:x-amz-server-side-encryption"
    key = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    customer = "s3:x-amz-server-side-encryption-customer-algorithm"
    assert encryption == [
        upload
        | {
            "Sid": "DenyOtherEncryption",
            "Condition": {"Null": {header: "false"}, "StringNotEquals": {header: "aws:kms"}},
        },
        upload
        | {
            "Sid": "DenyOtherKeys",
            "Condition": {"Null": {key: "false"}, "StringNotEquals": {key: KEY}},
        },
        upload
        | {
            "Sid": "DenyKmsWithoutKey",
            "Condition": {"Null": {key: "true"}, "StringEquals": {header: "aws:kms"}},
        },
        upload | {"Sid": "DenyCustomerProvidedKeys", "Condition": {"Null": {customer: "false"}}},
    ]


def test_the_catalog_policy_is_tls_alone() -> None:
    assert tls_only_policy(env=ENV, bucket_name="demo-notebook") == {
        "Version": "2012-10-17",
        "Statement": [TLS],
    }


@pytest.mark.parametrize(
    "action",
    [
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:GetBucketLocation",
        "s3:GetBucketPolicy",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
    ],
)
def test_nobody_is_denied_administration_from_anywhere(action: str) -> None:
    """Over TLS: Terraform must be able to read and repair the bucket and this policy."""
    assert not [pattern for pattern in DATA_ACTIONS if fnmatch.fnmatchcase(action, pattern)]


@pytest.mark.parametrize(
    "action",
    [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:GetObject",
        "s3:GetObjectAttributes",
        "s3:GetObjectVersion",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "s3:ListBucketVersions",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:PutObjectTagging",
        "s3:ReplicateObject",
        "s3:RestoreObject",
    ],
)
def test_everything_that_touches_data_is_denied_outside(action: str) -> None:
    assert [pattern for pattern in DATA_ACTIONS if fnmatch.fnmatchcase(action, pattern)]


def test_nothing_is_allowed() -> None:
    assert {statement["Effect"] for statement in _policy()["Statement"]} == {"Deny"}


def test_only_the_network_condition_exempts_anybody() -> None:
    """A deployer too must use TLS and the project's key."""
    exempting = [s["Sid"] for s in _policy()["Statement"] if "ArnNotLike" in s["Condition"]]
    assert exempting == ["DenyDataOutsideTheEndpoint"]


def test_every_action_exists_and_fits_its_resources() -> None:
    assert faults(_policy()) == []


def test_fits_with_ten_deployers_of_the_longest_names() -> None:
    deployer = "arn:aws-us-gov:iam::123456789012:role/" + "p" * 512 + "/" + "r" * 64
    policy = _policy(bucket_name="b" * 63, deployer_arns=[deployer] * 10)
    assert len(to_json(policy)) < S3_POLICY_LIMIT
