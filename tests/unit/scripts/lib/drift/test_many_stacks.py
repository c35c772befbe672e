"""Many stacks side by side: order, progress, and an end that leaves nothing running."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from scripts.lib import process
from scripts.lib.drift import many_stacks, terraform_plane
from scripts.lib.drift.many_stacks import Stack, check_stacks, cores, summary
from scripts.lib.drift.model import Checked, Drift, Failure, Plane
from scripts.lib.drift.terraform_plane import Looked
from scripts.lib.plan_review.model import Risk
from tests.unit.scripts.lib.drift.terraform_stub import Stub

PLANE = Plane.TERRAFORM
DRIFT = Drift(PLANE, "web", "aws_x.y", "It was changed.", "a", "b", Risk.LOW)


def stacks(*names: str) -> list[Stack]:
    return [Stack(name, Path(name)) for name in names]


def test_results_come_in_the_order_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first is the last to end."""
    others = threading.Semaphore(0)

    def look(_: Path, stack: str, *__: object) -> Looked:
        if stack == "a":
            assert others.acquire(timeout=10)
            assert others.acquire(timeout=10)
        else:
            others.release()
        return Looked(Checked(PLANE, stack))

    monkeypatch.setattr(many_stacks, "look", look)
    told: list[str] = []
    results = check_stacks(stacks("a", "b", "c"), {}, at_once=2, progress=told.append)
    assert [checked.stack for checked in results] == ["a", "b", "c"]
    assert [line.split(":")[0] for line in told] == ["1/3 b", "2/3 c", "3/3 a"]


def test_no_more_than_asked_for_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lock, running, most = threading.Lock(), [0], [0]
    gate = threading.Barrier(2)

    def look(_: Path, stack: str, *__: object) -> Looked:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        gate.wait(10)
        with lock:
            running[0] -= 1
        return Looked(Checked(PLANE, stack))

    monkeypatch.setattr(many_stacks, "look", look)
    check_stacks(stacks(*"abcdef"), {}, at_once=2, progress=lambda _: None)
    assert most == [2]


def test_no_stacks_are_no_work() -> None:
    assert check_stacks([], {}) == ()


def test_one_that_fails_does_not_hold_up_the_others(tmp_path: Path) -> None:
    stub = Stub(tmp_path / "stub")
    given = [Stack("gone", tmp_path / "gone"), Stack("web", stub.directory)]
    first, second = check_stacks(given, stub.environment, progress=lambda _: None)
    assert "cdktf synth" in first.failures[0].reason
    assert second == Checked(PLANE, "web", seconds=second.seconds)


def test_an_interrupt_ends_what_runs(tmp_path: Path) -> None:
    """Progress is told in the main thread, where Ctrl-C arrives."""
    stub = Stub(tmp_path / "stub")
    stub.body('echo $$ > "$R/pid"; exec sleep 300')
    given = [Stack("gone", tmp_path / "gone"), Stack("web", stub.directory)]

    def interrupt(_: str) -> None:
        while not (stub.root / "pid").exists() or not (stub.root / "pid").read_text():
            time.sleep(0.01)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_stacks(given, stub.environment, at_once=2, progress=interrupt)
    pid = int((stub.root / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists()


def test_what_has_not_begun_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    began, ended = list[str](), threading.Event()

    def look(_: Path, stack: str, *__: object) -> Looked:
        began.append(stack)
        assert stack == "a" or ended.wait(10)
        return Looked(Checked(PLANE, stack))

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(many_stacks, "look", look)
    monkeypatch.setattr(many_stacks, "end_running", ended.set)
    with pytest.raises(KeyboardInterrupt):
        check_stacks(stacks(*"abcd"), {}, at_once=1, progress=interrupt)
    assert set(began) <= {"a", "b"}


def test_what_starts_after_the_interrupt_is_ended_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = Stub(tmp_path / "stub")
    stub.body('echo $$ > "$R/pid"; exec sleep 300')
    begun, interrupted = threading.Event(), threading.Event()

    def look(directory: Path, stack: str, *rest: Any) -> Looked:
        if stack == "web":
            begun.set()
            assert interrupted.wait(10)
        return terraform_plane.look(directory, stack, *rest)

    def interrupt(_: str) -> None:
        assert begun.wait(10)
        raise KeyboardInterrupt

    def end_running() -> None:
        interrupted.set()
        process.end_running()

    monkeypatch.setattr(many_stacks, "look", look)
    monkeypatch.setattr(many_stacks, "end_running", end_running)
    given = [Stack("gone", tmp_path / "gone"), Stack("web", stub.directory)]
    with pytest.raises(KeyboardInterrupt):
        check_stacks(given, stub.environment, at_once=2, progress=interrupt)
    written = stub.root / "pid"
    assert not written.exists() or not Path(f"/proc/{written.read_text().strip()}").exists()


@pytest.mark.parametrize(
    ("checked", "line"),
    [
        (Checked(PLANE, "web", seconds=7.4), "web: no drift (7 s)"),
        (Checked(PLANE, "web", (DRIFT,), seconds=1), "web: 1 drift (1 s)"),
        (Checked(PLANE, "web", (DRIFT, DRIFT), seconds=1), "web: 2 drifts (1 s)"),
        (
            Checked(PLANE, "web", failures=(Failure(PLANE, "web", "no credentials"),)),
            "web: no credentials",
        ),
    ],
)
def test_a_check_is_told_in_a_line(checked: Checked, line: str) -> None:
    assert summary(checked) == line


def test_there_is_a_core() -> None:
    assert cores() >= 1


def test_progress_goes_to_stderr(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    check_stacks([Stack("web", tmp_path / "gone")], {})
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("1/1 web: ")
