from __future__ import annotations

from modules.policies.document import to_json
from modules.policies.endpoint import (
    interface_endpoint_policy,
    notebook_endpoint_policy,
    s3_endpoint_policy,
)
from tests.unit.modules.policies.authorization import ENV, faults

ENDPOINT_POLICY_LIMIT = 20_480
OWN = {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}


def test_the_s3_policy() -> None:
    statements = s3_endpoint_policy(env=ENV, bucket_names=["data", "code"])["Statement"]
    assert statements == [
        {
            "Sid": "ListedBucketsByThisAccount",
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["s3:*"],
            "Resource": [
                "arn:aws-cn:s3:::data",
                "arn:aws-cn:s3:::code",
                "arn:aws-cn:s3:::data/*",
                "arn:aws-cn:s3:::code/*",
            ],
            "Condition": OWN,
        },
        {
            "Sid": "ReadContainerImageLayers",
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["s3:GetObject"],
            "Resource": ["arn:aws-cn:s3:::prod-cn-north-1-starport-layer-bucket/*"],
        },
        {
            "Sid": "ReadJumpStartModels",
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": [
                "arn:aws-cn:s3:::jumpstart-cache-prod-cn-north-1",
                "arn:aws-cn:s3:::jumpstart-cache-prod-cn-north-1/*",
            ],
        },
    ]


def test_writing_is_for_this_account_and_listed_buckets_alone() -> None:
    for statement in s3_endpoint_policy(env=ENV, bucket_names=["data"])["Statement"]:
        read_only = all(
            a.removeprefix("s3:").startswith(("Get", "List")) for a in statement["Action"]
        )
        assert read_only or statement["Condition"] == OWN


def test_without_buckets_only_those_of_aws_are_let_through() -> None:
    """An empty Resource would make the policy malformed."""
    sids = [s["Sid"] for s in s3_endpoint_policy(env=ENV, bucket_names=[])["Statement"]]
    assert sids == ["ReadContainerImageLayers", "ReadJumpStartModels"]


def test_every_action_exists_and_fits_its_resources() -> None:
    assert faults(s3_endpoint_policy(env=ENV, bucket_names=["data"])) == []
    assert faults(notebook_endpoint_policy(env=ENV)) == []


def test_interface_endpoints_carry_callers_of_this_account() -> None:
    assert interface_endpoint_policy(env=ENV)["Statement"] == [
        {
            "Sid": "CallersOfThisAccount",
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["*"],
            "Resource": ["*"],
            "Condition": OWN,
        }
    ]


def test_the_notebook_endpoint_carries_notebooks_of_this_account() -> None:
    assert notebook_endpoint_policy(env=ENV)["Statement"] == [
        {
            "Sid": "NotebooksOfThisAccount",
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["sagemaker:CreatePresignedNotebookInstanceUrl"],
            "Resource": ["arn:aws-cn:sagemaker:cn-north-1:123456789012:notebook-instance/*"],
        }
    ]


def test_fits_with_fifty_projects_in_one_vpc() -> None:
    buckets = ["b" * 63 for _ in range(2 * 50)]
    policy = s3_endpoint_policy(env=ENV, bucket_names=buckets)
    assert len(to_json(policy)) < ENDPOINT_POLICY_LIMIT
