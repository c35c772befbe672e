from __future__ import annotations

from typing import Any

import pytest

from modules.naming import AwsEnvironment
from modules.policies.document import Document, to_json
from modules.policies.key import ADMINISTRATION, USE, key_policy
from tests.unit.modules.policies.authorization import ENV

EXECUTION = ENV.role_arn("SageMakerExecutionRole-demo")
LAUNCH = ENV.role_arn("SCLaunchRole-demo")
KMS_POLICY_LIMIT = 32_768


def _policy(**changes: Any) -> Document:
    given: dict[str, Any] = {
        "env": ENV,
        "user_role_arn": EXECUTION,
        "grantee_role_arns": [LAUNCH],
        "catalog_bucket_name": "demo-catalog",
    }
    return key_policy(**given | changes)


def _allowed_to(policy: Document, principal: str) -> set[str]:
    allowed: set[str] = set()
    for statement in policy["Statement"]:
        named = statement["Principal"]["AWS"]
        if principal in ([named] if isinstance(named, str) else named):
            allowed |= set(statement["Action"])
    return allowed


def test_the_whole_policy() -> None:
    administration, *rest = _policy()["Statement"]
    assert administration == {
        "Sid": "AdministrationByIam",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws-cn:iam::123456789012:root"},
        "Action": list(ADMINISTRATION),
        "Resource": ["*"],
    }
    assert rest == [
        {
            "Sid": "UseByTheExecutionRole",
            "Effect": "Allow",
            "Principal": {"AWS": EXECUTION},
            "Action": [
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey*",
                "kms:ReEncrypt*",
            ],
            "Resource": ["*"],
        },
        {
            "Sid": "GrantToAwsServicesByTheExecutionRole",
            "Effect": "Allow",
            "Principal": {"AWS": EXECUTION},
            "Action": ["kms:CreateGrant"],
            "Resource": ["*"],
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
        {
            "Sid": "DescribeByNotebookMakers",
            "Effect": "Allow",
            "Principal": {"AWS": [LAUNCH]},
            "Action": ["kms:DescribeKey"],
            "Resource": ["*"],
        },
        {
            "Sid": "GrantToSageMakerByNotebookMakers",
            "Effect": "Allow",
            "Principal": {"AWS": [LAUNCH]},
            "Action": ["kms:CreateGrant"],
            "Resource": ["*"],
            "Condition": {
                "StringEquals": {"kms:ViaService": "sagemaker.cn-north-1.amazonaws.com.cn"},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
            },
        },
        {
            "Sid": "TemplatesOfTheCatalogBucketByIam",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws-cn:iam::123456789012:root"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": ["*"],
            "Condition": {
                "StringEquals": {
                    "kms:CallerAccount": "123456789012",
                    "kms:ViaService": "s3.cn-north-1.amazonaws.com.cn",
                },
                "StringLike": {
                    "kms:EncryptionContext:aws:s3:arn": [
                        "arn:aws-cn:s3:::demo-catalog",
                        "arn:aws-cn:s3:::demo-catalog/*",
                    ]
                },
            },
        },
    ]


def test_the_execution_role_administers_nothing() -> None:
    assert _allowed_to(_policy(), EXECUTION) & set(ADMINISTRATION) == {"kms:DescribeKey"}


def test_who_only_grants_can_neither_use_nor_administer() -> None:
    assert _allowed_to(_policy(), LAUNCH) == {"kms:CreateGrant", "kms:DescribeKey"}


def test_administration_gives_no_use_and_no_grant() -> None:
    """The root principal stands for everybody with IAM rights on the key."""
    use = {"Decrypt", "Encrypt", "GenerateDataKey", "ReEncrypt", "CreateGrant"}
    assert not [a for a in ADMINISTRATION if "*" in a or any(word in a for word in use)]
    assert set(ADMINISTRATION) & set(USE) == {"kms:DescribeKey"}


def test_the_key_stays_repairable() -> None:
    """Else KMS's lockout check refuses the policy, or nobody can ever change it."""
    assert "kms:PutKeyPolicy" in _allowed_to(_policy(), ENV.account_root)


def test_without_grantees_or_catalog_there_is_no_statement_for_them() -> None:
    policy = _policy(grantee_role_arns=[], catalog_bucket_name=None)
    assert [s["Sid"] for s in policy["Statement"]] == [
        "AdministrationByIam",
        "UseByTheExecutionRole",
        "GrantToAwsServicesByTheExecutionRole",
    ]


def test_nobody_but_those_named_is_a_principal() -> None:
    named = [statement["Principal"]["AWS"] for statement in _policy()["Statement"]]
    flat = {arn for one in named for arn in ([one] if isinstance(one, str) else one)}
    assert flat == {ENV.account_root, EXECUTION, LAUNCH}


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov"])
def test_follows_the_partition(partition: str) -> None:
    env = AwsEnvironment(partition, "123456789012", "r-1", "amazonaws.com")
    policy = _policy(env=env, user_role_arn=env.role_arn("x"), grantee_role_arns=[])
    assert f"arn:{partition}:" in to_json(policy)
    assert "aws-cn" not in to_json(policy)


def test_fits_with_twenty_end_user_roles_of_the_longest_names() -> None:
    roles = [ENV.role_arn("r" * 64) for _ in range(20)]
    policy = _policy(grantee_role_arns=roles, catalog_bucket_name="b" * 63)
    assert len(to_json(policy)) < KMS_POLICY_LIMIT
