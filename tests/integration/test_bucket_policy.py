"""The data bucket's policy in force: real Terraform, and a server that evaluates the policy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider

from modules.naming import AwsEnvironment
from modules.storage import EncryptedBucket
from scripts.lib.terraform import Terraform, terraform_environment
from scripts.sandbox import Sandbox
from tests.integration.running_provider import installed_provider, running_provider

"""One apply serves every test here, and the last one destroys it."""

ACCOUNT = "123456789012"
ENV = AwsEnvironment("aws", ACCOUNT, "eu-west-1", "amazonaws.com")
BUCKET = "demo-notebook"
ENDPOINT = "vpce-0123456789abcdef0"
KEY = ENV.arn("kms", "key/11111111-2222-3333-4444-555555555555")
OTHER_KEY = ENV.arn("kms", "key/99999999-2222-3333-4444-555555555555")
DEPLOYER = ENV.global_arn("iam", "user/platform-deployer")
NOT_THE_DEPLOYER = ENV.role_arn("somebody-else")


class BucketStack:
    """One bucket with its policy, deployed into a sandbox and deployed again."""

    def __init__(self, directory: Path, sandbox: Sandbox) -> None:
        self.directory, self.sandbox = directory, sandbox
        self.terraform = Terraform(
            directory / "stacks/bucket",
            terraform_environment(sandbox.process_environment(os.environ), directory),
            directory / "terraform.log",
        )

    def synthesise(self, deployers: list[str]) -> None:
        app = App(outdir=str(self.directory))
        stack = TerraformStack(app, "bucket")
        AwsProvider(stack, "Aws", region=ENV.region)
        bucket = EncryptedBucket(
            stack,
            "Data",
            bucket_name=BUCKET,
            key_arn=KEY,
            force_destroy=True,
            noncurrent_version_days=None,
        )
        bucket.restrict_to_endpoint(
            env=ENV, vpc_endpoint_id=ENDPOINT, deployer_arns=deployers, key_arn=KEY
        )
        app.synth()


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, pristine: Sandbox) -> Iterator[BucketStack]:
    with pristine.fork() as sandbox:
        stack = BucketStack(tmp_path_factory.mktemp("bucket"), sandbox)
        stack.synthesise([DEPLOYER])
        stack.terraform.init()
        own = stack.terraform
        binary = installed_provider(own.directory)
        with running_provider(binary, own.environment) as environment:
            stack.terraform = replace(own, environment=environment)
            stack.terraform.validate()
            stack.terraform.save_plan()
            stack.terraform.apply()
            yield stack


@pytest.fixture(scope="module")
def stranger(deployed: BucketStack) -> dict[str, str]:
    """A user with every IAM right who is no deployer."""
    iam = deployed.sandbox.client("iam")
    iam.create_user(UserName="administrator")
    iam.attach_user_policy(
        UserName="administrator", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    key: dict[str, str] = iam.create_access_key(UserName="administrator")["AccessKey"]
    return key


def _refused(call: Any, **arguments: Any) -> bool:
    try:
        call(Bucket=BUCKET, **arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("AccessDenied", "403"):
            return True
        raise
    return False


def test_data_moves_through_the_endpoint_and_nowhere_else(
    deployed: BucketStack, stranger: dict[str, str]
) -> None:
    sandbox = deployed.sandbox
    inside = sandbox.client("s3", credentials=stranger, vpc_endpoint=ENDPOINT)
    inside.put_object(Bucket=BUCKET, Key="data.csv", Body=b"1,2")
    assert inside.get_object(Bucket=BUCKET, Key="data.csv")["Body"].read() == b"1,2"
    for outside in (
        sandbox.client("s3", credentials=stranger),
        sandbox.client("s3", credentials=stranger, vpc_endpoint="vpce-of-somebody-else"),
    ):
        assert _refused(outside.get_object, Key="data.csv")
        assert _refused(outside.put_object, Key="data.csv", Body=b"3,4")
        assert _refused(outside.delete_object, Key="data.csv")
        assert _refused(outside.list_objects_v2)


def test_the_deployer_reaches_the_data_from_anywhere(deployed: BucketStack) -> None:
    s3 = deployed.sandbox.client("s3")
    s3.put_object(Bucket=BUCKET, Key="from-outside", Body=b"1")
    assert not _refused(s3.get_object, Key="from-outside")


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": KEY}, False),
        ({"ServerSideEncryption": "AES256"}, True),
        ({"ServerSideEncryption": "aws:kms"}, True),
        ({"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": OTHER_KEY}, True),
    ],
)
def test_nobody_uploads_under_another_key(
    deployed: BucketStack, headers: dict[str, str], refused: bool
) -> None:
    s3 = deployed.sandbox.client("s3", vpc_endpoint=ENDPOINT)
    assert _refused(s3.put_object, Key="upload", Body=b"1", **headers) is refused


def test_an_administrator_outside_may_read_and_repair_the_policy(
    deployed: BucketStack, stranger: dict[str, str]
) -> None:
    s3 = deployed.sandbox.client("s3", credentials=stranger)
    policy = s3.get_bucket_policy(Bucket=BUCKET)["Policy"]
    assert not _refused(s3.put_bucket_policy, Policy=policy)
    assert not _refused(s3.get_bucket_encryption)


def test_terraform_changes_the_policy_that_is_in_force_and_removes_it(
    deployed: BucketStack,
) -> None:
    deployed.synthesise([DEPLOYER, NOT_THE_DEPLOYER])
    assert [change.actions for change in deployed.terraform.plan().changes] == [("update",)]
    deployed.terraform.apply()
    s3 = deployed.sandbox.client("s3")
    assert NOT_THE_DEPLOYER in s3.get_bucket_policy(Bucket=BUCKET)["Policy"]
    deployed.terraform.destroy()
    assert BUCKET not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
