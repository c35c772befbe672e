"""S3's calls: actions by their own names, and the key of what is read and written."""

import json
from typing import Any

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.access.people import (
    ACCOUNT,
    allow,
    asked,
    deny,
    document,
    refusal,
    user,
    wanting,
)

BUCKET = "sealed"
OBJECT = f"arn:aws:s3:::{BUCKET}/a.csv"
S3 = "s3.eu-west-1.amazonaws.com"


@pytest.fixture(scope="module")
def key(enforced: Sandbox) -> str:
    """The key of a bucket that encrypts by default, with a bucket key."""
    s3 = enforced.client("s3")
    arn: str = enforced.client("kms").create_key()["KeyMetadata"]["Arn"]
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": arn},
        "BucketKeyEnabled": True,
    }
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
    for name in ("a.csv", "secret/b.csv"):
        s3.put_object(Bucket=BUCKET, Key=name, Body=b"1,2", Tagging="level=public")
    return arn


def test_reading_asks_for_decrypt_and_writing_for_a_data_key(enforced: Sandbox, key: str) -> None:
    s3 = enforced.client("s3")
    assert asked(enforced, s3.get_object, Bucket=BUCKET, Key="a.csv") == [
        ("s3:GetObject", OBJECT),
        ("kms:Decrypt", key),
    ]
    assert asked(enforced, s3.put_object, Bucket=BUCKET, Key="a.csv", Body=b"1") == [
        ("s3:PutObject", OBJECT),
        ("kms:GenerateDataKey", key),
    ]
    assert asked(enforced, s3.head_object, Bucket=BUCKET, Key="a.csv") == [("s3:GetObject", OBJECT)]
    s3.put_object(Bucket=BUCKET, Key="a.csv", Body=b"1,2", Tagging="level=public")


def test_an_upload_under_another_encryption_leaves_the_buckets_key_alone(
    enforced: Sandbox, key: str
) -> None:
    s3 = enforced.client("s3")
    put: dict[str, Any] = {"Bucket": BUCKET, "Key": "plain", "Body": b"1"}
    found = asked(enforced, s3.put_object, **put, ServerSideEncryption="AES256")
    assert found == [("s3:PutObject", f"arn:aws:s3:::{BUCKET}/plain")]
    other = enforced.client("kms").create_key()["KeyMetadata"]["Arn"]
    under = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": other}
    assert asked(enforced, s3.put_object, **put, **under)[-1] == ("kms:GenerateDataKey", other)
    assert other != key


def test_a_copy_reads_the_source_and_its_key(enforced: Sandbox, key: str) -> None:
    copy = enforced.client("s3").copy_object
    found = asked(enforced, copy, Bucket=BUCKET, Key="copied", CopySource=f"{BUCKET}/a.csv")
    assert found == [
        ("s3:PutObject", f"arn:aws:s3:::{BUCKET}/copied"),
        ("kms:GenerateDataKey", key),
        ("s3:GetObject", OBJECT),
        ("kms:Decrypt", key),
    ]


def test_an_encrypted_object_takes_both_rights(enforced: Sandbox, key: str) -> None:
    reading = allow("s3:GetObject", f"arn:aws:s3:::{BUCKET}/*")
    through = allow("kms:Decrypt", key, StringEquals={"kms:ViaService": S3})
    elsewhere = allow("kms:Decrypt", key, StringEquals={"kms:ViaService": "sqs.amazonaws.com"})
    for rights, lacking in (
        ([reading], "kms:Decrypt"),
        ([through], "s3:GetObject"),
        ([reading, elsewhere], "kms:Decrypt"),
        ([reading, through], ""),
    ):
        s3 = enforced.client("s3", credentials=user(enforced, *rights))
        assert wanting(s3.get_object, Bucket=BUCKET, Key="a.csv") == lacking
    # Through S3 is not directly.
    kms = enforced.client("kms", credentials=user(enforced, through))
    assert wanting(kms.generate_data_key, KeyId=key, KeySpec="AES_256") == "kms:GenerateDataKey"


@pytest.mark.parametrize(
    ("context", "passes"),
    [
        (f"arn:aws:s3:::{BUCKET}", True),
        (f"arn:aws:s3:::{BUCKET}/*", False),
        ("arn:aws:s3:::other", False),
    ],
)
def test_with_a_bucket_key_the_encryption_context_is_the_bucket(
    enforced: Sandbox, key: str, context: str, passes: bool
) -> None:
    rights = allow("kms:Decrypt", key, StringLike={"kms:EncryptionContext:aws:s3:arn": context})
    s3 = enforced.client("s3", credentials=user(enforced, allow("s3:GetObject"), rights))
    expected = "" if passes else "kms:Decrypt"
    assert wanting(s3.get_object, Bucket=BUCKET, Key="a.csv") == expected


def test_an_object_is_judged_by_its_tags(enforced: Sandbox, key: str) -> None:
    def reader(level: str) -> Any:
        tag = {"s3:ExistingObjectTag/level": level}
        rights = [allow("s3:GetObject", StringEquals=tag), allow("kms:Decrypt", key)]
        return enforced.client("s3", credentials=user(enforced, *rights)).get_object

    assert wanting(reader("public"), Bucket=BUCKET, Key="a.csv") == ""
    assert wanting(reader("secret"), Bucket=BUCKET, Key="a.csv") == "s3:GetObject"


@pytest.mark.usefixtures("key")
def test_a_listing_is_judged_by_its_prefix(enforced: Sandbox) -> None:
    rights = allow(
        "s3:ListBucket", f"arn:aws:s3:::{BUCKET}", StringLike={"s3:prefix": ["secret/*"]}
    )
    listing = enforced.client("s3", credentials=user(enforced, rights)).list_objects_v2
    assert wanting(listing, Bucket=BUCKET, Prefix="secret/b") == ""
    assert wanting(listing, Bucket=BUCKET, Prefix="a") == "s3:ListBucket"
    assert wanting(listing, Bucket=BUCKET) == "s3:ListBucket"


@pytest.mark.usefixtures("key")
def test_each_key_of_a_mass_deletion_takes_the_right(enforced: Sandbox) -> None:
    s3 = enforced.client("s3")
    for name in ("x/1", "y/2"):
        s3.put_object(Bucket=BUCKET, Key=name, Body=b"1")
    keys = user(enforced, allow("s3:DeleteObject", f"arn:aws:s3:::{BUCKET}/x/*"))
    delete = enforced.client("s3", credentials=keys).delete_objects
    answer = delete(Bucket=BUCKET, Delete={"Objects": [{"Key": "x/1"}, {"Key": "y/2"}]})
    assert [one["Key"] for one in answer["Deleted"]] == ["x/1"]
    assert [(one["Key"], one["Code"]) for one in answer["Errors"]] == [("y/2", "AccessDenied")]


@pytest.mark.usefixtures("key")
def test_a_bucket_policy_is_enough_for_the_user_that_it_names(enforced: Sandbox) -> None:
    bucket, s3 = "open-to-one", enforced.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    keys, other = user(enforced), user(enforced)
    one = {"AWS": f"arn:aws:iam::{ACCOUNT}:user/{keys['UserName']}"}
    statement = {**allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"), "Principal": one}
    s3.put_bucket_policy(Bucket=bucket, Policy=document(statement))
    get = {"Bucket": bucket, "Key": "k"}
    assert wanting(enforced.client("s3", credentials=keys).get_object, **get) == ""
    assert wanting(enforced.client("s3", credentials=other).get_object, **get) == "s3:GetObject"
    account = {**statement, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Statement": [account]}))
    assert wanting(enforced.client("s3", credentials=keys).get_object, **get) == "s3:GetObject"


def test_plain_http_and_addresses_are_told_apart(enforced: Sandbox, key: str) -> None:
    tls = deny("s3:*", Bool={"aws:SecureTransport": "false"})
    office = allow("s3:GetObject", IpAddress={"aws:SourceIp": "192.0.2.0/24"})
    keys = user(enforced, tls, office, allow("kms:Decrypt", key))

    def get(**way: Any) -> str:
        s3 = enforced.client("s3", credentials=keys, **way)
        return refusal(s3.get_object, Bucket=BUCKET, Key="a.csv")

    assert get(source_ip="192.0.2.7") == ""
    assert "no identity-based policy allows" in get(source_ip="198.51.100.7")
    assert "with an explicit deny in an identity-based policy" in get(
        source_ip="192.0.2.7", tls=False
    )


def test_an_endpoints_policy_fences_in_what_it_carries(enforced: Sandbox, key: str) -> None:
    ec2 = enforced.client("ec2")
    vpc = ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["ProSM-VPC"]}])["Vpcs"][0]
    statement = {**allow("s3:*", "arn:aws:s3:::prosm-code*"), "Principal": "*"}
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc["VpcId"],
        ServiceName="com.amazonaws.eu-west-1.s3",
        PolicyDocument=document(statement),
    )["VpcEndpoint"]["VpcEndpointId"]
    inside = enforced.client("s3", vpc_endpoint=endpoint)
    assert wanting(inside.get_object, Bucket="prosm-code", Key="README.md") == ""
    words = refusal(inside.get_object, Bucket=BUCKET, Key="a.csv")
    assert words.endswith("because no VPC endpoint policy allows the s3:GetObject action")
    # It is S3's endpoint: what goes to another service does not pass it, nor its key's use.
    assert wanting(enforced.client("kms", vpc_endpoint=endpoint).describe_key, KeyId=key) == ""
    keys = user(enforced, allow("*", StringEquals={"aws:SourceVpce": endpoint}))
    code = {"Bucket": "prosm-code", "Key": "README.md"}
    inside = enforced.client("s3", credentials=keys, vpc_endpoint=endpoint)
    assert wanting(inside.get_object, **code) == ""
    assert wanting(enforced.client("s3", credentials=keys).get_object, **code) == "s3:GetObject"
