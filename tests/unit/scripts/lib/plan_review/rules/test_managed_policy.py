from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules import managed_policy
from tests.unit.scripts.lib.plan_review.rules.subjects import found, risks, subject

ATTACHED = "aws_iam_role_policy_attachment"


def attached(name: str, path: str = "") -> dict[str, object]:
    return {"role": "ds", "policy_arn": f"arn:aws:iam::aws:policy/{path}{name}"}


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("AdministratorAccess", "everything"),
        ("IAMFullAccess", "every right to be given to anybody"),
        ("PowerUserAccess", "nearly everything but IAM"),
    ],
)
def test_the_worst(name: str, what: str) -> None:
    (finding,) = found(managed_policy, subject(ATTACHED, None, attached(name)))
    assert str(finding.risk) == "high"
    assert finding.message == f"ds gets {name}, which allows {what}."


def test_all_of_a_service() -> None:
    assert risks(managed_policy, subject(ATTACHED, None, attached("AmazonS3FullAccess"))) == [
        "medium"
    ]
    looked_at = subject(ATTACHED, None, attached("AmazonXFullAccess", "job-function/"))
    (finding,) = found(managed_policy, looked_at)
    assert finding.message.endswith("allows all of a service, on every resource.")


def test_a_role_that_lists_them() -> None:
    few = {"name": "ds", "managed_policy_arns": []}
    more = {"name": "ds", "managed_policy_arns": ["arn:aws-cn:iam::aws:policy/IAMFullAccess"]}
    assert risks(managed_policy, subject("aws_iam_role", few, more)) == ["high"]
    assert not found(managed_policy, subject("aws_iam_role", more, few))
    assert not found(managed_policy, subject("aws_iam_role", more, {**more, "path": "/x/"}))


@pytest.mark.parametrize(
    "arn",
    [
        None,
        7,
        "",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:iam::123456789012:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/AdministratorAccess:x",
        "AdministratorAccess",
    ],
)
def test_not_a_smaller_one_nor_one_of_ones_own(arn: object) -> None:
    assert not found(managed_policy, subject(ATTACHED, None, {"role": "ds", "policy_arn": arn}))


def test_not_one_that_goes() -> None:
    assert not found(managed_policy, subject(ATTACHED, attached("AdministratorAccess")))
