"""What is measured, in processes of their own."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools.bench_plan_review.run import RunError, run_parse, run_review
from tools.bench_plan_review.sample import write_plan


def test_a_small_plan_is_parsed_and_reviewed(tmp_path: Path) -> None:
    path, out = tmp_path / "big.json", tmp_path / "review.md"
    write_plan(path, 60)
    parse, review = run_parse(path), run_review(path, out)
    assert 0 < parse.seconds < 1
    assert 0 < parse.megabytes < 50
    assert parse.seconds < review.seconds < 30
    assert parse.megabytes < review.megabytes < 300
    assert "big" in out.read_text(encoding="utf-8")


def test_fails_in_one_line_when_the_command_does(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    path.write_text("no plan", encoding="utf-8")
    with pytest.raises(RunError, match=r"a run exited with 1: error: plan .*it is text, not JSON"):
        run_review(path, tmp_path / "review.md")


def done(code: int, stdout: str = "", stderr: str = "") -> Any:
    return lambda *_, **__: subprocess.CompletedProcess([], code, stdout, stderr)


def test_fails_when_nothing_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", done(0, '{"seconds": 1, "megabytes": 1}'))
    with pytest.raises(RunError, match="a run wrote no review"):
        run_review(tmp_path / "big.json", tmp_path / "review.md")


def test_fails_when_a_run_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", done(-9))
    with pytest.raises(RunError, match="a run exited with -9: no message"):
        run_parse(tmp_path / "big.json")


def test_fails_when_a_run_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: Any, **options: Any) -> Any:
        raise subprocess.TimeoutExpired("bench", options["timeout"])

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(RunError, match="a run was not over after 600 s"):
        run_parse(tmp_path / "big.json")
