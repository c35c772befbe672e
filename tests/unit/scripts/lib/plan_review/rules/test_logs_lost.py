from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules import logs_lost
from tests.unit.scripts.lib.plan_review.rules.subjects import found, replaced, risks, subject

KIND = "aws_cloudwatch_log_group"


def kept(days: object) -> dict[str, object]:
    return {"name": "logs", "retention_in_days": days}


def test_all_logs_go_with_the_group() -> None:
    assert risks(logs_lost, subject(KIND, kept(90))) == ["medium"]
    assert risks(logs_lost, replaced(KIND, kept(90))) == ["medium"]
    assert not found(logs_lost, subject(KIND, {**kept(90), "skip_destroy": True}))


@pytest.mark.parametrize(
    ("before", "after", "said"), [(365, 30, "for 365 days"), (0, 30, "for ever")]
)
def test_a_shorter_time(before: int, after: int, said: str) -> None:
    (finding,) = found(logs_lost, subject(KIND, kept(before), kept(after)))
    assert finding.message == f"What is older than 30 days is deleted, kept before {said}."
    assert str(finding.risk) == "low"


@pytest.mark.parametrize(
    ("before", "after"), [(30, 365), (30, 0), (30, 30), (None, 30), (30, None), ("90", 30), (-1, 1)]
)
def test_not_a_longer_one_nor_what_is_no_number(before: object, after: object) -> None:
    assert not found(logs_lost, subject(KIND, kept(before), kept(after)))


def test_not_a_new_group_nor_one_known_later() -> None:
    assert not found(logs_lost, subject(KIND, None, kept(1)))
    unknown = {"retention_in_days": True}
    assert not found(logs_lost, subject(KIND, kept(9), kept(1), after_unknown=unknown))
