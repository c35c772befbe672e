from collections import Counter

import pytest

from scripts.lib.plan_review.markdown.fit import Level, Node, fit
from scripts.lib.plan_review.markdown.stack import SHOWN_RIGHTS, drift_section, stack_section
from scripts.lib.plan_review.model import (
    Action,
    AttributeChange,
    CheckResult,
    Deferred,
    Links,
    OutputChange,
    Review,
    Rights,
    Risk,
    StackReview,
)
from tests.unit.scripts.lib.plan_review.samples import finding, reviewed, stack_review


def rendered(*nodes: Node) -> str:
    def note(left_out: Counter[Level]) -> str:
        raise AssertionError(left_out)

    return fit("", nodes, "", 100_000, note)


def section(stack: StackReview) -> str:
    return rendered(stack_section(stack, Links(), {}))


def test_the_heading_counts() -> None:
    stack = stack_review(reviewed("a.b"), reviewed("a.c", Action.DESTROY), unchanged=1_200)
    assert section(stack).startswith(
        "#### `governed`: 1 to destroy, 1 to update, 1,200 unchanged\n\n"
    )
    assert section(stack_review()) == "#### `governed`: no resource changes\n\n"


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (
            {"checks": (CheckResult("check.c", "check", "fail", ("It is down.",)),)},
            "- Check `check.c` does not pass: It is down.",
        ),
        (
            {"checks": (CheckResult("check.c", "check", "error"),)},
            "- Check `check.c` does not pass: it says no more",
        ),
        (
            {"checks": (CheckResult("check.c", "check", "unknown"),) * 2},
            "- 2 checks can be made only when it is applied.",
        ),
        (
            {"deferred": (Deferred("a.b", Action.CREATE, "later"),)},
            "- Later: create `a.b`, later",
        ),
        ({"warnings": ("odd thing",)}, "- Warning: odd thing"),
        ({"findings": (finding(risk=Risk.LOW),)}, "- 🟡 **low:** It may do more."),
    ],
)
def test_what_must_be_known_of_the_plan_comes_before_the_table(
    more: dict[str, object], line: str
) -> None:
    lines = section(stack_review(reviewed("a.b"), **more)).splitlines()
    assert lines.index(line) < lines.index("| | Resource | What it means |")


def test_what_a_finding_tells_is_not_told_twice() -> None:
    text = section(
        stack_review(
            findings=(finding(address="check.c", message="odd thing"),),
            checks=(CheckResult("check.c", "check", "fail", ("Down.",)),),
            warnings=("odd thing",),
        )
    )
    assert "Down" not in text
    assert "Warning" not in text


def test_checks_that_pass_are_not_told() -> None:
    text = section(stack_review(checks=(CheckResult("check.c", "check", "pass"),)))
    assert "check" not in text


def test_rights_are_in_sight_but_not_all_of_them() -> None:
    gained = tuple(f"May x{i}." for i in range(SHOWN_RIGHTS + 2))
    text = section(stack_review(reviewed("a.b", rights=(Rights("p", gained),))))
    seen, folded = text.split("<details>", 1)
    assert "**Rights**\n\n- `a.b`\n  - **gained:** May `x0`.\n" in seen
    assert "  - and 2 more, in the details\n" in seen
    assert seen.count("gained:") == SHOWN_RIGHTS
    assert folded.count("gained:") == len(gained)


@pytest.mark.parametrize("rights", [Rights("p"), Rights("p", unreadable="no JSON")])
def test_policies_that_mean_the_same_are_only_in_the_details(rights: Rights) -> None:
    text = section(stack_review(reviewed("a.b", rights=(rights,))))
    assert "**Rights**" not in text
    assert "Rights by `p`" in text


def test_rights_that_a_finding_tells_are_not_told_again_in_sight() -> None:
    rights = Rights("p", ("x may do a", "x may do b"))
    told = (finding(message="x may do a."),)
    seen = section(stack_review(reviewed("a.b", rights=(rights,), findings=told)))
    assert "x may do b" in seen.split("**Rights**")[1].split("<details>")[0]
    assert "x may do a" not in seen.split("**Rights**")[1].split("<details>")[0]
    assert "- **gained:** x may do a\n" in seen
    only = reviewed("a.b", rights=(Rights("p", ("x may do a",)),), findings=told)
    assert "**Rights**" not in section(stack_review(only))


def test_outputs_are_folded() -> None:
    change = AttributeChange("o", "1", "2")
    text = section(stack_review(outputs=(OutputChange("o", Action.UPDATE, change),)))
    assert "<details><summary>1 output changed</summary>\n\n```diff\n- o = 1\n+ o = 2\n" in text


def test_the_picture_is_there_if_it_helps() -> None:
    items = (reviewed("a.b"), reviewed("a.c"))
    drawn = section(stack_review(*items, dependencies={"a.c": frozenset({"a.b"})}))
    assert "```mermaid\nflowchart LR\n" in drawn
    alone = section(stack_review(*items, dependencies={"a.c": frozenset({"a.x"})}))
    assert "Picture" not in alone


def test_drift_is_one_fold_for_all_stacks() -> None:
    drifted = reviewed(
        "a.b",
        attributes=(AttributeChange("x", "1", "2"),),
        rights=(Rights("p", lost=("May no more.",)),),
        findings=(finding(risk=Risk.MEDIUM),),
    )
    gone = reviewed("a.gone", Action.DESTROY)
    review = Review((stack_review(drift=(drifted,)), stack_review(stack="other", drift=(gone,))))
    text = rendered(*drift_section(review))
    assert text.count("<details>") == 1
    assert "2 resources changed outside Terraform" in text
    assert "`a.b` in `governed`\n\n- 🟠 **medium:** It may do more.\n- **lost:** May no" in text
    assert "- x = 1\n+ x = 2\n" in text
    assert "`a.gone` in `other` is gone" in text


def test_with_one_stack_drift_does_not_name_it() -> None:
    text = rendered(*drift_section(Review((stack_review(drift=(reviewed("a.b"),)),))))
    assert "`a.b`\n" in text
    assert "governed" not in text


def test_no_drift_is_no_fold() -> None:
    assert rendered(*drift_section(Review((stack_review(reviewed("a.b")),)))) == ""
