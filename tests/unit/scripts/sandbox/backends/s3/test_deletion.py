"""Bucket policies, by the calls that they refuse."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.request import ProxyHandler, build_opener

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox

BUCKET = "data"
DEPLOYER = "arn:aws:iam::123456789012:user/platform-deployer"
BEN = "arn:aws:iam::123456789012:role/CustomRoleBen"
ALL = [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]


@pytest.fixture
def bucket(account: Sandbox) -> Iterator[Sandbox]:
    s3 = account.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for key in ("a", "b", "secret/c"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    return account


def deny(sandbox: Sandbox, action: Any, resource: Any = ALL, **more: Any) -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource}
    document = {"Version": "2012-10-17", "Statement": [{**statement, **more}]}
    sandbox.client("s3").put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(document))


def ben(sandbox: Sandbox, **options: Any) -> Any:
    session = sandbox.client("sts").assume_role(RoleArn=BEN, RoleSessionName="ben")
    return sandbox.client("s3", credentials=session["Credentials"], **options)


def refused(call: Any, **parameters: Any) -> bool:
    try:
        call(Bucket=BUCKET, **parameters)
    except ClientError as fault:
        code = fault.response["Error"]["Code"]
        # An answer to HEAD has no body, so botocore has nothing but the status.
        assert code in ("AccessDenied", "403"), code
        return True
    return False


def test_a_tls_only_deny_denies_nothing_here(bucket: Sandbox) -> None:
    deny(bucket, "s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    assert not refused(bucket.client("s3").get_object, Key="a")
    assert not refused(bucket.client("s3").put_object, Key="d", Body=b"x")


def test_a_deny_of_everything_denies_everything(bucket: Sandbox) -> None:
    deny(bucket, "s3:*")
    s3 = bucket.client("s3")
    assert refused(s3.get_object, Key="a")
    assert refused(s3.head_object, Key="a")
    assert refused(s3.put_object, Key="d", Body=b"x")
    assert refused(s3.list_objects_v2)
    assert refused(s3.get_bucket_policy)
    assert refused(s3.delete_object, Key="a")
    last = bucket.journal()[-1]
    assert (last.operation, last.status, last.error) == ("DeleteObject", 403, "AccessDenied")


def test_data_is_reached_through_the_endpoint_only_and_by_the_deployer(bucket: Sandbox) -> None:
    deny(
        bucket,
        ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
        Condition={
            "StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-1"},
            "ArnNotLike": {"aws:PrincipalArn": DEPLOYER},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"},
        },
    )
    outside, inside = ben(bucket), ben(bucket, vpc_endpoint="vpce-1")
    elsewhere = ben(bucket, vpc_endpoint="vpce-2")
    for client, expected in ((outside, True), (elsewhere, True), (inside, False)):
        assert refused(client.get_object, Key="a") is expected
        assert refused(client.put_object, Key="d", Body=b"x") is expected
        assert refused(client.list_objects_v2) is expected
    assert not refused(bucket.client("s3").get_object, Key="a")
    assert not refused(outside.get_bucket_policy)
    deny(bucket, "s3:GetObject")
    assert refused(bucket.client("s3").get_object, Key="a")


def test_uploads_are_judged_by_their_encryption(bucket: Sandbox) -> None:
    deny(
        bucket,
        "s3:PutObject",
        Condition={"StringNotEqualsIfExists": {"s3:x-amz-server-side-encryption": "aws:kms"}},
    )
    put = bucket.client("s3").put_object
    assert refused(put, Key="d", Body=b"x", ServerSideEncryption="AES256")
    assert not refused(
        put, Key="d", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/k"
    )


@pytest.mark.parametrize(
    ("operation", "parameters", "action"),
    [
        ("get_public_access_block", {}, "s3:GetBucketPublicAccessBlock"),
        ("delete_public_access_block", {}, "s3:PutBucketPublicAccessBlock"),
        ("delete_bucket_encryption", {}, "s3:PutEncryptionConfiguration"),
        ("head_bucket", {}, "s3:ListBucket"),
        ("list_object_versions", {}, "s3:ListBucketVersions"),
        ("head_object", {"Key": "a"}, "s3:GetObject"),
        ("create_multipart_upload", {"Key": "a"}, "s3:PutObject"),
        ("get_object_tagging", {"Key": "a", "VersionId": "null"}, "s3:GetObjectVersionTagging"),
    ],
)
def test_an_operation_is_denied_by_its_actions_name_alone(
    bucket: Sandbox, operation: str, parameters: dict[str, str], action: str
) -> None:
    s3 = bucket.client("s3")
    s3.put_public_access_block(
        Bucket=BUCKET, PublicAccessBlockConfiguration={"BlockPublicAcls": True}
    )
    deny(bucket, f"{action}x")
    with bucket.fork() as copy:
        assert not refused(getattr(copy.client("s3"), operation), **parameters)
    deny(bucket, action)
    assert refused(getattr(s3, operation), **parameters)


def test_each_key_of_a_mass_deletion_is_judged(bucket: Sandbox) -> None:
    deny(bucket, "s3:DeleteObject", f"arn:aws:s3:::{BUCKET}/secret/*")
    objects = [{"Key": key} for key in ("a", "secret/c")]
    answer = bucket.client("s3").delete_objects(Bucket=BUCKET, Delete={"Objects": objects})
    assert [one["Key"] for one in answer["Deleted"]] == ["a"]
    assert [(one["Key"], one["Code"]) for one in answer["Errors"]] == [("secret/c", "AccessDenied")]


def test_a_copy_needs_its_source(bucket: Sandbox) -> None:
    deny(bucket, "s3:GetObject", f"arn:aws:s3:::{BUCKET}/secret/*")
    copy = bucket.client("s3").copy_object
    assert refused(copy, Key="d", CopySource=f"{BUCKET}/secret/c")
    assert not refused(copy, Key="d", CopySource=f"{BUCKET}/a")


def test_a_version_is_read_by_another_action(bucket: Sandbox) -> None:
    deny(bucket, "s3:GetObjectVersion")
    s3 = bucket.client("s3")
    assert not refused(s3.get_object, Key="a")
    assert refused(s3.get_object, Key="a", VersionId="null")


def test_a_presigned_address_is_judged_as_its_signer(bucket: Sandbox) -> None:
    deny(bucket, "s3:GetObject", Principal={"AWS": BEN})
    opener = build_opener(ProxyHandler({}))
    parameters = {"Bucket": BUCKET, "Key": "a"}
    allowed = bucket.client("s3").generate_presigned_url("get_object", Params=parameters)
    assert opener.open(allowed).read() == b"x"
    with pytest.raises(OSError, match="403"):
        opener.open(ben(bucket).generate_presigned_url("get_object", Params=parameters))


def test_a_bucket_without_a_policy_denies_nothing(bucket: Sandbox) -> None:
    assert not refused(ben(bucket).get_object, Key="secret/c")


def test_an_operator_that_does_not_exist_is_told(bucket: Sandbox) -> None:
    deny(bucket, "s3:GetObject", Condition={"StringIs": {"aws:SourceVpce": "v"}})
    with pytest.raises(ClientError, match="condition operator 'StringIs' does not exist"):
        bucket.client("s3").get_object(Bucket=BUCKET, Key="a")
