"""Operations on stacks, from their beginning to their end, well or badly."""

import json
import threading
import time
from typing import Any

import pytest

from tests.unit.scripts.sandbox.backends.cloudformation.stacks import (
    Provider,
    Stacks,
    Template,
    answer,
    failure,
)

HANDLE = {"Type": "AWS::CloudFormation::WaitConditionHandle"}


def chain(provider: Provider, *names: str, **properties: Any) -> Template:
    """Resources of which each needs the one before it."""
    made: Template = {}
    before = None
    for name in names:
        needed = {"Before": {"Ref": before}} if before else {}
        made[name] = provider.resource(**needed, **properties)
        before = name
    return made


def order(provider: Provider, kind: str) -> list[str]:
    return [one["LogicalResourceId"] for one in provider.events if one["RequestType"] == kind]


def own(stacks: Stacks, stack: str) -> list[str]:
    """The stack's own statuses."""
    return [status for name, status in stacks.events(stack) if name == "-"]


# Creation


def test_resources_come_in_order_and_go_in_reverse(stacks: Stacks, provider: Provider) -> None:
    backwards = dict(reversed(chain(provider, "C", "A", "B").items()))
    stack = stacks.create(backwards)
    assert stacks.delete(stack) == "DELETE_COMPLETE"
    assert order(provider, "Create") == ["C", "A", "B"]
    assert order(provider, "Delete") == ["B", "A", "C"]
    assert own(stacks, stack) == [
        "CREATE_IN_PROGRESS",
        "CREATE_COMPLETE",
        "DELETE_IN_PROGRESS",
        "DELETE_COMPLETE",
    ]
    assert stacks.reasons(stack)["-", "CREATE_IN_PROGRESS"] == "User Initiated"


def test_a_failing_creation_is_rolled_back(stacks: Stacks, provider: Provider) -> None:
    provider.behaviour = [answer, failure("no")]
    stack = stacks.create(chain(provider, "A", "B", "C"))
    assert own(stacks, stack) == ["CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"]
    reason = "The following resource(s) failed to create: [B]. Rollback requested by user."
    assert stacks.reasons(stack)["-", "ROLLBACK_IN_PROGRESS"] == reason
    assert stacks.look(stack)["StackStatusReason"] == reason
    assert order(provider, "Create") == ["A", "B"]
    assert order(provider, "Delete") == ["B", "A"]
    assert "C" not in dict(stacks.events(stack))


def test_a_rollback_that_fails_is_told(stacks: Stacks, provider: Provider) -> None:
    provider.behaviour = [answer, failure("no"), answer, failure("in use")]
    stack = stacks.create(chain(provider, "A", "B"))
    assert stacks.status(stack) == "ROLLBACK_FAILED"
    assert stacks.look(stack)["StackStatusReason"] == (
        "The following resource(s) failed to delete: [A]. "
    )


@pytest.mark.parametrize(
    ("choice", "expected", "deleted"),
    [
        ({"OnFailure": "DO_NOTHING"}, "CREATE_FAILED", []),
        ({"DisableRollback": True}, "CREATE_FAILED", []),
        ({"OnFailure": "DELETE"}, "DELETE_COMPLETE", ["B", "A"]),
        ({"OnFailure": "ROLLBACK"}, "ROLLBACK_COMPLETE", ["B", "A"]),
    ],
)
def test_what_happens_after_a_failure_can_be_chosen(
    stacks: Stacks, provider: Provider, choice: dict[str, Any], expected: str, deleted: list[str]
) -> None:
    provider.behaviour = [answer, failure("no")]
    stack = stacks.create(chain(provider, "A", "B"), **choice)
    assert stacks.status(stack) == expected
    assert order(provider, "Delete") == deleted


def test_a_property_that_cannot_be_evaluated_fails_its_resource(
    stacks: Stacks, provider: Provider
) -> None:
    resources = chain(provider, "A")
    resources["B"] = provider.resource(P={"Fn::Select": [1, {"Fn::Split": ["|", {"Ref": "A"}]}]})
    stack = stacks.create(resources)
    reason = stacks.reasons(stack)["B", "CREATE_FAILED"]
    assert reason == "Template error: Fn::Select  cannot select nonexistent value at index 1"
    assert stacks.status(stack) == "ROLLBACK_COMPLETE"


def test_an_output_that_is_no_text_fails_the_stack(stacks: Stacks) -> None:
    stack = stacks.create({"H": HANDLE}, Outputs={"O": {"Value": ["a", {"Ref": "H"}]}})
    assert (
        "output O must evaluate to type String"
        in (stacks.reasons(stack)["-", "ROLLBACK_IN_PROGRESS"])
    )


def test_a_deletion_cancels_a_creation(stacks: Stacks, provider: Provider) -> None:
    waiting = threading.Event()

    def silent(_: Any) -> None:
        waiting.set()

    provider.behaviour = [answer, silent]
    stack = stacks.begin(chain(provider, "A", "B", "C"))
    assert waiting.wait(10)
    began = time.monotonic()
    assert stacks.delete(stack) == "DELETE_COMPLETE"
    assert time.monotonic() - began < 10
    assert stacks.reasons(stack)["B", "CREATE_FAILED"] == "Resource creation cancelled"
    assert order(provider, "Delete") == ["B", "A"]
    assert own(stacks, stack) == ["CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"]


# Update


def test_an_update_creates_changes_leaves_and_deletes(stacks: Stacks, provider: Provider) -> None:
    stack = stacks.create({name: provider.resource(Size=1) for name in ("Left", "Changed", "Gone")})
    provider.events.clear()
    wanted = {
        "Left": provider.resource(Size=1),
        "Changed": provider.resource(Size=2, New={"Ref": "Added"}),
        "Added": provider.resource(Size=1),
    }
    assert stacks.update(stack, wanted) == "UPDATE_COMPLETE"
    asked = [(one["RequestType"], one["LogicalResourceId"]) for one in provider.events]
    assert asked == [("Create", "Added"), ("Update", "Changed"), ("Delete", "Gone")]
    assert own(stacks, stack)[2:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]
    listed = stacks.client.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    assert {one["LogicalResourceId"] for one in listed} == {"Left", "Changed", "Added"}


def test_a_failing_update_is_undone(stacks: Stacks, provider: Provider) -> None:
    old = chain(provider, "A", "B", Size=1)
    stack = stacks.create(old, Outputs={"O": {"Value": "old"}})
    provider.events.clear()
    new = chain(provider, "A", "B", "C", "D", Size=2)
    provider.behaviour = [answer, answer, answer, failure("no", PhysicalResourceId="half-d")]
    status = stacks.update(stack, new, Outputs={"O": {"Value": "new"}})
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert own(stacks, stack)[2:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    reason = stacks.reasons(stack)["-", "UPDATE_ROLLBACK_IN_PROGRESS"]
    assert reason == "The following resource(s) failed to create: [D]. "
    asked = [(one["RequestType"], one["LogicalResourceId"]) for one in provider.events]
    assert asked == [
        ("Update", "A"),
        ("Update", "B"),
        ("Create", "C"),
        ("Create", "D"),
        ("Update", "B"),
        ("Update", "A"),
        ("Delete", "D"),
        ("Delete", "C"),
    ]
    assert stacks.outputs(stack) == {"O": "old"}
    listed = stacks.client.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    assert {one["LogicalResourceId"]: one["ResourceStatus"] for one in listed} == {
        "A": "UPDATE_COMPLETE",
        "B": "UPDATE_COMPLETE",
    }
    assert stacks.update(stack, chain(provider, "A", "B", Size=3)) == "UPDATE_COMPLETE"


def test_a_replacement_that_turns_out_vain_is_deleted(stacks: Stacks, provider: Provider) -> None:
    """A custom resource is asked to come back; what it then no longer is, is deleted."""
    provider.behaviour = [lambda e: answer(e, PhysicalResourceId="one"), answer]
    stack = stacks.create(chain(provider, "A", "B", Size=1))
    provider.events.clear()
    provider.behaviour = [
        lambda e: answer(e, PhysicalResourceId="two"),
        failure("no"),
        answer,
        lambda e: answer(e, PhysicalResourceId="one"),
    ]
    assert stacks.update(stack, chain(provider, "A", "B", Size=2)) == "UPDATE_ROLLBACK_COMPLETE"
    asked = [(one["RequestType"], one["LogicalResourceId"]) for one in provider.events]
    assert asked == [
        ("Update", "A"),
        ("Update", "B"),
        ("Update", "B"),
        ("Update", "A"),
        ("Delete", "A"),
    ]
    assert provider.events[3]["PhysicalResourceId"] == "two"
    assert provider.events[4]["PhysicalResourceId"] == "two"
    assert stacks.resource(stack, "A")["PhysicalResourceId"] == "one"


def test_a_native_replacement_that_turns_out_vain_is_deleted(
    stacks: Stacks, provider: Provider
) -> None:
    """The first one has not been touched, and simply counts again."""

    def resources(name: str, size: int) -> Template:
        topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}
        return {"T": topic, "B": provider.resource(Size=size, Topic={"Ref": "T"})}

    stack = stacks.create(resources("vain-one", 1))
    first = stacks.resource(stack, "T")["PhysicalResourceId"]
    provider.behaviour = [failure("no")]
    assert stacks.update(stack, resources("vain-two", 2)) == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.resource(stack, "T")["PhysicalResourceId"] == first
    found = [one["TopicArn"] for one in stacks.sandbox.client("sns").list_topics()["Topics"]]
    assert [arn for arn in found if "vain-" in arn] == [first]


def test_what_cannot_be_tidied_up_is_tried_three_times_and_left(
    stacks: Stacks, provider: Provider
) -> None:
    stack = stacks.create({"A": provider.resource(), "B": provider.resource()})
    provider.events.clear()
    provider.behaviour = [failure("in use")] * 3
    assert stacks.update(stack, {"A": provider.resource()}) == "UPDATE_COMPLETE"
    assert order(provider, "Delete") == ["B"] * 3
    assert stacks.look(stack)["StackStatusReason"] == (
        "Update successful. One or more resources could not be deleted."
    )
    listed = stacks.client.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    assert [one["LogicalResourceId"] for one in listed] == ["A"]


def test_a_change_of_metadata_alone_asks_nobody(stacks: Stacks, provider: Provider) -> None:
    stack = stacks.create({"A": provider.resource()})
    provider.events.clear()
    described = {"A": provider.resource() | {"Metadata": {"seen": "yes"}}}
    assert stacks.update(stack, described) == "UPDATE_COMPLETE"
    assert provider.events == []
    assert stacks.resource(stack, "A")["Metadata"] == '{"seen": "yes"}'


def _topic(name: str, **members: Any) -> Template:
    return {"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}, **members}}


@pytest.mark.parametrize(
    ("policies", "kept"),
    [
        ({}, False),
        ({"DeletionPolicy": "Retain"}, False),
        ({"UpdateReplacePolicy": "Retain"}, True),
    ],
)
def test_what_is_replaced_is_kept_by_a_policy_of_its_own(
    stacks: Stacks, policies: dict[str, str], kept: bool
) -> None:
    names = [f"{one}-{len(policies)}{kept}" for one in ("before", "after")]
    stack = stacks.create(_topic(names[0], **policies))
    assert stacks.update(stack, _topic(names[1], **policies)) == "UPDATE_COMPLETE"
    found = [one["TopicArn"] for one in stacks.sandbox.client("sns").list_topics()["Topics"]]
    assert any(arn.endswith(names[0]) for arn in found) is kept
    assert any(arn.endswith(names[1]) for arn in found)


def test_a_policy_keeps_an_update_from_resources(stacks: Stacks, provider: Provider) -> None:
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}
    denied = {**allowed, "Effect": "Deny", "Resource": "LogicalResourceId/A"}
    policy = json.dumps({"Statement": [allowed, denied]})
    stack = stacks.create(
        {"A": provider.resource(Size=1), "B": provider.resource(Size=1)}, StackPolicyBody=policy
    )
    provider.events.clear()
    both = {"A": provider.resource(Size=2), "B": provider.resource(Size=2)}
    for wanted in (both, {"B": provider.resource(Size=1)}):
        assert stacks.update(stack, wanted) == "UPDATE_ROLLBACK_COMPLETE"
        assert "Action denied by stack policy" in stacks.reasons(stack)["A", "UPDATE_FAILED"]
    assert provider.events == []
    once = json.dumps({"Statement": [allowed]})
    assert stacks.update(stack, both, StackPolicyDuringUpdateBody=once) == "UPDATE_COMPLETE"
    assert order(provider, "Update") == ["A", "B"]


# Deletion


def test_a_failing_deletion_keeps_what_the_resource_needs(
    stacks: Stacks, provider: Provider
) -> None:
    resources = chain(provider, "A", "B", "C") | {"Alone": provider.resource()}
    stack = stacks.create(resources)
    provider.behaviour = [
        lambda e: (
            answer(e, Status="FAILED", Reason="in use")
            if e["LogicalResourceId"] == "B"
            else answer(e)
        )
    ] * 3
    assert stacks.delete(stack) == "DELETE_FAILED"
    assert sorted(order(provider, "Delete")) == ["Alone", "B", "C"]
    assert stacks.look(stack)["StackStatusReason"] == (
        "The following resource(s) failed to delete: [B]. "
    )
    provider.events.clear()
    assert stacks.delete(stack, RetainResources=["B"]) == "DELETE_COMPLETE"
    assert order(provider, "Delete") == ["A"]
    assert stacks.resource(stack, "B")["ResourceStatus"] == "DELETE_SKIPPED"


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_a_resource_that_is_to_be_kept_is_kept(
    stacks: Stacks, provider: Provider, policy: str
) -> None:
    stack = stacks.create({"A": provider.resource() | {"DeletionPolicy": policy}})
    assert stacks.delete(stack) == "DELETE_COMPLETE"
    assert order(provider, "Delete") == []
    assert stacks.resource(stack, "A")["ResourceStatus"] == "DELETE_SKIPPED"


def test_a_resource_that_is_kept_except_on_create_goes_when_the_creation_fails(
    stacks: Stacks, provider: Provider
) -> None:
    resources = chain(provider, "A", "B")
    resources["A"]["DeletionPolicy"] = "RetainExceptOnCreate"
    provider.behaviour = [answer, failure("no")]
    assert stacks.status(stacks.create(resources)) == "ROLLBACK_COMPLETE"
    assert order(provider, "Delete") == ["B", "A"]


def test_stacks_are_worked_on_side_by_side(stacks: Stacks, provider: Provider) -> None:
    both = threading.Barrier(2, timeout=10)

    def together(event: Any) -> bytes:
        both.wait()
        return answer(event)

    provider.behaviour = [together, together]
    made = [stacks.begin({"A": provider.resource()}) for _ in range(2)]
    assert [stacks.settle(stack) for stack in made] == ["CREATE_COMPLETE"] * 2


def test_no_fork_is_made_of_a_stack_at_work(stacks: Stacks, provider: Provider) -> None:
    entered, release = threading.Event(), threading.Event()

    def slow(event: Any) -> bytes:
        entered.set()
        assert release.wait(10)
        return answer(event)

    provider.behaviour = [slow]
    stack = stacks.begin({"A": provider.resource()})
    assert entered.wait(10)
    threading.Timer(0.3, release.set).start()
    with stacks.sandbox.fork() as copy:
        assert Stacks(copy).status(stack) == "CREATE_COMPLETE"
