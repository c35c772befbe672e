"""Refuses what a bucket's policy denies.

moto matches conditions by `StringEquals` alone, ignores callers, and so takes a TLS-only Deny for a
Deny of everything. What follows replaces its check: all operators, the caller, and the request's
headers.

A policy's Allow changes nothing here: the sandbox asks no identity policy either, so all that
nobody denies is allowed.
"""

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qs, unquote

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket, s3_backends

from scripts.sandbox.clients import VPC_ENDPOINT_HEADER
from scripts.sandbox.policies import DENY, Request, decide

_GET = "s3:GetObject"
# Operations whose action has another name; all others are `s3:<operation>`.
_ACTIONS = {
    "HeadObject": _GET,
    "CopyObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "UploadPartCopy": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "ListParts": "s3:ListMultipartUploadParts",
    "HeadBucket": "s3:ListBucket",
    "ListObjects": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "ListObjectVersions": "s3:ListBucketVersions",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "DeleteBucketTagging": "s3:PutBucketTagging",
}
_VERSIONED = {_GET, "s3:DeleteObject", "s3:GetObjectTagging", "s3:PutObjectTagging"}
_HEADER_KEYS = {
    "HTTP_X_AMZ_SERVER_SIDE_ENCRYPTION": "s3:x-amz-server-side-encryption",
    "HTTP_X_AMZ_SERVER_SIDE_ENCRYPTION_AWS_KMS_KEY_ID": (
        "s3:x-amz-server-side-encryption-aws-kms-key-id"
    ),
    "HTTP_X_AMZ_ACL": "s3:x-amz-acl",
    f"HTTP_{VPC_ENDPOINT_HEADER.upper().replace('-', '_')}": "aws:SourceVpce",
}

Denies = Callable[[str, str], bool]
# moto asks again for each key of a DeleteObjects; the call's own check is found here.
_denies: ContextVar[Denies] = ContextVar("denies")


def register() -> None:
    """Take moto's own check of bucket policies out of its way."""

    def get_permission(_bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
        denied = action == "s3:DeleteObject" and _denies.get()(action, resource)
        return PermissionResult.DENIED if denied else PermissionResult.NEUTRAL

    FakeBucket.get_permission = get_permission  # type: ignore[assignment]  # moto has no hook


def refuses(
    environ: Mapping[str, Any], operation: str, principals: tuple[str, ...], account: str
) -> bool:
    """Whether the bucket's policy denies a call, or the reading of what it copies."""
    bucket, _, key = unquote(environ.get("PATH_INFO", "")).lstrip("/").partition("/")
    context = _context(environ, principals)

    def denies(action: str, resource: str) -> bool:
        name = resource.split(":::", 1)[1].partition("/")[0]
        document = _policy(account, name)
        request = Request(principals, action, resource, context)
        return document is not None and decide(document, request) == DENY

    _denies.set(denies)
    if operation == "DeleteObjects":
        return False
    resource = f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"
    source = unquote(environ.get("HTTP_X_AMZ_COPY_SOURCE", "")).lstrip("/").partition("?")[0]
    return denies(_action(operation, environ), resource) or (
        bool(source) and denies(_GET, f"arn:aws:s3:::{source}")
    )


def _policy(account: str, bucket: str) -> dict[str, Any] | None:
    found = s3_backends[account]["aws"].buckets.get(bucket)
    if found is None or not found.policy:
        return None
    document: dict[str, Any] = json.loads(found.policy)
    return document


def _action(operation: str, environ: Mapping[str, Any]) -> str:
    action = _ACTIONS.get(operation, f"s3:{operation}")
    if action in _VERSIONED and "versionId" in parse_qs(environ.get("QUERY_STRING", "")):
        return action.replace("Object", "ObjectVersion", 1)
    return action


def _context(environ: Mapping[str, Any], principals: tuple[str, ...]) -> dict[str, str]:
    """The condition keys of a call. The sandbox speaks plain HTTP, and stands for TLS."""
    context = {
        "aws:SecureTransport": "true",
        "aws:PrincipalIsAWSService": "false",
        "aws:ViaAWSService": "false",
    }
    if principals:
        context["aws:PrincipalArn"] = principals[0]
        context["aws:PrincipalAccount"] = principals[0].split(":")[4]
    for header, key in _HEADER_KEYS.items():
        if environ.get(header):
            context[key] = environ[header]
    prefix = parse_qs(environ.get("QUERY_STRING", "")).get("prefix")
    return context | ({"s3:prefix": prefix[0]} if prefix else {})
