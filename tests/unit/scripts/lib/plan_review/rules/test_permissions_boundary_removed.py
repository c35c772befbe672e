from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules import permissions_boundary_removed
from tests.unit.scripts.lib.plan_review.rules.subjects import found, risks, subject

BOUND = {"name": "ds", "permissions_boundary": "arn:aws:iam::123456789012:policy/limit"}


@pytest.mark.parametrize("kind", ["aws_iam_role", "aws_iam_user"])
@pytest.mark.parametrize("without", [None, ""])
def test_nothing_limits_it_any_more(kind: str, without: object) -> None:
    after = {"name": "ds", "permissions_boundary": without}
    assert risks(permissions_boundary_removed, subject(kind, BOUND, after)) == ["high"]


def test_a_permission_set() -> None:
    kind, before = "aws_ssoadmin_permissions_boundary_attachment", {"permission_set_arn": "ps-1"}
    assert found(permissions_boundary_removed, subject(kind, before))
    ending = frozenset({("aws_ssoadmin_permission_set", "ps-1")})
    assert not found(permissions_boundary_removed, subject(kind, before, ending=ending))


def test_not_another_nor_unknown_nor_with_the_role() -> None:
    other = {**BOUND, "permissions_boundary": "arn:aws:iam::123456789012:policy/other"}
    unknown = {"permissions_boundary": True}
    for looked_at in (
        subject("aws_iam_role", BOUND, other),
        subject("aws_iam_role", BOUND, {"name": "ds"}, after_unknown=unknown),
        subject("aws_iam_role", BOUND),
        subject("aws_iam_role", None, {"name": "ds"}),
    ):
        assert not found(permissions_boundary_removed, looked_at)
