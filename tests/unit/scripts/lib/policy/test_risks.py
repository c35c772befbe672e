import botocore.session
import pytest

from scripts.lib.policy.risks import (
    ENDPOINT_KEYS,
    ESCALATING,
    LIMITING_KEYS,
    TLS_KEYS,
    is_about_encryption,
)


def test_every_action_is_one_of_aws() -> None:
    session = botocore.session.get_session()
    for action in ESCALATING:
        service, operation = action.text.split(":")
        assert operation in session.get_service_model(service).operation_names


def test_keys_are_in_lower_case_as_conditions_have_them() -> None:
    for key in TLS_KEYS | ENDPOINT_KEYS | LIMITING_KEYS:
        assert key == key.lower()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("s3:x-amz-server-side-encryption", True),
        ("s3:x-amz-server-side-encryption-aws-kms-key-id", True),
        ("kms:encryptioncontext:aws:s3:arn", True),
        ("s3:x-amz-acl", False),
    ],
)
def test_keys_about_encryption(key: str, expected: bool) -> None:
    assert is_about_encryption(key) == expected
