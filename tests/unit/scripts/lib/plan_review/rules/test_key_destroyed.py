from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules import key_destroyed
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, risks, subject


def test_what_is_under_it_is_lost_after_the_window() -> None:
    (finding,) = found(key_destroyed, subject("aws_kms_key", {"deletion_window_in_days": 7}))
    assert str(finding.risk) == "high"
    assert "after 7 days" in finding.message


@pytest.mark.parametrize("window", [None, "7", 0, True, {"7": 7}])
def test_an_odd_window_is_the_default(window: object) -> None:
    (finding,) = found(key_destroyed, subject("aws_kms_key", {"deletion_window_in_days": window}))
    assert "after 30 days" in finding.message


def test_a_replacement_is_as_bad() -> None:
    assert risks(key_destroyed, replaced("aws_kms_key", {})) == ["high"]


def test_not_a_change_nor_one_that_terraform_keeps() -> None:
    assert not found(key_destroyed, subject("aws_kms_key", {}, {"description": "b"}))
    assert not found(key_destroyed, replaced("aws_kms_key", {}, keeps_old=True))
