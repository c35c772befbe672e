"""Side by side, and whether the goals are met."""

import io
import json

import pytest
from rich.console import Console

from tests.unit.tools.bench_post_apply.runs import CROWD, a_run, measured
from tools.bench_post_apply.least import least_calls
from tools.bench_post_apply.report import Measured, print_text

RATIO = "8 times as fast as one call after another"
SAME = "the same result as one call after another"
LEAST = "no more calls than are needed"
NO_WRITE = "no write in a second run"
FAULTS = "the same result with faults"
ENABLE = "EnableSagemakerServicecatalogPortfolio"


def missed(bench: Measured) -> set[str]:
    return {goal for goal, is_met in bench.goals().items() if not is_met}


def test_a_bench_can_meet_every_goal() -> None:
    bench = measured()
    assert bench.goals().keys() == {RATIO, SAME, LEAST, NO_WRITE, FAULTS}
    assert (missed(bench), bench.ratio) == (set(), 10.0)


@pytest.mark.parametrize(
    ("changes", "goals"),
    [
        ({"sequential": a_run(seconds=16.0)}, set()),
        ({"sequential": a_run(seconds=15.9)}, {RATIO}),
        ({"sequential": a_run(seconds=20.0, principals=frozenset())}, {SAME}),
        ({"ours": a_run(outcomes=())}, {SAME}),
        ({"ours": a_run(asked={**least_calls(CROWD), "DescribeUserProfile": 26})}, {LEAST}),
        ({"ours": a_run(asked={**least_calls(CROWD), "ListSpaces": 2})}, {LEAST}),
        ({"again": a_run(asked={ENABLE: 1})}, {NO_WRITE}),
        ({"faulty": a_run(principals=frozenset({"role/a", "role/b"}))}, {FAULTS}),
        ({"faulty": a_run(findings=(("error", "role/a"),))}, {FAULTS}),
    ],
)
def test_each_goal_can_be_missed(changes: dict[str, object], goals: set[str]) -> None:
    assert missed(measured(**changes)) == goals


def test_calls_that_differ_from_the_least_are_named() -> None:
    asked = {**least_calls(CROWD), "DescribeUserProfile": 30, "Other": 7}
    del asked["ListDomains"]
    assert measured(ours=a_run(asked=asked)).excess() == {
        "DescribeUserProfile": (30, 25),
        "ListDomains": (0, 1),
    }


def test_the_text_has_every_run_every_operation_and_every_goal() -> None:
    stream = io.StringIO()
    print_text(measured(again=a_run(asked={ENABLE: 1})), Console(file=stream, width=120))
    text = stream.getvalue()
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines()]
    assert ["one call after another", "20", "20.0", "63", "0", "27", "70"] in cells
    assert ["post_apply, smaller", "4", "2.0", "63", "0", "27", "60"] in cells
    assert ["post_apply, with faults", "10", "9.0", "63", "3", "27", "70"] in cells
    assert ["DescribeUserProfile", "25", "25"] in cells
    assert ["GetCallerIdentity", "1", "-"] in cells
    assert "ratio: 10.0 (goal: 8)" in text
    assert f"{SAME}: yes" in text
    assert f"{NO_WRITE}: NO" in text


def test_the_document_holds_all_that_was_measured_as_json() -> None:
    document = json.loads(json.dumps(measured().document()))
    assert (document["users"], document["roles"], document["ratio"]) == (20, 20, 10.0)
    assert document["goals"] == measured().goals()
    assert document["least_calls"] == least_calls(CROWD)
    runs = document["runs"]
    assert list(runs) == ["sequential", "ours", "again", "smaller", "calm", "faulty"]
    assert [run["users"] for run in runs.values()] == [20, 20, 20, 4, 10, 10]
    assert runs["faulty"] == {
        "users": 10,
        "seconds": 9.0,
        "megabytes": 70.0,
        "calls": 63,
        "writes": 27,
        "asked": {**least_calls(CROWD), "GetCallerIdentity": 1},
        "refused": {"ListDomains": 3},
        "principals": 1,
    }
