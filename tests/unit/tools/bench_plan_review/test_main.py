"""``python -m tools.bench_plan_review``."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from scripts.lib.cli import run
from tools.bench_plan_review import __main__ as command
from tools.bench_plan_review.run import Run, RunError


def exit_code(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["bench", *arguments])
    with pytest.raises(SystemExit) as caught:
        run(command.app)
    return int(caught.value.code or 0)


def measure_as(monkeypatch: pytest.MonkeyPatch, seconds: float) -> list[Path]:
    """Let each review take so long, and each load half a second."""
    seen: list[Path] = []

    def run_parse(plan: Path) -> Run:
        json.loads(plan.read_text(encoding="utf-8"))
        seen.append(plan)
        return Run(0.5, 100.0)

    def run_review(_: Path, out: Path) -> Run:
        seen.append(out)
        return Run(seconds, 200.0)

    monkeypatch.setattr(command, "run_parse", run_parse)
    monkeypatch.setattr(command, "run_review", run_review)
    return seen


@pytest.mark.parametrize(("seconds", "code"), [(1.5, 0), (2.5, 2)])
def test_exit_code_says_whether_every_goal_is_met(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seconds: float,
    code: int,
) -> None:
    seen = measure_as(monkeypatch, seconds)
    assert exit_code(monkeypatch, "--resources", "10") == code
    assert "10 resources" in capsys.readouterr().out
    assert exit_code(monkeypatch, "--resources", "10", "--format", "json") == code
    document = json.loads(capsys.readouterr().out)
    assert all(document["goals"].values()) is (code == 0)
    assert len(document["parse"]["runs"]) == len(document["review"]["runs"]) == command.RUNS >= 3
    assert len(seen) == 4 * command.RUNS
    assert not any(path.exists() for path in seen)


@pytest.mark.parametrize("resources", ["9", "100001", "-1", "0"])
def test_fails_for_a_number_of_resources_that_cannot_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], resources: str
) -> None:
    assert exit_code(monkeypatch, "--resources", resources) == 1
    expected = f"error: --resources is {resources}, allowed: 10 to 100000\n"
    assert capsys.readouterr().err == expected


def test_a_run_that_fails_is_one_line_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(_: int, __: Console) -> object:
        raise RunError("a run exited with 1: no reason")

    monkeypatch.setattr(command, "measure", measure)
    assert exit_code(monkeypatch) == 1
    assert capsys.readouterr().err == "error: a run exited with 1: no reason\n"
