import pytest

from scripts.lib.plan_review.markdown.phrases import (
    action_text,
    finding_line,
    open_findings,
    place,
    places,
    rights_lines,
    worst,
)
from scripts.lib.plan_review.model import (
    Acknowledgement,
    Action,
    Links,
    Rights,
    Risk,
    Source,
)
from tests.unit.scripts.lib.plan_review.samples import finding, reviewed

ACCEPTED = finding(risk=Risk.HIGH, acknowledged=Acknowledgement("r", "why", "2099-01-01"))
LOW, HIGH = finding(risk=Risk.LOW), finding(risk=Risk.HIGH)
LINKS = Links(blob="https://h/o/n/blob/c/")


def test_open_findings_are_those_nobody_acknowledged_the_worst_first() -> None:
    assert open_findings((LOW, ACCEPTED, HIGH)) == [HIGH, LOW]


def test_the_worst_leaves_out_what_is_acknowledged() -> None:
    assert worst(reviewed("a.b", findings=(LOW, ACCEPTED))) is Risk.LOW
    assert worst(reviewed("a.b", findings=(ACCEPTED,))) is None


@pytest.mark.parametrize(
    ("action", "risk", "text"),
    [
        (Action.DESTROY, Risk.HIGH, "🔴 **destroy**"),
        (Action.REPLACE, None, "**replace**"),
        (Action.FORGET, Risk.LOW, "🟡 **forget**"),
        (Action.UPDATE, Risk.MEDIUM, "🟠 update"),
        (Action.CREATE, None, "create"),
    ],
)
def test_what_takes_away_is_bold_and_risk_is_marked(
    action: Action, risk: Risk | None, text: str
) -> None:
    assert action_text(action, risk) == text


def test_a_place_is_linked_if_it_is_known_where_to() -> None:
    source = Source("modules/a.py", 7)
    link = "https://h/o/n/blob/c/modules/a.py#L7"
    assert place(source, LINKS) == f"[`modules/a.py:7`]({link})"
    assert place(source, LINKS, short=True) == f"[`a.py:7`]({link})"
    assert place(source, Links()) == "`modules/a.py:7`"
    assert place(Source("../a.py", 7), LINKS) == "`../a.py:7`"


def test_places_name_the_callers_but_not_all() -> None:
    sources = tuple(Source("m.py", line) for line in range(1, 8))
    assert places(sources[:2], Links()) == "`m.py:1`, called from `m.py:2`"
    assert places(sources, Links()).endswith("`m.py:4` and 3 more")


@pytest.mark.parametrize(
    ("rights", "lines"),
    [
        (Rights("p", ("May a.",), ("May no b.",)), ["**gained:** May a.", "**lost:** May no b."]),
        (Rights("p"), ["written differently, but means the same"]),
        (Rights("p", unreadable="no JSON"), ["cannot be compared: no JSON"]),
    ],
)
def test_rights_are_one_line_a_sentence(rights: Rights, lines: list[str]) -> None:
    assert rights_lines(rights) == lines


def test_a_finding_has_its_way_out() -> None:
    assert finding_line(HIGH) == "🔴 **high:** It may do more."
    assert finding_line(finding(risk=Risk.LOW, mend="Do not.")) == (
        "🟡 **low:** It may do more. _Way out:_ Do not."
    )
