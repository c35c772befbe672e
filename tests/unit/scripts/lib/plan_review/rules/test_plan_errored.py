from __future__ import annotations

from scripts.lib.plan_review.model import Plan
from scripts.lib.plan_review.rules import plan_errored


def test_a_part_is_no_plan() -> None:
    (finding,) = plan_errored.check(Plan("main", "1.9.8", "1.2", errored=True))
    assert (finding.address, str(finding.risk)) == ("main", "high")


def test_not_a_whole_one() -> None:
    assert not list(plan_errored.check(Plan("main", "1.9.8", "1.2", complete=False)))
