"""CloudFormation's side of a custom resource, in virtual time: one resource a stack.

From the user guide, "Custom resource request types" and "Replacing a custom resource during an
update". A request that is not answered within the service timeout has failed, without an id.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from modules.notebook_builder.launcher import PRINCIPAL_TAG
from modules.product_template import SERVICE_TIMEOUT_SECONDS
from tests.unit.modules.notebook_builder.clockwork import Clockwork
from tests.unit.modules.notebook_builder.world import client_error

LOGICAL_ID = "Notebook"
ROLE = "SCEndUserRole-alpha"
ROLE_ID = "AROAENDUSERS"
AT_REST = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
ENDED = ("ROLLBACK_COMPLETE", "DELETE_COMPLETE")

Properties = Mapping[str, str]


@dataclass
class Stack:
    """``physical_id`` and ``properties`` are the resource's, as CloudFormation last knew it."""

    id: str
    launcher: str
    properties: Properties
    status: str = "CREATE_IN_PROGRESS"
    physical_id: str | None = None
    other_ids: list[tuple[str, Properties]] = field(default_factory=list)
    """What a failed rollback or clean-up left behind, and somebody was told of: deleted with
    the stack here, by hand in AWS."""

    @property
    def launcher_id(self) -> str:
        return f"{ROLE_ID}:{self.launcher}"

    @property
    def at_rest(self) -> bool:
        return self.status in AT_REST

    @property
    def answerable_for(self) -> set[str]:
        """The names of notebooks that may stand: somebody knows of each and can end it."""
        if self.status in ENDED:
            return set()
        names = {self.physical_id, *(name for name, _ in self.other_ids)}
        if not self.at_rest:
            names.add(self.properties["NotebookInstanceName"])
        return {name for name in names if name}


@dataclass
class Sent:
    """One request and what became of it."""

    kind: str
    stack: Stack
    physical_id: str | None
    properties: Properties
    at: float
    then: Callable[[Mapping[str, Any] | None], None]
    answer: Mapping[str, Any] | None = None
    over: bool = False


class CloudFormation:
    """``invoke`` is Lambda's; ``check`` is asked about the first answer of every request."""

    def __init__(
        self,
        clockwork: Clockwork,
        invoke: Callable[[Mapping[str, Any]], None],
        check: Callable[[Sent, Mapping[str, Any]], None],
        blame: Callable[[str], None],
    ) -> None:
        self.stacks: dict[str, Stack] = {}
        self.requests: dict[str, Sent] = {}
        self.events: list[tuple[float, Mapping[str, Any]]] = []
        self._clockwork, self._invoke, self._check = clockwork, invoke, check
        self._blame = blame
        self._numbers = itertools.count(1)

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's
        stack = self.stacks.get(StackName)
        if stack is None:
            raise client_error("ValidationError", f"Stack with id {StackName} does not exist")
        arn = f"arn:aws:sts::123456789012:assumed-role/{ROLE}/{stack.launcher}"
        tags = [{"Key": PRINCIPAL_TAG, "Value": arn}]
        return {"Stacks": [{"StackStatus": stack.status, "Tags": tags}]}

    def recent(self, within: float) -> list[Mapping[str, Any]]:
        """Return the events of the last so many seconds."""
        return [event for sent, event in self.events if sent > self._clockwork.now - within]

    def create(self, launcher: str, properties: Properties) -> Stack:
        number = next(self._numbers)
        id_ = f"arn:aws:cloudformation:eu-west-1:123456789012:stack/SC-{number}/{number}"
        stack = self.stacks[id_] = Stack(id_, launcher, properties)

        def then(answer: Mapping[str, Any] | None) -> None:
            if answer and answer["Status"] == "SUCCESS":
                stack.status, stack.physical_id = "CREATE_COMPLETE", answer["PhysicalResourceId"]
                return
            # Without an answer the id is CloudFormation's own.
            stack.physical_id = (
                answer["PhysicalResourceId"] if answer else f"SC-{number}-{LOGICAL_ID}-1ABC"
            )
            stack.status = "ROLLBACK_IN_PROGRESS"
            self._delete_all(stack, "ROLLBACK_COMPLETE", "ROLLBACK_FAILED")

        self._send("Create", stack, None, properties, then)
        return stack

    def update(self, stack: Stack, properties: Properties) -> None:
        before, old_id = stack.properties, stack.physical_id
        stack.status = "UPDATE_IN_PROGRESS"
        stack.properties = properties

        def then(answer: Mapping[str, Any] | None) -> None:
            new_id = answer["PhysicalResourceId"] if answer else old_id
            if answer and answer["Status"] == "SUCCESS":
                stack.physical_id = new_id
                stack.status = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
                self._clean_up(stack, old_id, before, "UPDATE_COMPLETE")
                return
            self._undo(stack, before, old_id, new_id)

        self._send("Update", stack, old_id, properties, then, before=before)

    def _undo(
        self, stack: Stack, before: Properties, old_id: str | None, new_id: str | None
    ) -> None:
        stack.status = "UPDATE_ROLLBACK_IN_PROGRESS"
        failed, stack.properties = stack.properties, before
        stack.physical_id = old_id

        def undone(answer: Mapping[str, Any] | None) -> None:
            if answer and answer["Status"] == "SUCCESS":
                stack.status = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"
                stack.physical_id = answer["PhysicalResourceId"]
                self._clean_up(stack, new_id, failed, "UPDATE_ROLLBACK_COMPLETE")
                return
            stack.status = "UPDATE_ROLLBACK_FAILED"
            # An operator is told; what nobody ever answered for may be among it.
            stack.other_ids.append((failed["NotebookInstanceName"], failed))

        self._send("Update", stack, new_id, before, undone, before=failed)

    def _clean_up(self, stack: Stack, id_: str | None, properties: Properties, status: str) -> None:
        if id_ is None or id_ == stack.physical_id:
            stack.status = status
            return
        other = (id_, properties)
        stack.other_ids.append(other)

        def then(answer: Mapping[str, Any] | None) -> None:
            # CloudFormation does not fail an update for what it cannot clean up.
            stack.status = status
            if answer and answer["Status"] == "SUCCESS":
                stack.other_ids.remove(other)

        self._send("Delete", stack, id_, properties, then)

    def delete(self, stack: Stack) -> None:
        stack.status = "DELETE_IN_PROGRESS"
        self._delete_all(stack, "DELETE_COMPLETE", "DELETE_FAILED")

    def _delete_all(self, stack: Stack, well: str, badly: str) -> None:
        """Delete what the stack has, one after the other."""
        if stack.other_ids:
            id_, properties = stack.other_ids[0]
        elif stack.physical_id is not None:
            id_, properties = stack.physical_id, stack.properties
        else:
            stack.status = well
            return

        def then(answer: Mapping[str, Any] | None) -> None:
            if not answer or answer["Status"] != "SUCCESS":
                stack.status = badly
                return
            if stack.other_ids:
                stack.other_ids.pop(0)
            else:
                stack.physical_id = None
            self._delete_all(stack, well, badly)

        self._send("Delete", stack, id_, properties, then)

    def _send(
        self,
        kind: str,
        stack: Stack,
        physical_id: str | None,
        properties: Properties,
        then: Callable[[Mapping[str, Any] | None], None],
        *,
        before: Properties | None = None,
    ) -> None:
        request = f"request-{next(self._numbers)}"
        sent = self.requests[request] = Sent(
            kind, stack, physical_id, properties, self._clockwork.now, then
        )
        event: dict[str, Any] = {
            "RequestType": kind,
            "ResponseURL": f"https://cloudformation/{request}",
            "StackId": stack.id,
            "RequestId": request,
            "LogicalResourceId": LOGICAL_ID,
            "ResourceType": "Custom::SageMakerNotebook",
            "ResourceProperties": dict(properties),
        }
        if physical_id is not None:
            event["PhysicalResourceId"] = physical_id
        if before is not None:
            event["OldResourceProperties"] = dict(before)
        self.events.append((self._clockwork.now, event))
        self._invoke(event)
        self._clockwork.after(SERVICE_TIMEOUT_SECONDS, lambda: self._close(sent))

    def _close(self, sent: Sent) -> None:
        if not sent.over:
            sent.over = True
            sent.then(sent.answer)

    def receive(self, invocation: Any, answer: Mapping[str, Any]) -> None:
        """Take an answer; the first counts, and all of a request's name the same resource."""
        sent = self.requests[answer["RequestId"]]
        if self._clockwork.now > invocation.deadline:
            self._blame("an answer came after the invocation's deadline")
        if (answer["StackId"], answer["LogicalResourceId"]) != (sent.stack.id, LOGICAL_ID):
            self._blame("an answer is not of the request's resource")
        if sent.kind == "Delete" and answer["PhysicalResourceId"] != sent.physical_id:
            self._blame("a Delete's answer names another resource")
        if sent.answer is not None:
            if sent.answer["PhysicalResourceId"] != answer["PhysicalResourceId"]:
                self._blame("two answers to one request name two resources")
            return
        if sent.over:
            return
        sent.answer = answer
        self._check(sent, answer)
        self._clockwork.after(0.5, lambda: self._close(sent))
