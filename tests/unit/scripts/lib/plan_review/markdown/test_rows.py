from collections import Counter

import pytest

from scripts.lib.plan_review.markdown.fit import Level, fit
from scripts.lib.plan_review.markdown.rows import change_tables, row_level
from scripts.lib.plan_review.model import (
    Acknowledgement,
    Action,
    AttributeChange,
    Links,
    ReviewedChange,
    Rights,
    Risk,
    Source,
)
from tests.unit.scripts.lib.plan_review.samples import finding, reviewed

GAINED = Rights("policy", ("May a.", "May b."))


def written(*items: ReviewedChange) -> str:
    def note(left_out: Counter[Level]) -> str:
        raise AssertionError(left_out)

    return fit("", tuple(change_tables(items, Links())), "", 100_000, note)


def cells(item: ReviewedChange) -> list[str]:
    return [cell.strip() for cell in written(item).splitlines()[2].split(" | ")]


def test_a_row_says_what_is_done_with_what_and_what_it_means() -> None:
    item = reviewed("a.b", findings=(finding(risk=Risk.HIGH),), source=(Source("m/x.py", 3),))
    assert written(item).rstrip().splitlines() == [
        "| | Resource | What it means | Made in |",
        "|---|---|---|---|",
        "| 🔴&nbsp;update | `a.b` | It may do more. | `x.py:3` |",
    ]


def test_without_any_source_there_is_no_column_for_it() -> None:
    assert "Made in" not in written(reviewed("a.b"))


def test_with_one_source_the_others_have_an_empty_cell() -> None:
    text = written(reviewed("a.b", source=(Source("x.py", 1),)), reviewed("a.c"))
    assert text.splitlines()[3] == "| update | `a.c` |  |  |"


@pytest.mark.parametrize(
    ("item", "meaning"),
    [
        (reviewed("a.b"), "|"),
        (reviewed("a.b", attributes=(AttributeChange("x", "1", "2"),)), "Changes `x` |"),
        (
            reviewed("a.b", attributes=tuple(AttributeChange(x, "1", "2") for x in "uvwxyz")),
            "Changes `u`, `v`, `w`, `x` and 2 more |",
        ),
        (reviewed("a.b", Action.CREATE, attributes=(AttributeChange("x", None, "2"),)), "|"),
        (reviewed("a.b", rights=(GAINED,)), "Rights: 2 gained |"),
        (reviewed("a.b", rights=(Rights("p", lost=("x",)),)), "Rights: 1 lost |"),
        (reviewed("a.b", rights=(Rights("p"),)), "Policy means the same |"),
        (reviewed("a.b", rights=(Rights("p", unreadable="x"),)), "Policy cannot be compared |"),
        (
            reviewed("a.b", Action.REPLACE, replace_paths=(("x",),)),
            "Replaced because of `x`; the old one goes first. |",
        ),
        (reviewed("a.b", previous_address="a.old"), "Moved from `a.old`. |"),
        (
            reviewed("a.b", findings=tuple(finding(message=f"{x}.") for x in "ABCDE")),
            "A.<br>B.<br>C.<br>and 2 more findings |",
        ),
    ],
)
def test_meaning(item: ReviewedChange, meaning: str) -> None:
    assert cells(item)[2] == meaning


def test_the_worst_come_first_then_the_order_of_the_plan() -> None:
    text = written(
        reviewed("a.first"),
        reviewed("a.low", findings=(finding(risk=Risk.LOW),)),
        reviewed("a.second"),
        reviewed("a.high", findings=(finding(risk=Risk.HIGH),)),
    )
    places = [text.index(name) for name in ("a.high", "a.low", "a.first", "a.second")]
    assert places == sorted(places)


def test_many_quiet_rows_are_folded_behind_the_others() -> None:
    quiet = [reviewed(f"a.new{i}", Action.CREATE) for i in range(8)]
    text = written(*quiet, reviewed("a.loud"))
    fold = "<details><summary>8 more: 8 to create: nothing to be said of them</summary>"
    assert text.index("a.loud") < text.index(fold) < text.index("a.new0")
    assert text.count("| | Resource |") == 2


def test_a_few_quiet_rows_stay_with_the_others() -> None:
    quiet = [reviewed(f"a.new{i}", Action.CREATE) for i in range(5)]
    assert "<details>" not in written(*quiet, reviewed("a.loud"))


@pytest.mark.parametrize("number", [10, 11])
def test_nothing_but_quiet_rows_are_folded_if_many(number: int) -> None:
    quiet = [reviewed(f"a.new{i}", Action.CREATE) for i in range(number)]
    assert ("<details>" in written(*quiet)) is (number > 10)


@pytest.mark.parametrize(
    "more",
    [{"findings": (finding(risk=Risk.LOW),)}, {"rights": (GAINED,)}],
    ids=["finding", "rights"],
)
def test_a_creation_of_which_something_is_said_is_not_quiet(more: dict[str, object]) -> None:
    quiet = [reviewed(f"a.new{i}", Action.CREATE) for i in range(20)]
    text = written(*quiet, reviewed("a.said", Action.CREATE, **more))
    assert text.index("a.said") < text.index("<details>")


@pytest.mark.parametrize(
    ("item", "level"),
    [
        (reviewed("a.b", findings=(finding(risk=Risk.HIGH),)), Level.HIGH),
        (reviewed("a.b", findings=(finding(risk=Risk.MEDIUM),)), Level.LOSS),
        (reviewed("a.b", findings=(finding(risk=Risk.LOW),)), Level.ROW),
        (reviewed("a.b", Action.DESTROY), Level.LOSS),
        (reviewed("a.b", Action.FORGET), Level.LOSS),
        (reviewed("a.b", Action.CREATE), Level.ROW),
        (
            reviewed("a.b", findings=(finding(acknowledged=Acknowledgement("r", "w", "2099")),)),
            Level.ROW,
        ),
    ],
)
def test_how_much_a_row_matters(item: ReviewedChange, level: Level) -> None:
    assert row_level(item) is level
