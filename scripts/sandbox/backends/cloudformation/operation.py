"""What every operation on a stack does: work on one resource, and keep the stack's records.

Statuses, events and reasons are those of
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html and of stacks
seen in AWS. AWS works on independent resources at once; here they take turns.
"""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from scripts.sandbox.backends.cloudformation.caller import Caller
from scripts.sandbox.backends.cloudformation.definition import Definition
from scripts.sandbox.backends.cloudformation.dependencies import creation_order, dependents
from scripts.sandbox.backends.cloudformation.errors import AttributeUnknownError, ValidationError
from scripts.sandbox.backends.cloudformation.intrinsics import Scope, evaluate
from scripts.sandbox.backends.cloudformation.notifications import notify
from scripts.sandbox.backends.cloudformation.records import (
    DELETED,
    STACK_TYPE,
    Event,
    Resource,
    Stack,
    now,
)
from scripts.sandbox.backends.cloudformation.resources import handler_of
from scripts.sandbox.backends.cloudformation.resources.base import Made, ResourceError, Work
from scripts.sandbox.backends.templates import text

INITIATED = "Resource creation Initiated"
OUTPUT_MASK = "*****"


class StackFailedError(Exception):
    """The operation cannot succeed; the message is the stack's reason."""


class ResourceFailedError(Exception):
    """A resource could not be made; the message is its reason.

    Attributes:
        resource: as far as it came.
    """

    def __init__(self, reason: str, resource: Resource) -> None:
        super().__init__(reason)
        self.resource = resource


class Operation:
    """One operation on a stack, with the rights of one caller."""

    def __init__(
        self, stack: Stack, caller: Caller, token: str | None, cancelled: threading.Event
    ) -> None:
        self.stack = stack
        self.cancelled = cancelled
        self._caller = caller
        self._token = token

    # One resource

    def make(self, definition: Definition, blank: Resource, status: str) -> Resource:
        """Make a resource and wait until it is ready.

        Args:
            blank: what is known of it already.
            status: what it is in meanwhile.

        Raises:
            ResourceFailedError: it could not be made.
        """
        latest = blank

        def started(physical_id: str) -> None:
            nonlocal latest
            latest = replace(latest, physical_id=physical_id).now(status, INITIATED)
            self.record(latest)

        try:
            latest = replace(latest, properties=self.properties(definition, blank.logical_id))
            work = self.work(blank, started)
            made = handler_of(blank.type).create(work, latest.properties)
        except ResourceError as fault:
            physical_id = fault.physical_id or latest.physical_id
            raise ResourceFailedError(
                str(fault), replace(latest, physical_id=physical_id)
            ) from None
        except (ValidationError, AttributeUnknownError) as fault:
            raise ResourceFailedError(message(fault), latest) from None
        return with_made(latest, made)

    def delete(self, resource: Resource, attempts: int = 1, *, fresh: bool = False) -> bool:
        """Whether it is gone, or was to be kept.

        Args:
            resource: what to delete.
            attempts: how often it is tried.
            fresh: it was made by the operation that is being undone.
        """
        policy = resource.deletion_policy
        if policy == "Retain" or (policy == "RetainExceptOnCreate" and not fresh):
            self.record(resource.now("DELETE_SKIPPED"))
            return True
        if not resource.physical_id:
            # It never came to be.
            self.record(resource.now("DELETE_COMPLETE"))
            return True
        self.record(resource.now("DELETE_IN_PROGRESS"))
        reason = ""
        for _ in range(attempts):
            try:
                handler_of(resource.type).delete(
                    self.work(resource), resource.physical_id, resource.properties
                )
            except ResourceError as fault:
                reason = str(fault)
            else:
                self.record(resource.now("DELETE_COMPLETE"))
                return True
        self.record(resource.now("DELETE_FAILED", reason))
        return False

    # All resources

    def delete_all(
        self,
        success: str,
        failure: str,
        retained: frozenset[str] = frozenset(),
        *,
        fresh: bool = False,
    ) -> None:
        """Delete every resource, in reverse order; a failure keeps what the failed one needs."""
        definition = self.stack.definition
        kept: set[str] = set()
        failed: list[str] = []
        for name in deletion_order(definition, self.stack.resources):
            resource = self.stack.resources[name]
            if name in kept or resource.status in ("DELETE_COMPLETE", "DELETE_SKIPPED"):
                continue
            if name in retained:
                self.record(resource.now("DELETE_SKIPPED"))
            elif not self.delete(resource, fresh=fresh):
                failed.append(name)
                kept |= dependents(definition.needs, [name])
        if failed:
            self.enter(failure, names("delete", failed))
        else:
            self.enter(success)

    # Values

    def properties(self, definition: Definition, name: str) -> dict[str, Any]:
        """A resource's properties as its handler takes them.

        Raises:
            ValidationError: a function cannot be evaluated.
            AttributeUnknownError: a resource lacks an attribute that is asked for.
        """
        resource = definition.resources[name]
        given = evaluate(resource.get("Properties") or {}, self.scope(definition))
        tags = {
            **definition.tags,
            "aws:cloudformation:stack-name": self.stack.name,
            "aws:cloudformation:stack-id": self.stack.id,
            "aws:cloudformation:logical-id": name,
        }
        return handler_of(str(resource["Type"])).complete(given, tags)

    def blank(self, definition: Definition, name: str, status: str) -> Resource:
        """A resource of the definition of which nothing is there yet."""
        resource = definition.resources[name]
        return Resource(
            logical_id=name,
            type=str(resource["Type"]),
            status=status,
            metadata=definition.outline["Resources"][name]["Metadata"] or {},
            deletion_policy=str(resource.get("DeletionPolicy", "Delete")),
            replace_policy=str(resource.get("UpdateReplacePolicy", "Delete")),
        )

    def outputs(self, definition: Definition) -> list[dict[str, str]]:
        """The stack's outputs, with what may not be shown masked.

        Raises:
            StackFailedError: one cannot be evaluated.
        """
        scope = self.scope(definition, shown=True)
        try:
            return [
                _output(name, evaluate(output, scope))
                for name, output in definition.outputs.items()
            ]
        except (ValidationError, AttributeUnknownError) as fault:
            raise StackFailedError(f"{message(fault)}. ") from None

    def scope(self, definition: Definition, *, shown: bool = False) -> Scope:
        resources = self.stack.resources

        def attribute(name: str, wanted: str) -> Any:
            resource = resources[name]
            made = Made(str(resource.physical_id), resource.attributes)
            value = handler_of(resource.type).attribute(self.work(resource), made, wanted)
            return OUTPUT_MASK if shown and resource.secret else value

        return definition.scope(lambda name: resources[name].physical_id, attribute)

    # Records

    def work(self, resource: Resource, started: Callable[[str], None] = lambda _: None) -> Work:
        return Work(
            stack_id=self.stack.id,
            stack_name=self.stack.name,
            logical_id=resource.logical_id,
            type=resource.type,
            caller=self._caller,
            started=started,
            cancelled=self.cancelled,
        )

    def record(self, resource: Resource) -> None:
        """Take over a resource as it is now, with an event."""
        self.stack.resources[resource.logical_id] = resource
        self.stack.events.append(
            Event(
                logical_id=resource.logical_id,
                physical_id=resource.physical_id or "",
                type=resource.type,
                status=resource.status,
                reason=resource.reason,
                properties=json.dumps(resource.properties, default=str),
                token=self._token,
            )
        )
        notify(self.stack, self._caller)

    def enter(self, status: str, reason: str | None = None) -> None:
        """Bring the stack into a status; one that is being deleted meanwhile stays so."""
        if not self.cancelled.is_set():
            enter(self.stack, status, reason, self._token)
            notify(self.stack, self._caller)


def enter(stack: Stack, status: str, reason: str | None, token: str | None) -> None:
    """Bring a stack into a status, with an event."""
    stack.events.append(
        Event(stack.name, stack.id, STACK_TYPE, status, reason, None, token),
    )
    if status == DELETED:
        stack.deleted = now()
    # Why it was rolled back is told until the next operation.
    if reason or "ROLLBACK" not in status:
        stack.reason = reason
    stack.status = status


def with_made(resource: Resource, made: Made) -> Resource:
    """The resource after its handler's work."""
    return replace(
        resource, physical_id=made.physical_id, attributes=made.attributes, secret=made.secret
    )


def deletion_order(definition: Definition, wanted: Iterable[str]) -> list[str]:
    """The names with every one before those that it needs."""
    chosen = set(wanted)
    return [name for name in reversed(creation_order(definition.needs)) if name in chosen]


def names(verb: str, failed: Iterable[str]) -> str:
    """The stack's reason for the failure of resources."""
    return f"The following resource(s) failed to {verb}: [{', '.join(failed)}]. "


def message(fault: Exception) -> str:
    """An error's text without its code."""
    return str(getattr(fault, "message", fault))


def _output(name: str, output: Mapping[str, Any]) -> dict[str, str]:
    value = output["Value"]
    if isinstance(value, list | Mapping):
        raise ValidationError(
            f"Template format error: The Value field of output {name} must evaluate to type String"
        )
    described = {"Description": text(output["Description"])} if "Description" in output else {}
    return {"OutputKey": name, "OutputValue": text(value), **described}
