from __future__ import annotations

from scripts.lib.plan_review.model import Risk, Rule
from scripts.lib.plan_review.rules.subject import of_concerns, shown
from scripts.lib.policy.concerns import ConcernKind
from tests.unit.scripts.lib.plan_review.rules.subjects import (
    allow,
    of_role,
    of_trust,
    policy,
    replaced,
    subject,
)

RULE = Rule("a-rule", "A rule", "It has to be.", Risk.LOW)


def test_what_is_gone() -> None:
    assert subject("x", {}).is_gone
    assert replaced("x", {}).is_gone
    assert replaced("x", {}).is_replaced
    assert not replaced("x", {}, keeps_old=True).is_gone
    assert not subject("x", {}, {}).is_gone
    deposed = subject("x", {}, deposed="ab12")
    assert deposed.takes_data
    assert not deposed.is_gone


def test_what_turns_is_lost_or_becomes() -> None:
    looked_at = subject("x", {"a": True, "b": "k", "c": 1}, {"a": False, "b": "", "c": 2})
    assert looked_at.turns("a", was=True, becomes=False)
    assert not looked_at.turns("a", was=False, becomes=True)
    assert looked_at.loses("b")
    assert not looked_at.loses("c")
    assert looked_at.becomes("c", value=2)
    assert not looked_at.becomes("c", value=1)


def test_a_whole_object_that_goes_turns_nothing() -> None:
    looked_at = subject("x", {"a": True})
    assert not looked_at.turns("a", was=True, becomes=None)
    assert not looked_at.loses("a")


def test_ends_with_its_owner_only_when_destroyed() -> None:
    ending = frozenset({("y", "o")})
    assert subject("x", {"of": "o"}, ending=ending).ends_with("y", "of")
    assert not subject("x", {"of": "o"}, ending=ending).ends_with("z", "of")
    assert not subject("x", {"of": ["p"]}, ending=ending).ends_with("y", "of")
    assert not replaced("x", {"of": "o"}, ending=ending).ends_with("y", "of")


def test_a_finding_has_the_rules_risk_unless_another_is_given() -> None:
    looked_at = subject("x", {})
    assert looked_at.find(RULE, "It is.").risk is Risk.LOW
    assert looked_at.find(RULE, "It is.", risk=Risk.HIGH).risk is Risk.HIGH


def test_concerns_become_sentences() -> None:
    check = of_concerns(RULE, ConcernKind.ALL_ACTIONS, mend="Do not.")
    (finding,) = check(of_role(None, policy(allow("*", "*"))))
    assert finding.message.startswith("Role ds may ")
    assert finding.message.endswith(".")
    assert (finding.rule, finding.risk, finding.mend) == ("a-rule", Risk.HIGH, "Do not.")


def test_not_of_new_policies_where_those_do_not_count() -> None:
    trust = policy(allow("sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"}))
    check = of_concerns(RULE, ConcernKind.TRUST_WIDENED, of_new=False)
    assert not list(check(of_trust(None, trust)))
    assert list(check(of_trust(policy(), trust)))


def test_a_name_keeps_its_case() -> None:
    check = of_concerns(RULE, ConcernKind.TRUST_WIDENED)
    trust = policy(allow("sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"}))
    (finding,) = check(of_trust(policy(), trust))
    assert finding.message.startswith("ec2.amazonaws.com may ")


def test_values_are_printable_short_and_no_secret() -> None:
    assert shown("a\nb") == "a\\nb"
    assert len(shown("x" * 9_000)) < 300
    assert "AKIA" not in shown("AKIAIOSFODNN7EXAMPLE")
