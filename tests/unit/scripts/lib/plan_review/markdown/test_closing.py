from collections import Counter

from scripts.lib.plan_review.markdown.closing import (
    MOST_FINGERPRINTS,
    acknowledged_section,
    fingerprints_section,
    footer,
    script_section,
)
from scripts.lib.plan_review.markdown.fit import Level, Node, fit
from scripts.lib.plan_review.model import (
    Acknowledgement,
    Review,
    Risk,
    ScriptChange,
    ScriptPlan,
)
from tests.unit.scripts.lib.plan_review.samples import (
    FINGERPRINT,
    finding,
    review,
    reviewed,
    stack_review,
)

SCRIPT = ScriptPlan(
    "123456789012",
    "eu-west-1",
    FINGERPRINT,
    (ScriptChange("associate", "role/a", "port-1", ("It is new", "It is used")),),
)


def rendered(*nodes: Node) -> str:
    def note(left_out: Counter[Level]) -> str:
        raise AssertionError(left_out)

    return fit("", nodes, "", 100_000, note)


def test_the_scripts_part_has_the_form_of_a_stack() -> None:
    text = rendered(*script_section(Review((), SCRIPT)))
    assert text == (
        "#### The script's part: 1 change\n\n"
        "What Terraform cannot hold, in account `123456789012`, `eu-west-1`.\n\n"
        "| | What | Where | Why |\n|---|---|---|---|\n"
        "| associate | `role/a` | `port-1` | It is new<br>It is used |\n\n"
    )


def test_without_a_script_there_is_no_part_of_it() -> None:
    assert rendered(*script_section(Review(()))) == ""


def test_acknowledged_findings_say_who_why_and_for_how_long() -> None:
    given = Acknowledgement("trust-widened", "It must be so.", "2099-01-01", "jane")
    found = finding(risk=Risk.MEDIUM, acknowledged=given)
    text = rendered(*acknowledged_section(review(reviewed("a.b", findings=(found, finding())))))
    assert "<details><summary>1 acknowledged finding</summary>" in text
    assert (
        "- 🟠 `a.b`: It may do more. _Accepted until `2099-01-01`, by jane:_ It must be so. "
        "(`trust-widened`)\n"
    ) in text


def test_without_acknowledged_findings_there_is_no_fold() -> None:
    assert rendered(*acknowledged_section(review(reviewed("a.b", findings=(finding(),))))) == ""


def test_the_footer_names_both_fingerprints() -> None:
    text = footer(Review((), SCRIPT, fingerprint="sha256:abc"))
    assert f"Plan `sha256:abc`, script `{FINGERPRINT}`." in text
    assert footer(Review(())) == ""


def test_a_fingerprint_from_elsewhere_is_short_and_text() -> None:
    script = ScriptPlan("1", "r", "</sub>`|" * 1_000)
    text = footer(Review((), script))
    assert len(text) < 1_500
    assert text.count("</sub>") == 1


def test_stacks_have_their_own_fingerprints_if_they_are_several_but_not_too_many() -> None:
    one, two = stack_review(), stack_review(stack="other")
    assert rendered(*fingerprints_section(Review((one,)))) == ""
    assert f"| `other` | `{FINGERPRINT}` | `1.9.8` |" in rendered(
        *fingerprints_section(Review((one, two)))
    )
    assert not list(fingerprints_section(Review((one,) * (MOST_FINGERPRINTS + 1))))
