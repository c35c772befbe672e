"""What operations share: order of deletion, the stack's status, words."""

import json
import threading
from typing import Any

import pytest

from scripts.sandbox.backends.cloudformation.caller import Caller
from scripts.sandbox.backends.cloudformation.definition import Definition
from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.operation import (
    Operation,
    deletion_order,
    enter,
    message,
    names,
    with_made,
)
from scripts.sandbox.backends.cloudformation.records import Resource, Settings, Stack
from scripts.sandbox.backends.cloudformation.resources.base import Made
from scripts.sandbox.backends.templates import parse

TOPIC = {"Type": "AWS::SNS::Topic"}


def definition(**needs: list[str]) -> Definition:
    resources = {name: {**TOPIC, "DependsOn": needed} for name, needed in needs.items()}
    return Definition(parse(json.dumps({"Resources": resources})))


def stack() -> Stack:
    return Stack("arn", "s", definition(A=[]), Settings())


def test_deletion_reverses_creation_and_takes_only_what_is_asked() -> None:
    made = definition(C=["B"], A=[], B=["A"], D=[])
    order = deletion_order(made, ["A", "B", "C", "unknown"])
    assert order == ["C", "B", "A"]


def test_a_status_comes_with_an_event() -> None:
    made = stack()
    enter(made, "CREATE_IN_PROGRESS", "User Initiated", "t")
    (event,) = made.events
    assert (event.logical_id, event.physical_id, event.status) == ("s", "arn", made.status)
    assert (event.reason, event.token, event.properties) == ("User Initiated", "t", None)
    assert made.deleted is None


@pytest.mark.parametrize(
    ("statuses", "reason"),
    [
        ([("CREATE_IN_PROGRESS", "User Initiated"), ("CREATE_COMPLETE", None)], None),
        ([("ROLLBACK_IN_PROGRESS", "why"), ("ROLLBACK_COMPLETE", None)], "why"),
        ([("UPDATE_ROLLBACK_IN_PROGRESS", "why"), ("UPDATE_ROLLBACK_COMPLETE", None)], "why"),
        ([("ROLLBACK_IN_PROGRESS", "why"), ("ROLLBACK_FAILED", "worse")], "worse"),
        ([("ROLLBACK_COMPLETE", "why"), ("DELETE_COMPLETE", None)], None),
    ],
)
def test_why_a_stack_was_rolled_back_is_told_until_the_next_operation(
    statuses: list[tuple[str, str | None]], reason: str | None
) -> None:
    made = stack()
    for status, why in statuses:
        enter(made, status, why, None)
    assert made.reason == reason
    assert made.events[-1].reason == statuses[-1][1]


def test_a_cancelled_operation_leaves_the_status_to_the_one_that_cancelled_it() -> None:
    made, cancelled = stack(), threading.Event()
    caller = Caller("http://127.0.0.1:1", "eu-west-1", "AKIA", "secret")
    operation = Operation(made, caller, None, cancelled)
    operation.enter("CREATE_IN_PROGRESS")
    cancelled.set()
    operation.enter("CREATE_COMPLETE")
    assert made.status == "CREATE_IN_PROGRESS"
    assert len(made.events) == 1


def test_a_deleted_stack_knows_when() -> None:
    made = stack()
    enter(made, "DELETE_COMPLETE", None, None)
    assert made.deleted is not None
    assert not made.alive


def test_what_a_handler_has_made_is_taken_over() -> None:
    before = Resource("A", "T", "CREATE_IN_PROGRESS", properties={"P": 1})
    after = with_made(before, Made("id", {"X": 1}, secret=True))
    assert (after.physical_id, after.attributes, after.secret) == ("id", {"X": 1}, True)
    assert after.properties == {"P": 1}


@pytest.mark.parametrize(
    ("fault", "words"),
    [(ValidationError("wrong"), "wrong"), (RuntimeError("broken"), "broken")],
)
def test_an_error_is_told_without_its_code(fault: Any, words: str) -> None:
    assert message(fault) == words


def test_failures_are_told_in_awss_words() -> None:
    expected = "The following resource(s) failed to create: [A, B]. "
    assert names("create", ["A", "B"]) == expected
