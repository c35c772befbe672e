"""Whatever happens, each request is answered once and in time, its id is stable, nothing is
leaked, and nobody else's notebook is touched: in generated histories.

``HISTORIES=20000`` in the environment runs that many, of other seeds each time.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from modules.notebook_builder import decisions, handler, request
from modules.notebook_builder.aws import Aws
from tests.unit.modules.notebook_builder.histories import Histories
from tests.unit.modules.notebook_builder.invocation import Weather
from tests.unit.modules.notebook_builder.world import PROPERTIES

WANTED = int(os.environ.get("HISTORIES", "1000"))

SETTINGS = settings(
    max_examples=WANTED,
    stateful_step_count=8,
    deadline=None,
    derandomize="HISTORIES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_every_history_ends_well() -> None:
    before = Histories.run
    run_state_machine_as_test(Histories, settings=SETTINGS)
    assert Histories.run - before >= WANTED


def every_notebook_is_ours(_now: Any, _notebook: Any) -> bool:
    return True


def gone_unless_seen(self: Any, name: str) -> Any:
    try:
        return LOOK(self, name)
    except ClientError:
        return None


def answer_twice(*arguments: Any) -> None:
    ANSWER(*arguments)
    ANSWER(*arguments)


def answer_nobody(*_arguments: Any) -> None:
    """Keep silent."""


def a_new_id_each_time(event: Any) -> str:
    return f"{PHYSICAL_ID(event)}-{next(NUMBERS)}"


LOOK = Aws.notebook
ANSWER = handler._answer
PHYSICAL_ID = handler._physical_id
NUMBERS = itertools.count()
ANY_STATUS = [
    f"{doing}{how}"
    for doing in ("CREATE", "UPDATE", "UPDATE_ROLLBACK", "ROLLBACK", "DELETE")
    for how in ("_IN_PROGRESS", "_COMPLETE", "_COMPLETE_CLEANUP_IN_PROGRESS", "_FAILED")
]

Changes = list[tuple[Any, str, Any]]

BROKEN: dict[str, tuple[Changes, str]] = {
    "touches a stranger's": (
        [(decisions, "_ours", every_notebook_is_ours)],
        "somebody else's notebook|and it is not|belongs to",
    ),
    "takes an error for gone": (
        [(Aws, "notebook", gone_unless_seen)],
        "it is there|of a stack that is",
    ),
    "answers twice": ([(handler, "_answer", answer_twice)], "with 2 answers taken"),
    "answers nobody": ([(handler, "_answer", answer_nobody)], "with 0 answers taken"),
    "knows no deadline": (
        [(handler, "RESERVE_SECONDS", -1e6), (handler, "ALARM_SECONDS", -1e6)],
        "did not end before its deadline",
    ),
    "leaves the answer no time": (
        [(handler, "RESERVE_SECONDS", 0.1), (handler, "ALARM_SECONDS", 0.1)],
        "did not end before its deadline",
    ),
    "has no stable id": (
        [(handler, "_physical_id", a_new_id_each_time)],
        "names another resource|name two resources|says that",
    ),
    "forgets what was never answered": ([(decisions, "ENDING", ())], "of a stack that is"),
    "forgets the launcher": (
        [(decisions, "launcher_id", lambda *_arguments: None)],
        "belongs to None",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_builder_is_found(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule above can fail: each is broken here on purpose."""
    changes, complaint = BROKEN[broken]
    for owner, name, instead in changes:
        monkeypatch.setattr(owner, name, instead)
    quick = settings(
        SETTINGS, max_examples=1000, derandomize=True, phases=[Phase.generate], print_blob=False
    )
    with pytest.raises(AssertionError, match=complaint):
        run_state_machine_as_test(Histories, settings=quick)


def calm() -> Weather:
    return Weather()


def named(name: str) -> dict[str, str]:
    return PROPERTIES | {"NotebookInstanceName": name}


def a_failure_answered_and_thought_lost(history: Histories) -> None:
    """Lambda repeats the Create after CloudFormation has undone it."""
    lost = ["taken but unanswered"] * 3
    troubles = Weather(puts=lost, transitions=[(30, False)])
    history.launch("amy", named("first"), lambda: troubles, 2000)


def a_delete_before_the_tags_show(history: Histories) -> None:
    """The Create fails just after SageMaker has accepted the notebook."""
    troubles = Weather(calls=["fine"] * 5 + ["denied"], tag_lags=[20])
    history.launch("amy", named("first"), lambda: troubles, 2000)


def a_create_that_is_never_answered(history: Histories) -> None:
    history.launch("amy", named("first"), lambda: Weather(puts=["unanswered"] * 9), 5000)


def a_replacement_that_is_never_answered(history: Histories) -> None:
    history.launch("amy", named("first"), calm, 100)
    history.update(0, named("second"), lambda: Weather(puts=["unanswered"] * 9), 5000)


def a_delete_repeated_when_the_name_is_in_use_again(history: Histories) -> None:
    history.launch("amy", named("first"), calm, 100)
    history.update(0, named("second"), calm, 400)
    deletion = history.account.cloudformation.recent(within=400)[-1]
    assert (deletion["RequestType"], deletion["PhysicalResourceId"]) == ("Delete", "first")
    history.update(0, named("first"), calm, 400)
    history.account.invoke(deletion)
    history.account.clockwork.run(900)


RARE: list[tuple[Callable[[Histories], None], Any, str, Any, str]] = [
    (
        a_failure_answered_and_thought_lost,
        decisions,
        "BUILDING",
        dict.fromkeys(("Create", "Update"), ANY_STATUS),
        "of a stack that is ROLLBACK_COMPLETE",
    ),
    (
        a_delete_before_the_tags_show,
        decisions,
        "_may_be_tagged_soon",
        lambda _now: False,
        "says that first is gone, and it is there",
    ),
    (
        a_create_that_is_never_answered,
        decisions,
        "ENDING",
        (),
        "first of a stack that is ROLLBACK_COMPLETE",
    ),
    (
        a_replacement_that_is_never_answered,
        request,
        "_leftover",
        lambda *_arguments: None,
        "second of a stack that is UPDATE_ROLLBACK_COMPLETE",
    ),
    (
        a_delete_repeated_when_the_name_is_in_use_again,
        decisions,
        "LIVING",
        (),
        "a late repetition deletes the notebook first",
    ),
]


@pytest.mark.parametrize("rare", RARE, ids=lambda rare: rare[0].__name__)
def test_what_hypothesis_finds_seldom(rare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends well; and not without what was built for it."""
    story, owner, name, instead, complaint = rare
    history = Histories()
    story(history)
    history.teardown()
    monkeypatch.setattr(owner, name, instead)
    history = Histories()
    story(history)
    with pytest.raises(AssertionError, match=complaint):
        history.teardown()
