from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules import privilege_escalation
from tests.unit.scripts.lib.plan_review.rules.subjects import (
    allow,
    found,
    of_key,
    of_role,
    policy,
    risks,
)


@pytest.mark.parametrize("action", ["iam:PutRolePolicy", "iam:*", "lambda:UpdateFunctionCode"])
def test_more_rights_can_be_had(action: str) -> None:
    assert risks(privilege_escalation, of_role(None, policy(allow(action, "*")))) == ["high"]


def test_not_what_reads() -> None:
    reading = policy(allow(["iam:GetRolePolicy", "iam:List*", "s3:GetObject"], "*"))
    assert not found(privilege_escalation, of_role(None, reading))


def test_not_the_account_of_a_key() -> None:
    """AWS's own default of a key's policy."""
    root = allow("kms:*", "*", Principal={"AWS": "arn:aws:iam::123456789012:root"})
    assert not found(privilege_escalation, of_key(None, policy(root)))
    strange = allow("kms:*", "*", Principal={"AWS": "arn:aws:iam::999999999999:root"})
    assert found(privilege_escalation, of_key(None, policy(strange)))
