from __future__ import annotations

from typing import Any

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.kms_key import KmsKey

from modules.policies.bucket import endpoint_only_policy, tls_only_policy
from modules.policies.document import document, statement
from modules.storage import EncryptedBucket
from tests.unit.modules.plain_terraform import ENV, new_stack, policy_of, synthesise

BUCKET = "${aws_s3_bucket.Data.bucket}"
KEY = ENV.arn("kms", "key/1234")
DEPLOYER = ENV.role_arn("deployer")


def _bucket(stack: TerraformStack, **changes: Any) -> EncryptedBucket:
    given: dict[str, Any] = {"bucket_name": "demo-notebook", "key_arn": KEY}
    return EncryptedBucket(stack, "Data", **given | changes)


def _restrict(bucket: EncryptedBucket, **changes: Any) -> None:
    given: dict[str, Any] = {
        "env": ENV,
        "vpc_endpoint_id": "vpce-1",
        "deployer_arns": [DEPLOYER],
        "key_arn": KEY,
    }
    bucket.restrict_to_endpoint(**given | changes)


def _as_document(rendered: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the blocks of an ``aws_iam_policy_document`` as statements, values as lists."""
    return [
        {
            "Sid": block["sid"],
            "Effect": block["effect"],
            "Action": block["actions"],
            "Resource": block["resources"],
            "Principal": {p["type"]: p["identifiers"] for p in block["principals"]},
            "Condition": sorted(
                (c["test"], c["variable"], tuple(c["values"])) for c in block.get("condition", [])
            ),
        }
        for block in rendered["statement"]
    ]


def _as_blocks(policy: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            **stated,
            "Principal": {"*": ["*"]},
            "Condition": sorted(
                (operator, key, (values,) if isinstance(values, str) else tuple(values))
                for operator, keys in stated["Condition"].items()
                for key, values in keys.items()
            ),
        }
        for stated in policy["Statement"]
    ]


def test_a_bucket_is_private_versioned_and_encrypted() -> None:
    stack = new_stack()
    _bucket(stack)
    assert synthesise(stack)["resource"] == {
        "aws_s3_bucket": {"Data": {"bucket": "demo-notebook", "force_destroy": False}},
        "aws_s3_bucket_server_side_encryption_configuration": {
            "Data_Encryption": {
                "bucket": BUCKET,
                "rule": [
                    {
                        "apply_server_side_encryption_by_default": {
                            "kms_master_key_id": KEY,
                            "sse_algorithm": "aws:kms",
                        },
                        "bucket_key_enabled": True,
                    }
                ],
            }
        },
        "aws_s3_bucket_public_access_block": {
            "Data_PublicAccessBlock": {
                "bucket": BUCKET,
                "block_public_acls": True,
                "block_public_policy": True,
                "ignore_public_acls": True,
                "restrict_public_buckets": True,
            }
        },
        "aws_s3_bucket_ownership_controls": {
            "Data_OwnershipControls": {
                "bucket": BUCKET,
                "depends_on": ["aws_s3_bucket_public_access_block.Data_PublicAccessBlock"],
                "rule": {"object_ownership": "BucketOwnerEnforced"},
            }
        },
        "aws_s3_bucket_versioning": {
            "Data_Versioning": {
                "bucket": BUCKET,
                "versioning_configuration": {"status": "Enabled"},
            }
        },
        "aws_s3_bucket_lifecycle_configuration": {
            "Data_Lifecycle": {
                "bucket": BUCKET,
                "depends_on": ["aws_s3_bucket_versioning.Data_Versioning"],
                "rule": [
                    {
                        "id": "expire-what-is-no-longer-current",
                        "status": "Enabled",
                        "filter": [{"prefix": ""}],
                        "noncurrent_version_expiration": [{"noncurrent_days": 90}],
                        "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}],
                    }
                ],
            }
        },
    }


def test_old_versions_may_be_kept_for_good() -> None:
    stack = new_stack()
    _bucket(stack, noncurrent_version_days=None)
    resources = synthesise(stack)["resource"]
    assert "aws_s3_bucket_lifecycle_configuration" not in resources
    assert "aws_s3_bucket_versioning" in resources


def test_restricting_renders_every_statement_where_a_plan_shows_it() -> None:
    stack = new_stack()
    _restrict(_bucket(stack))
    synthesised = synthesise(stack)
    expected = endpoint_only_policy(
        env=ENV,
        bucket_name="demo-notebook",
        vpc_endpoint_id="vpce-1",
        deployer_arns=[DEPLOYER],
        key_arn=KEY,
    )
    rendered = synthesised["data"]["aws_iam_policy_document"]["Data_PolicyDocument"]
    assert _as_document(rendered) == _as_blocks(expected)
    assert synthesised["resource"]["aws_s3_bucket_policy"] == {
        "Data_Policy": {
            "bucket": BUCKET,
            "depends_on": ["aws_s3_bucket_public_access_block.Data_PublicAccessBlock"],
            "policy": "${data.aws_iam_policy_document.Data_PolicyDocument.json}",
        }
    }


def test_the_policy_takes_a_key_that_does_not_exist_yet() -> None:
    stack = new_stack()
    key = KmsKey(stack, "Key")
    _restrict(_bucket(stack, key_arn=key.arn), key_arn=key.arn)
    rendered = synthesise(stack)["data"]["aws_iam_policy_document"]["Data_PolicyDocument"]
    conditions = [c for block in rendered["statement"] for c in block.get("condition", [])]
    assert ["${aws_kms_key.Key.arn}"] in [c["values"] for c in conditions]


def test_the_catalog_bucket_asks_for_tls_alone() -> None:
    stack = new_stack()
    _bucket(stack).deny_insecure_transport(ENV)
    body = synthesise(stack)["resource"]["aws_s3_bucket_policy"]["Data_Policy"]
    assert policy_of(body) == tls_only_policy(env=ENV, bucket_name="demo-notebook")


def test_another_document_can_be_attached() -> None:
    stack = new_stack()
    policy = document(statement("S", actions=["s3:GetObject"], resources=["x"], principals="*"))
    _bucket(stack).attach_policy(policy)
    body = synthesise(stack)["resource"]["aws_s3_bucket_policy"]["Data_Policy"]
    assert policy_of(body) == policy


def test_data_can_wait_for_all_that_guards_it() -> None:
    stack = new_stack()
    bucket = _bucket(stack)
    bucket.deny_insecure_transport(ENV)
    KmsKey(stack, "Data-To-Come", depends_on=bucket.dependables)
    waits_for = synthesise(stack)["resource"]["aws_kms_key"]["Data-To-Come"]["depends_on"]
    assert sorted(waits_for) == [
        "aws_s3_bucket.Data",
        "aws_s3_bucket_ownership_controls.Data_OwnershipControls",
        "aws_s3_bucket_policy.Data_Policy",
        "aws_s3_bucket_public_access_block.Data_PublicAccessBlock",
        "aws_s3_bucket_server_side_encryption_configuration.Data_Encryption",
        "aws_s3_bucket_versioning.Data_Versioning",
    ]


def test_fails_on_a_second_policy() -> None:
    """S3 keeps one policy per bucket: two resources would overwrite each other for ever."""
    message = "stack/Data: a bucket has one policy, got a second"
    bucket = _bucket(new_stack())
    _restrict(bucket)
    with pytest.raises(ValueError, match=message):
        bucket.deny_insecure_transport(ENV)
    with pytest.raises(ValueError, match=message):
        _restrict(bucket)


def test_fails_without_a_deployer() -> None:
    with pytest.raises(ValueError, match="stack/Data: deployer_arns must name at least one"):
        _restrict(_bucket(new_stack()), deployer_arns=[])


def test_a_refused_restriction_leaves_nothing_behind() -> None:
    stack = new_stack()
    bucket = _bucket(stack)
    with pytest.raises(ValueError, match="deployer_arns"):
        _restrict(bucket, deployer_arns=[])
    _restrict(bucket)
    assert "Data_Policy" in synthesise(stack)["resource"]["aws_s3_bucket_policy"]


@pytest.mark.parametrize(
    "name", ["", "ab", "Upper-case", "under_score", "-begins", "ends-", "a" * 64, "new\nline"]
)
def test_fails_on_a_name_that_s3_refuses(name: str) -> None:
    with pytest.raises(ValueError, match="stack/Data: bucket_name must be 3 to 63") as raised:
        _bucket(new_stack(), bucket_name=name)
    assert repr(name) in str(raised.value)


@pytest.mark.parametrize("name", ["abc", "a" * 63, "my.bucket-1"])
def test_takes_the_names_that_s3_takes(name: str) -> None:
    stack = new_stack()
    _bucket(stack, bucket_name=name)
    assert synthesise(stack)["resource"]["aws_s3_bucket"]["Data"]["bucket"] == name


@pytest.mark.parametrize("days", [0, -1])
def test_fails_on_keeping_versions_for_no_time(days: int) -> None:
    with pytest.raises(ValueError, match=f"must be 1 or more, got {days}"):
        _bucket(new_stack(), noncurrent_version_days=days)


def test_a_name_with_values_known_at_plan_is_left_to_terraform() -> None:
    stack = new_stack()
    key = KmsKey(stack, "Key")
    bucket = _bucket(stack, bucket_name=f"DATA-{key.key_id}")
    _restrict(bucket)
    synthesised = synthesise(stack)
    assert synthesised["resource"]["aws_s3_bucket"]["Data"]["bucket"].startswith("DATA-${")
    rendered = synthesised["data"]["aws_iam_policy_document"]["Data_PolicyDocument"]
    assert rendered["statement"][0]["resources"][0] == (
        "arn:aws-us-gov:s3:::DATA-${aws_kms_key.Key.key_id}"
    )
