"""The process that is measured."""

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.bench_plan_review import child


def test_parsing_takes_memory_for_what_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    path.write_text(f"[{','.join(['[1.5]'] * 300_000)}]", encoding="utf-8")
    # In a process of its own, as it is measured: this one may have memory to spare.
    done = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-m", "tools.bench_plan_review.child", "parse", str(path)],
        capture_output=True,
        check=True,
    )
    measured = json.loads(done.stdout)
    assert measured["seconds"] > 0
    assert 20 < measured["megabytes"] < 100


def test_fails_for_other_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["child", "guess"])
    with pytest.raises(SystemExit, match="allowed: parse FILE, review FILE OUT"):
        child.main()


@pytest.mark.parametrize(("code", "fails"), [(0, False), (2, False), (None, False), (1, True)])
def test_a_review_that_finds_changes_has_not_failed(
    monkeypatch: pytest.MonkeyPatch, code: int | None, fails: bool
) -> None:
    def run_module(*_: Any, **__: Any) -> None:
        assert sys.argv[1:] == ["in.json", "--format", "markdown", "--out", "out.md"]
        raise SystemExit(code)

    monkeypatch.setattr(runpy, "run_module", run_module)
    monkeypatch.setattr(sys, "argv", [])
    if fails:
        with pytest.raises(SystemExit):
            child.review(Path("in.json"), Path("out.md"))
    else:
        assert child.review(Path("in.json"), Path("out.md"))["megabytes"] >= 0
