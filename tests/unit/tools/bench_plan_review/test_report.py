"""Side by side, and whether the goals are met."""

import io
import json

import pytest
from rich.console import Console

from tools.bench_plan_review.report import Measured, print_text
from tools.bench_plan_review.run import Run

TIME = "at most 2 times as long as parsing, and 1 s"
MEMORY = "at most 3 times the memory of what is parsed"


def measured(seconds: float = 2.0, megabytes: float = 300.0) -> Measured:
    return Measured(
        resources=5000,
        file_megabytes=50.0,
        parses=(Run(0.5, 100.0), Run(9.0, 100.0), Run(0.1, 1.0)),
        reviews=(Run(seconds, megabytes), Run(99.0, 1000.0), Run(0.1, 1.0)),
    )


@pytest.mark.parametrize(
    ("seconds", "megabytes", "missed"),
    [
        (2.0, 300.0, set()),
        (2.01, 300.0, {TIME}),
        (2.0, 300.1, {MEMORY}),
        (3.0, 400.0, {TIME, MEMORY}),
    ],
)
def test_goals_are_judged_by_the_medians(
    seconds: float, megabytes: float, missed: set[str]
) -> None:
    goals = measured(seconds, megabytes).goals()
    assert goals.keys() == {TIME, MEMORY}
    assert {goal for goal, is_met in goals.items() if not is_met} == missed


def test_the_document_has_every_run() -> None:
    document = measured().document()
    assert json.loads(json.dumps(document)) == document
    assert document["most"] == {"seconds": 2.0, "megabytes": 300.0}
    assert document["parse"] == {
        "seconds": 0.5,
        "megabytes": 100.0,
        "runs": [
            {"seconds": 0.5, "megabytes": 100.0},
            {"seconds": 9.0, "megabytes": 100.0},
            {"seconds": 0.1, "megabytes": 1.0},
        ],
    }


def test_the_text_says_what_is_missed() -> None:
    stream = io.StringIO()
    print_text(measured(seconds=2.5), Console(file=stream, width=100))
    text = stream.getvalue()
    assert "5,000 resources, 50 MB of JSON" in text
    assert "2.50 99.00 0.10" in text
    assert f"{TIME}: NO" in text
    assert f"{MEMORY}: yes" in text
