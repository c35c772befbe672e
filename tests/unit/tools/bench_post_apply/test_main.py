"""``python -m tools.bench_post_apply``."""

import json

import pytest
from rich.console import Console

from scripts.lib.cli import run
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import AnyRule, Delay, Refuse
from tests.unit.tools.bench_post_apply.runs import a_run, measured
from tools.bench_post_apply import __main__ as command
from tools.bench_post_apply.run import Run, RunError


def exit_code(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["bench", *arguments])
    with pytest.raises(SystemExit) as caught:
        run(command.app)
    return int(caught.value.code or 0)


@pytest.mark.parametrize(
    ("changes", "code"), [({}, 0), ({"again": a_run()}, 2), ({"sequential": a_run()}, 2)]
)
def test_exit_code_says_whether_every_goal_is_met(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, object],
    code: int,
) -> None:
    asked: list[int] = []

    def measure(users: int, _: Console) -> object:
        asked.append(users)
        return measured(**changes)

    monkeypatch.setattr(command, "measure", measure)
    assert exit_code(monkeypatch) == code
    assert "ratio: " in capsys.readouterr().out
    assert exit_code(monkeypatch, "--users", "10", "--format", "json") == code
    assert json.loads(capsys.readouterr().out) == measured(**changes).document()
    assert asked == [5000, 10]


@pytest.mark.parametrize("users", ["9", "20001", "-1", "0"])
def test_fails_for_a_number_of_users_that_cannot_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], users: str
) -> None:
    assert exit_code(monkeypatch, "--users", users) == 1
    assert capsys.readouterr().err == f"error: --users is {users}, allowed: 10 to 20000\n"


def test_a_run_that_fails_is_one_line_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(*_: object) -> object:
        raise RunError("a run exited with 1: no reason")

    monkeypatch.setattr(command, "measure", measure)
    assert exit_code(monkeypatch) == 1
    assert capsys.readouterr().err == "error: a run exited with 1: no reason\n"


def test_all_runs_are_made_one_after_the_other_in_accounts_of_their_size(
    monkeypatch: pytest.MonkeyPatch, pristine: Sandbox
) -> None:
    """Without the delay and with one fault: how long it takes is not this test's."""
    made: list[tuple[int | None, tuple[object, ...]]] = []
    real = command.run_post_apply

    def recorded(sandbox: Sandbox, *rules: AnyRule, workers: int | None = None) -> Run:
        made.append((workers, rules))
        return real(sandbox, *rules, workers=workers)

    quick, fault = Delay(0), Refuse("ListDomains", "ThrottlingException")
    monkeypatch.setattr(Sandbox, "start", pristine.fork)
    monkeypatch.setattr(command, "run_post_apply", recorded)
    monkeypatch.setattr(command, "LATENCY", quick)
    monkeypatch.setattr(command, "FAULTS", (fault,))
    monkeypatch.setattr(command, "FAULTY_USERS", 8)
    monkeypatch.setattr(command, "FAULTY_PRINCIPALS", 9)
    bench = command.measure(20, Console(quiet=True))

    assert made == [(1, (quick,)), *[(None, (quick,))] * 4, (None, (quick, fault))]
    assert (bench.smaller_users, bench.faulty_users) == (4, 8)
    runs = (bench.sequential, bench.ours, bench.again, bench.smaller, bench.calm, bench.faulty)
    described = [each.asked["DescribeUserProfile"] - 5 for each in runs]
    assert described == [20, 20, 20, 4, 8, 8]
    assert [len(each.principals) for each in runs] == [26, 26, 26, 10, 9, 9]
    assert [sum(each.refused.values()) for each in runs] == [0, 0, 0, 0, 0, 1]
    assert bench.excess() == {}
    assert [is_met for goal, is_met in bench.goals().items() if "times as fast" not in goal] == [
        True
    ] * 4
