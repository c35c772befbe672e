from __future__ import annotations

from scripts.lib.plan_review.rules import external_account
from tests.unit.scripts.lib.plan_review.rules.subjects import (
    ACCOUNT,
    STRANGER,
    allow,
    found,
    of_key,
    policy,
    subject,
)


def use(account: str) -> str:
    return policy(allow("kms:Decrypt", "*", Principal={"AWS": f"arn:aws:iam::{account}:root"}))


def test_a_stranger() -> None:
    (finding,) = found(external_account, of_key(None, use(STRANGER)))
    assert str(finding.risk) == "high"
    assert STRANGER in finding.message


def test_not_ones_own_nor_one_that_goes() -> None:
    assert not found(external_account, of_key(None, use(ACCOUNT)))
    assert not found(external_account, of_key(use(STRANGER), None))


def test_the_account_of_the_key_is_no_stranger_to_it() -> None:
    def key(text: str) -> dict[str, object]:
        return {"arn": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1", "policy": text}

    none: frozenset[str] = frozenset()
    for account, is_stranger in ((STRANGER, True), (ACCOUNT, False)):
        looked_at = subject("aws_kms_key", key(""), key(use(account)), own_accounts=none)
        assert bool(found(external_account, looked_at)) is is_stranger
