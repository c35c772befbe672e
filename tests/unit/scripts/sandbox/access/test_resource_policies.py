"""Which policies speak of what; that they decide is tested service by service."""

import json
from collections.abc import Iterator

import pytest
from moto import mock_aws
from moto.ec2.models import ec2_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends

from scripts.sandbox.access.evaluation import Kind
from scripts.sandbox.access.resource_policies import endpoint_policy, endpoint_vpc, of
from scripts.sandbox.account import ACCOUNT

REGION = "eu-west-1"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})


@pytest.fixture(autouse=True)
def _account() -> Iterator[None]:
    with mock_aws():
        yield


def test_a_bucket_and_its_objects_have_one_policy() -> None:
    s3_backends[ACCOUNT]["aws"].create_bucket("bbb", REGION)
    assert of("s3:GetObject", "arn:aws:s3:::bbb/k").policies == ()
    s3_backends[ACCOUNT]["aws"].put_bucket_policy("bbb", POLICY.encode())
    for resource in ("arn:aws:s3:::bbb", "arn:aws:s3:::bbb/k/l"):
        found = of("s3:GetObject", resource)
        assert [policy.name for policy in found.policies] == ["bucket policy of bbb"]
        assert not found.must_allow
    assert of("s3:GetObject", "arn:aws:s3:::none/k").policies == ()


def test_a_key_must_allow_and_one_that_is_gone_cannot() -> None:
    key = kms_backends[ACCOUNT][REGION].create_key(POLICY, "", "", "", None)
    found = of("kms:Decrypt", key.arn)
    assert (len(found.policies), found.must_allow, found.kind) == (1, True, Kind.RESOURCE)
    gone = of("kms:Decrypt", key.arn.replace(key.id, "gone"))
    assert (gone.policies, gone.must_allow) == ((), True)
    assert of("kms:CreateAlias", f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/a").must_allow is False


def test_a_trust_policy_is_for_sts_alone() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/none"
    assert of("iam:GetRole", role) == of("x:Y", "*")
    found = of("sts:AssumeRole", role)
    assert (found.kind, found.must_allow, found.policies) == (Kind.TRUST, True, ())


@pytest.mark.parametrize("resource", ["*", "", f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/m"])
def test_what_has_no_policy_has_none(resource: str) -> None:
    assert of("x:Y", resource).policies == ()


@pytest.mark.parametrize(
    ("name", "service", "carries"),
    [
        ("s3", "s3", True),
        ("s3", "kms", False),
        ("ecr.api", "ecr", True),
        ("ecr.dkr", "ecr", True),
        ("monitoring", "cloudwatch", True),
        ("sagemaker.api", "sagemaker", True),
        ("logs", "logs", True),
    ],
)
def test_an_endpoint_speaks_of_the_service_that_it_carries(
    name: str, service: str, carries: bool
) -> None:
    ec2 = ec2_backends[ACCOUNT][REGION]
    vpc = ec2.create_vpc("10.0.0.0/16")
    endpoint = ec2.create_vpc_endpoint(
        vpc.id,
        f"com.amazonaws.{REGION}.{name}",
        "Gateway" if name == "s3" else "Interface",
        POLICY,
        [],
        [],
        [],
        None,
        None,
        None,
    )
    found = endpoint_policy(REGION, service, endpoint.id)
    assert (found is not None) is carries
    assert endpoint_vpc(REGION, endpoint.id) == vpc.id


def test_an_endpoint_of_nobody_has_neither_policy_nor_network() -> None:
    assert endpoint_policy(REGION, "s3", "vpce-none") is None
    assert endpoint_vpc(REGION, "vpce-none") == ""
