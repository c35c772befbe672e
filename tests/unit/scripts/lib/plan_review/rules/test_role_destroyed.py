from __future__ import annotations

from scripts.lib.plan_review.rules import role_destroyed
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, subject


def test_a_replacement_has_another_unique_id() -> None:
    (finding,) = found(role_destroyed, replaced("aws_iam_role", {"name": "ds"}))
    assert str(finding.risk) == "high"
    assert "another unique id" in finding.message
    assert "again" in finding.mend


def test_whoever_works_as_it_is_refused() -> None:
    (finding,) = found(role_destroyed, subject("aws_iam_user", {"name": "ben"}))
    assert str(finding.risk) == "medium"
    assert "works as the user is refused" in finding.message
    assert "get-user" in finding.mend


def test_not_a_change_nor_one_that_is_kept() -> None:
    assert not found(role_destroyed, subject("aws_iam_role", {"path": "/"}, {"path": "/x/"}))
    assert not found(role_destroyed, replaced("aws_iam_role", {"name": "ds"}, keeps_old=True))
