from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.plan_review.model import (
    Acknowledgement,
    Action,
    AttributeChange,
    CheckResult,
    Deferred,
    OutputChange,
    Review,
    Risk,
    ScriptChange,
    ScriptPlan,
    Source,
)
from scripts.lib.plan_review.verdict import SHOWN_DANGERS, judge
from tests.unit.scripts.lib.plan_review.samples import (
    FINGERPRINT,
    finding,
    full,
    review,
    reviewed,
    stack_review,
)

ACCEPTED = Acknowledgement("trust-widened", "It must be so.", "2099-01-01")
SCRIPT = ScriptPlan(
    "123456789012", "eu-west-1", FINGERPRINT, (ScriptChange("associate", "r", "p", ()),)
)
OUTPUT = OutputChange("o", Action.UPDATE, AttributeChange("o", "1", "2"))


def test_everything_together() -> None:
    verdict = judge(full())
    assert verdict.headline == (
        "1 to destroy, 1 to replace, 3 to update, 7 to create, 1 to import in 2 of 3 stacks, "
        "then 1 change by the script; 2 high, 2 medium, 1 low risk"
    )
    assert verdict.risk is Risk.HIGH
    assert verdict.notes == (
        "One run is not enough: 1 resource can be planned only after this one is applied.",
        "1 check does not pass.",
        "2 resources changed outside Terraform; listed after the plan.",
        "1 finding acknowledged, with a reason, at the end.",
    )


@pytest.mark.parametrize(
    ("data", "headline"),
    [
        (review(), "Nothing to do in 1 stack"),
        (Review((stack_review(), stack_review(stack="b"))), "Nothing to do in 2 stacks"),
        (Review(()), "Nothing to do in 0 stacks"),
        (review(reviewed("a.b")), "1 to update in 1 stack"),
        (review(outputs=(OUTPUT,)), "No resource changes in 1 stack, 1 output changes"),
        (review(reviewed("a.b", Action.READ)), "1 to read in 1 stack"),
        (
            Review((stack_review(),), SCRIPT),
            "No resource changes in 1 stack, then 1 change by the script",
        ),
        (
            review(findings=(finding(risk=Risk.LOW),)),
            "No resource changes in 1 stack; 1 low risk",
        ),
    ],
)
def test_headline(data: Review, headline: str) -> None:
    assert judge(data).headline == headline


def test_what_is_acknowledged_is_no_risk() -> None:
    data = review(reviewed("a.b", findings=(finding(acknowledged=ACCEPTED),)))
    verdict = judge(data)
    assert verdict.risk is None
    assert verdict.dangers == ()
    assert "risk" not in verdict.headline


def test_an_acknowledged_loss_is_no_danger_again() -> None:
    lost = reviewed("a.b", Action.DESTROY, findings=(finding(acknowledged=ACCEPTED),))
    assert judge(review(lost)).dangers == ()


def test_a_planning_that_failed_is_said_first() -> None:
    verdict = judge(review(reviewed("a.b"), errored=True, complete=False))
    assert verdict.notes == ("Planning failed in 1 stack: what is here is only a part.",)


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        ({"complete": False}, "something"),
        ({"deferred": (Deferred("a.c", Action.CREATE, "x"),) * 2}, "2 resources"),
    ],
)
def test_a_plan_that_needs_another_run_says_so(more: dict[str, object], parts: str) -> None:
    (note,) = judge(review(reviewed("a.b"), **more)).notes
    assert note == f"One run is not enough: {parts} can be planned only after this one is applied."


@pytest.mark.parametrize(
    ("more", "sound"),
    [
        ({}, True),
        ({"errored": True}, False),
        ({"checks": (CheckResult("c", "check", "error"),)}, False),
        ({"checks": (CheckResult("c", "check", "unknown"),)}, True),
    ],
)
def test_a_plan_is_sound_unless_it_failed_or_a_check_did(
    more: dict[str, object], sound: bool
) -> None:
    assert judge(review(reviewed("a.b"), **more)).sound is sound


def test_checks_that_pass_or_are_unknown_are_no_news() -> None:
    checks = tuple(CheckResult("c", "check", status) for status in ("pass", "unknown"))
    assert judge(review(reviewed("a.b"), checks=checks)).notes == ()
    failed = tuple(CheckResult("c", "check", status) for status in ("fail", "error"))
    assert judge(review(reviewed("a.b"), checks=failed)).notes == ("2 checks do not pass.",)


def test_the_worst_findings_are_the_dangers() -> None:
    items = [
        reviewed(f"a.{risk}", findings=(finding(f"rule-{risk}", risk, f"a.{risk}"),))
        for risk in (Risk.LOW, Risk.HIGH, Risk.MEDIUM)
    ]
    assert [danger.address for danger in judge(review(*items)).dangers] == [
        "a.high",
        "a.medium",
        "a.low",
    ]


def test_different_rules_come_before_more_of_the_same() -> None:
    items = [
        reviewed(f"a.x{i}", findings=(finding("common", address=f"a.x{i}"),)) for i in range(10)
    ]
    items.append(reviewed("a.y", findings=(finding("rare", address="a.y"),)))
    dangers = judge(review(*items)).dangers
    assert [danger.address for danger in dangers] == ["a.x0", "a.y", "a.x1"]
    assert [danger.more for danger in dangers] == [0, 0, 8]


def test_of_the_same_risk_a_loss_comes_first() -> None:
    items = [
        reviewed("a.update", findings=(finding("a-rule", address="a.update"),)),
        reviewed("a.gone", Action.DESTROY, findings=(finding("z-rule", address="a.gone"),)),
    ]
    assert [danger.address for danger in judge(review(*items)).dangers] == ["a.gone", "a.update"]


def test_losses_fill_up_what_rules_leave() -> None:
    items = [
        reviewed("a.new", Action.CREATE),
        reviewed("a.swap", Action.REPLACE, replace_paths=(("name",),)),
        reviewed("a.gone", Action.DESTROY, source=(Source("m.py", 3),)),
        reviewed("a.risk", findings=(finding(address="a.risk"),)),
        reviewed("a.swap2", Action.REPLACE),
    ]
    dangers = judge(review(*items)).dangers
    assert [danger.address for danger in dangers] == ["a.risk", "a.gone", "a.swap"]
    assert dangers[1].message == "It is destroyed."
    assert dangers[1].source == Source("m.py", 3)
    assert dangers[1].risk is None
    assert dangers[2].message == "Replaced because of `name`; the old one goes first."


def test_a_loss_with_a_finding_is_not_named_twice() -> None:
    gone = reviewed("a.gone", Action.DESTROY, findings=(finding(address="a.gone"),))
    assert len(judge(review(gone)).dangers) == 1


def test_findings_of_stacks_and_drift_count_too() -> None:
    drifted = reviewed("a.drift", findings=(finding("d", Risk.MEDIUM, "a.drift"),))
    verdict = judge(review(drift=(drifted,), findings=(finding("s", address="check.c"),)))
    assert [danger.address for danger in verdict.dangers] == ["check.c", "a.drift"]
    assert verdict.dangers[0].action is None


@given(
    st.lists(
        st.tuples(st.sampled_from(Action), st.sampled_from([None, *Risk]), st.booleans()),
        max_size=12,
    )
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_no_danger_is_less_bad_than_one_that_is_not_shown(
    parts: list[tuple[Action, Risk | None, bool]],
) -> None:
    items = []
    for number, (action, risk, accepted) in enumerate(parts):
        found = finding(f"r{number % 3}", risk or Risk.LOW, f"a.b{number}")
        if accepted:
            found = replace(found, acknowledged=ACCEPTED)
        items.append(reviewed(f"a.b{number}", action, findings=(found,) if risk else ()))
    verdict = judge(review(*items))
    risks = sorted((risk for _, risk, accepted in parts if risk and not accepted), reverse=True)
    shown = [danger.risk for danger in verdict.dangers if danger.risk]
    assert shown == risks[:SHOWN_DANGERS]
    assert verdict.risk == max(risks, default=None)
    assert len(verdict.dangers) <= SHOWN_DANGERS
