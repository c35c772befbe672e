from __future__ import annotations

from typing import Any

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.iam_role import IamRole

from modules.encryption import CustomerManagedKey
from modules.policies.key import key_policy
from tests.unit.modules.plain_terraform import ENV, new_stack, policy_of, synthesise

EXECUTION = ENV.role_arn("execution")
LAUNCH = ENV.role_arn("launch")


def _key(stack: TerraformStack, **changes: Any) -> CustomerManagedKey:
    given: dict[str, Any] = {
        "env": ENV,
        "alias": "SageMaker-CMK-DS-demo",
        "user_role_arn": EXECUTION,
        "grantee_role_arns": [LAUNCH],
    }
    return CustomerManagedKey(stack, "Key", **given | changes)


def test_the_key_rotates_and_carries_its_policy() -> None:
    stack = new_stack()
    _key(stack, catalog_bucket_name="catalog")
    body = synthesise(stack)["resource"]["aws_kms_key"]["Key"]
    assert policy_of(body) == key_policy(
        env=ENV,
        user_role_arn=EXECUTION,
        grantee_role_arns=[LAUNCH],
        catalog_bucket_name="catalog",
    )
    del body["policy"]
    assert body == {
        "description": "Data of SageMaker-CMK-DS-demo",
        "deletion_window_in_days": 30,
        "enable_key_rotation": True,
    }


def test_the_alias_points_to_the_key() -> None:
    stack = new_stack()
    key = _key(stack)
    assert synthesise(stack)["resource"]["aws_kms_alias"] == {
        "Key_Alias": {
            "name": "alias/SageMaker-CMK-DS-demo",
            "target_key_id": "${aws_kms_key.Key.key_id}",
        }
    }
    assert key.alias_name == "alias/SageMaker-CMK-DS-demo"


def test_waits_for_the_roles_that_its_policy_names() -> None:
    stack = new_stack()
    role = IamRole(stack, "Role", name="execution", assume_role_policy="{}")
    _key(stack, depends_on=[role])
    body = synthesise(stack)["resource"]["aws_kms_key"]["Key"]
    assert body["depends_on"] == ["aws_iam_role.Role"]


@pytest.mark.parametrize("days", [7, 30])
def test_takes_the_deletion_windows_that_kms_takes(days: int) -> None:
    stack = new_stack()
    _key(stack, deletion_window_days=days)
    body = synthesise(stack)["resource"]["aws_kms_key"]["Key"]
    assert body["deletion_window_in_days"] == days


@pytest.mark.parametrize("days", [-1, 0, 6, 31])
def test_fails_on_another_deletion_window(days: int) -> None:
    message = f"stack/Key: deletion_window_days must be 7 to 30, got {days}"
    with pytest.raises(ValueError, match=message):
        _key(new_stack(), deletion_window_days=days)


@pytest.mark.parametrize("alias", ["alias/mine", "aws/s3"])
def test_fails_on_a_reserved_alias(alias: str) -> None:
    with pytest.raises(ValueError, match=f"must not begin with alias/ or aws/, got '{alias}'"):
        _key(new_stack(), alias=alias)


@pytest.mark.parametrize("alias", ["", "with space", "naïve", "new\n", "a" * 251])
def test_fails_on_an_alias_that_kms_refuses(alias: str) -> None:
    with pytest.raises(ValueError, match="stack/Key: alias must be 1 to 250 letters"):
        _key(new_stack(), alias=alias)


def test_tolerates_an_alias_that_is_known_only_later() -> None:
    stack = new_stack()
    role = IamRole(stack, "Role", name="execution", assume_role_policy="{}")
    key = _key(stack, alias=role.unique_id)
    aliases = synthesise(stack)["resource"]["aws_kms_alias"]
    assert aliases["Key_Alias"]["name"] == "alias/${aws_iam_role.Role.unique_id}"
    assert key.key_arn
