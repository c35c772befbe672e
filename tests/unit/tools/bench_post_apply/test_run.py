"""One run of post_apply in a process of its own, behind a proxy."""

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Deny, Refuse
from tests.unit.tools.bench_post_apply.runs import CROWD, a_run
from tools.bench_post_apply import run as module
from tools.bench_post_apply.least import least_calls, roles_to_associate
from tools.bench_post_apply.run import RunError, principals, run_post_apply


@pytest.fixture(scope="module")
def crowded(pristine: Sandbox) -> Iterator[Sandbox]:
    """An account of 20 users more, not to be written to."""
    with pristine.fork() as sandbox:
        sandbox.add_crowd(CROWD)
        yield sandbox


@pytest.fixture
def account(crowded: Sandbox) -> Iterator[Sandbox]:
    with crowded.fork() as copy:
        yield copy


def test_a_first_run_associates_everybody_by_the_least_calls_and_a_second_writes_nothing(
    account: Sandbox,
) -> None:
    assert principals(account) == frozenset()
    first = run_post_apply(account)
    again = run_post_apply(account)

    least = least_calls(CROWD)
    assert {name: first.asked[name] for name in least} == least
    assert first.writes == 1 + roles_to_associate(CROWD)
    assert len(first.principals) == roles_to_associate(CROWD) == 26
    assert first.refused == {}
    assert {outcome[0] for outcome in first.outcomes} == {"done"}
    assert (again.writes, again.outcomes) == (0, ())
    assert again.principals == first.principals == principals(account)
    assert 0 < again.seconds < first.seconds
    assert 20 < first.megabytes < 400


def test_one_call_after_another_is_asked_for_and_comes_to_the_same(
    account: Sandbox, crowded: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    run = subprocess.run

    def recorded(command: list[str], **options: Any) -> Any:
        started.append(command)
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", recorded)
    with crowded.fork() as other:
        assert run_post_apply(account, workers=1).result == run_post_apply(other).result
    assert [command[2:] for command in started] == [[module.CHILD, "1"], [module.CHILD]]


def test_what_is_refused_once_is_tried_again_and_counted(account: Sandbox) -> None:
    found = run_post_apply(account, Refuse("ListDomains", "ThrottlingException"))
    assert (found.asked["ListDomains"], found.refused) == (2, {"ListDomains": 1})
    assert len(found.principals) == 26


def test_fails_with_one_line_when_the_run_does(account: Sandbox) -> None:
    with pytest.raises(RunError) as caught:
        run_post_apply(account, Deny(("ListDomains",)))
    assert str(caught.value).startswith("a run exited with 1: botocore.")
    assert "AccessDeniedException" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_fails_when_the_run_does_not_end(account: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_RUN", 0.05)
    with pytest.raises(RunError, match=r"^a run was not over after 0\.05 s$"):
        run_post_apply(account)


def test_writes_are_the_calls_that_are_no_reads() -> None:
    found = a_run(
        asked={"ListDomains": 5, "GetRole": 4, "DescribeDomain": 3, "AssociateThing": 2, "PutX": 1}
    )
    assert (found.calls, found.writes) == (15, 3)


def test_the_result_does_not_depend_on_time_memory_or_calls() -> None:
    assert a_run().result == a_run(seconds=9.0, megabytes=9.0, asked={}, refused={"A": 1}).result
    for other in (
        a_run(principals=frozenset()),
        a_run(outcomes=()),
        a_run(findings=(("error", "role/a"),)),
    ):
        assert other.result != a_run().result
