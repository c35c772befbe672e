"""Records of stacks."""

import json

import pytest

from scripts.sandbox.backends.cloudformation.definition import Definition
from scripts.sandbox.backends.cloudformation.records import Resource, Settings, Stack
from scripts.sandbox.backends.templates import parse

BODY = json.dumps({"Resources": {"A": {"Type": "T"}}})


def test_a_resource_in_another_status_is_otherwise_the_same() -> None:
    before = Resource("A", "T", "CREATE_IN_PROGRESS", "id", "Resource creation Initiated")
    after = before.now("CREATE_COMPLETE")
    assert (after.status, after.reason, after.physical_id) == ("CREATE_COMPLETE", None, "id")
    assert after.changed >= before.changed
    assert before.status == "CREATE_IN_PROGRESS"


@pytest.mark.parametrize(
    ("status", "alive", "in_progress"),
    [
        ("CREATE_IN_PROGRESS", True, True),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", True, True),
        ("UPDATE_ROLLBACK_FAILED", True, False),
        ("DELETE_FAILED", True, False),
        ("DELETE_COMPLETE", False, False),
    ],
)
def test_a_stack_lives_until_it_is_deleted(status: str, alive: bool, in_progress: bool) -> None:
    stack = Stack("arn", "s", Definition(parse(BODY), tags={"k": "v"}), Settings(), status=status)
    assert (stack.alive, stack.in_progress) == (alive, in_progress)


def test_others_find_what_motos_stacks_have() -> None:
    stack = Stack("arn", "s", Definition(parse(BODY), tags={"k": "v"}), Settings())
    assert (stack.stack_id, stack.template, stack.tags) == ("arn", BODY, {"k": "v"})
