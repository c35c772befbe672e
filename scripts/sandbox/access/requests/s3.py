"""S3: buckets and objects by the address, and what encryption asks of KMS for the caller.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from moto.s3.models import FakeBucket, FakeKey, S3Backend, s3_backends

from scripts.sandbox.access.requests import kms
from scripts.sandbox.access.requests.call import Call, Need, Values
from scripts.sandbox.account import ACCOUNT

GET = "s3:GetObject"
PUT = "s3:PutObject"
DELETE = "s3:DeleteObject"
# Operations whose action has another name; all others are `s3:<operation>`.
_ACTIONS = {
    "ListBuckets": "s3:ListAllMyBuckets",
    "HeadObject": GET,
    "CopyObject": PUT,
    "CreateMultipartUpload": PUT,
    "UploadPart": PUT,
    "UploadPartCopy": PUT,
    "CompleteMultipartUpload": PUT,
    "ListParts": "s3:ListMultipartUploadParts",
    "HeadBucket": "s3:ListBucket",
    "ListObjects": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "ListObjectVersions": "s3:ListBucketVersions",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "PutBucketAccelerateConfiguration": "s3:PutAccelerateConfiguration",
    "GetBucketCors": "s3:GetBucketCORS",
    "PutBucketCors": "s3:PutBucketCORS",
    "DeleteBucketCors": "s3:PutBucketCORS",
    "GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "GetBucketReplication": "s3:GetReplicationConfiguration",
    "PutBucketReplication": "s3:PutReplicationConfiguration",
    "DeleteBucketReplication": "s3:PutReplicationConfiguration",
    "GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "PutObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "DeleteBucketTagging": "s3:PutBucketTagging",
    "DeleteBucketWebsite": "s3:DeleteBucketWebsite",
}
_VERSIONED = {GET, DELETE, "s3:GetObjectTagging", "s3:PutObjectTagging", "s3:DeleteObjectTagging"}
_ENCRYPTION = "HTTP_X_AMZ_SERVER_SIDE_ENCRYPTION"
_KEY_ID = "HTTP_X_AMZ_SERVER_SIDE_ENCRYPTION_AWS_KMS_KEY_ID"
_TAGGING = "HTTP_X_AMZ_TAGGING"
_HEADER_KEYS = {
    _ENCRYPTION: "s3:x-amz-server-side-encryption",
    _KEY_ID: "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "HTTP_X_AMZ_SERVER_SIDE_ENCRYPTION_CUSTOMER_ALGORITHM": (
        "s3:x-amz-server-side-encryption-customer-algorithm"
    ),
    "HTTP_X_AMZ_ACL": "s3:x-amz-acl",
    "HTTP_X_AMZ_COPY_SOURCE": "s3:x-amz-copy-source",
    "HTTP_X_AMZ_METADATA_DIRECTIVE": "s3:x-amz-metadata-directive",
    "HTTP_X_AMZ_STORAGE_CLASS": "s3:x-amz-storage-class",
}
_QUERY_KEYS = {
    "prefix": "s3:prefix",
    "delimiter": "s3:delimiter",
    "max-keys": "s3:max-keys",
    "versionId": "s3:VersionId",
}
_WRITES = frozenset({"PutObject", "CopyObject", "CreateMultipartUpload", "UploadPart"})
_KMS = ("aws:kms", "aws:kms:dsse")


def needs(call: Call) -> Iterator[Need]:
    """What a call asks for. The keys of a DeleteObjects are judged one by one: `deletion`."""
    bucket, key = _address(call.environ)
    if call.operation == "DeleteObjects":
        return
    action, resource = _action(call), _arn(bucket, key)
    yield Need(action, resource, _context(call, bucket, key))
    if call.environ.get(_TAGGING) and action == PUT:
        yield Need("s3:PutObjectTagging", resource, _context(call, bucket, key))
    yield from _encrypted(call, bucket, key)
    source = unquote(call.environ.get("HTTP_X_AMZ_COPY_SOURCE", "")).lstrip("/").partition("?")[0]
    if source:
        from_bucket, _, from_key = source.partition("/")
        yield Need(GET, _arn(from_bucket, from_key), _existing_tags(from_bucket, from_key))
        yield from _decrypted(call, from_bucket, from_key)


def deletion(resource: str) -> Need:
    """One key of a DeleteObjects."""
    return Need(DELETE, resource)


def _address(environ: Mapping[str, Any]) -> tuple[str, str]:
    bucket, _, key = unquote(environ.get("PATH_INFO", "")).lstrip("/").partition("/")
    return bucket, key


def _arn(bucket: str, key: str) -> str:
    if not bucket:
        return "*"
    return f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"


def _action(call: Call) -> str:
    action = _ACTIONS.get(call.operation, f"s3:{call.operation}")
    if action in _VERSIONED and "versionId" in parse_qs(call.environ.get("QUERY_STRING", "")):
        return action.replace("Object", "ObjectVersion", 1)
    return action


def _context(call: Call, bucket: str, key: str) -> Values:
    query = parse_qs(call.environ.get("QUERY_STRING", ""))
    tags = parse_qs(call.environ.get(_TAGGING, ""))
    context: dict[str, str | list[str]] = {
        **{
            name: call.environ[header]
            for header, name in _HEADER_KEYS.items()
            if call.environ.get(header)
        },
        **{name: query[given][0] for given, name in _QUERY_KEYS.items() if given in query},
        **{f"s3:RequestObjectTag/{name}": values[0] for name, values in tags.items()},
    }
    if tags:
        context["s3:RequestObjectTagKeys"] = list(tags)
    return {**context, **_existing_tags(bucket, key)}


def _existing_tags(bucket: str, key: str) -> Values:
    found = _object(bucket, key)
    if found is None:
        return {}
    tags = _owner(bucket).tagger.get_tag_dict_for_resource(found.arn)
    return {f"s3:ExistingObjectTag/{name}": str(value) for name, value in tags.items()}


def _encrypted(call: Call, bucket: str, key: str) -> Iterator[Need]:
    """Reading under a key asks for Decrypt, writing for a data key; parts for both."""
    if call.operation in _WRITES and "partNumber" not in call.environ.get("QUERY_STRING", ""):
        key_id = _key_for_write(call.environ, bucket)
        if key_id:
            yield _on_behalf(call, "GenerateDataKey", key_id, bucket, key)
    elif call.operation == "GetObject":
        yield from _decrypted(call, bucket, key)


def _decrypted(call: Call, bucket: str, key: str) -> Iterator[Need]:
    found = _object(bucket, key)
    if found is not None and found.encryption in _KMS and found.kms_key_id:
        yield _on_behalf(call, "Decrypt", found.kms_key_id, bucket, key)


def _on_behalf(call: Call, action: str, key_id: str, bucket: str, key: str) -> Need:
    # With a bucket key, the encryption context is the bucket, else the object.
    arn = _arn(bucket, "" if _default(bucket).get("BucketKeyEnabled") in (True, "true") else key)
    return kms.on_behalf(call, action, key_id, "s3", encryption_context={"aws:s3:arn": arn})


def _key_for_write(environ: Mapping[str, Any], bucket: str) -> str:
    """The key of the upload's headers, else the bucket's own; empty for AWS's and for none."""
    asked = environ.get(_ENCRYPTION)
    if asked and asked not in _KMS:
        return ""
    default = _default(bucket).get("ApplyServerSideEncryptionByDefault") or {}
    return str(environ.get(_KEY_ID) or ("" if asked else default.get("KMSMasterKeyID") or ""))


def _default(bucket: str) -> dict[str, Any]:
    found = _bucket(bucket)
    rule = (found.encryption or {}).get("Rule", {}) if found else {}
    return rule[0] if isinstance(rule, list) else rule


def _bucket(name: str) -> FakeBucket | None:
    return _owner(name).buckets.get(name)


def _owner(bucket: str) -> S3Backend:
    """The account that has the bucket, which may be a service's: Service Catalog's, say."""
    _, account = s3_backends.bucket_accounts.get(bucket, ("aws", ACCOUNT))
    return s3_backends[account]["aws"]


def _object(bucket: str, key: str) -> FakeKey | None:
    found = _bucket(bucket)
    return found.keys.get(key) if found and key else None
