import pytest

from scripts.lib.policy.document import ACCOUNT, EVERYONE, Principal


@pytest.mark.parametrize(
    ("principal", "account_id"),
    [
        (Principal("AWS", "arn:aws:iam::123456789012:role/a"), "123456789012"),
        (Principal("AWS", "arn:aws:sts::123456789012:assumed-role/a/b"), "123456789012"),
        (Principal(ACCOUNT, "123456789012"), "123456789012"),
        (Principal("AWS", "AROAEXAMPLE"), ""),
        (Principal("Service", "a:b:c:d:e:f"), ""),
        (Principal("Federated", "arn:aws:iam::123456789012:oidc-provider/x"), ""),
        (EVERYONE, ""),
    ],
)
def test_account_id(principal: Principal, account_id: str) -> None:
    assert principal.account_id == account_id
