from __future__ import annotations

from scripts.lib.plan_review.model import Action, Deferred, Plan
from scripts.lib.plan_review.rules import plan_incomplete

LATER = Deferred("a.b", Action.CREATE, "provider_config_unknown")


def test_there_is_more_to_do() -> None:
    (finding,) = plan_incomplete.check(Plan("main", "1.9.8", "1.2", complete=False))
    assert finding.message.startswith("A part can be planned only after")
    plan = Plan("main", "1.9.8", "1.2", complete=False, deferred=(LATER,))
    (finding,) = plan_incomplete.check(plan)
    assert finding.message.startswith("1 of its resources can be")


def test_not_of_one_that_failed_or_is_whole() -> None:
    for plan in (
        Plan("main", "1.9.8", "1.2", complete=False, errored=True),
        Plan("main", "1.9.8", "1.2"),
    ):
        assert not list(plan_incomplete.check(plan))
