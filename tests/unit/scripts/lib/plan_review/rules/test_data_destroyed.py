from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules import data_destroyed
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, risks, subject


@pytest.mark.parametrize("kind", sorted(data_destroyed.TYPES))
def test_what_it_holds_is_gone(kind: str) -> None:
    (finding,) = found(data_destroyed, subject(kind, {"name": "x"}))
    assert str(finding.risk) == "high"
    assert "Make a copy first" in finding.mend
    (finding,) = found(data_destroyed, replaced(kind, {"name": "x"}))
    assert "copy the data" in finding.mend
    assert not found(data_destroyed, subject(kind, {"name": "x"}, {"name": "y"}))


def test_a_last_snapshot() -> None:
    copied = {"skip_final_snapshot": False, "final_snapshot_identifier": "last"}
    (finding,) = found(data_destroyed, subject("aws_db_instance", copied))
    assert str(finding.risk) == "medium"
    assert finding.message == "The database is deleted, after a last snapshot is taken."
    for odd in ({"skip_final_snapshot": False}, {**copied, "skip_final_snapshot": True}):
        assert risks(data_destroyed, subject("aws_db_instance", odd)) == ["high"]


def test_a_deposed_one_holds_data_too() -> None:
    assert found(data_destroyed, subject("aws_ebs_volume", {}, deposed="ab12"))
