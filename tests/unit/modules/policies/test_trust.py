from __future__ import annotations

import pytest

from modules.policies.trust import principal_trust, service_trust

ALICE = "arn:aws:iam::123456789012:user/alice"


def test_services_act_for_this_account_alone() -> None:
    assert service_trust(["sagemaker.amazonaws.com"], account_id="123456789012") == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AssumeByServices",
                "Effect": "Allow",
                "Principal": {"Service": ["sagemaker.amazonaws.com"]},
                "Action": ["sts:AssumeRole"],
                "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
            }
        ],
    }


def test_a_service_that_sends_no_account_gets_no_condition() -> None:
    (statement,) = service_trust(["cloudtrail.amazonaws.com"], account_id=None)["Statement"]
    assert "Condition" not in statement


def test_principals_are_trusted_by_arn() -> None:
    assert principal_trust([ALICE]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AssumeByPrincipals",
                "Effect": "Allow",
                "Principal": {"AWS": [ALICE]},
                "Action": ["sts:AssumeRole"],
            }
        ],
    }


def test_fails_without_a_service() -> None:
    with pytest.raises(ValueError, match="at least one service principal, got none"):
        service_trust([], account_id="123456789012")


def test_fails_without_a_principal() -> None:
    with pytest.raises(ValueError, match="at least one principal ARN, got none"):
        principal_trust([])


@pytest.mark.parametrize("arn", ["*", "arn:aws:iam::123456789012:role/*", f"{ALICE}?"])
def test_fails_on_a_wildcard_principal(arn: str) -> None:
    with pytest.raises(ValueError, match="without wildcard, got") as raised:
        principal_trust([ALICE, arn])
    assert repr(arn) in str(raised.value)
