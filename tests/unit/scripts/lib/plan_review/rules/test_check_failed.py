from __future__ import annotations

from scripts.lib.plan_review.model import CheckResult, Plan
from scripts.lib.plan_review.rules import check_failed


def plan(*checks: CheckResult) -> Plan:
    return Plan("main", "1.9.8", "1.2", checks=checks)


def test_what_fails_and_why() -> None:
    result = CheckResult("check.health", "check", "fail", ("It is down.", "It\nburns."))
    (finding,) = check_failed.check(plan(result))
    assert (finding.address, str(finding.risk)) == ("check.health", "high")
    assert finding.message == "The check fails: It is down.; It burns."


def test_what_could_not_be_evaluated() -> None:
    (finding,) = check_failed.check(plan(CheckResult("", "check", "error")))
    assert (finding.address, str(finding.risk)) == ("main", "medium")
    assert finding.message == "The check could not be evaluated."


def test_not_what_holds_or_is_not_known_yet() -> None:
    checks = (CheckResult("a", "check", status) for status in ("pass", "unknown", "new"))
    assert not list(check_failed.check(plan(*checks)))


def test_a_long_reason_is_cut() -> None:
    (finding,) = check_failed.check(plan(CheckResult("a", "check", "fail", ("x" * 9_000,))))
    assert len(finding.message) < 600
