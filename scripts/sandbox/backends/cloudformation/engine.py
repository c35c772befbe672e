"""The three operations on a stack, from beginning to end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scripts.sandbox.backends.cloudformation.definition import Definition
from scripts.sandbox.backends.cloudformation.dependencies import creation_order
from scripts.sandbox.backends.cloudformation.errors import AttributeUnknownError, ValidationError
from scripts.sandbox.backends.cloudformation.operation import (
    Operation,
    ResourceFailedError,
    StackFailedError,
    deletion_order,
    message,
    names,
    with_made,
)
from scripts.sandbox.backends.cloudformation.records import Resource
from scripts.sandbox.backends.cloudformation.resources import handler_of
from scripts.sandbox.backends.cloudformation.resources.base import Properties, ResourceError
from scripts.sandbox.backends.cloudformation.stack_policy import Action, refusal

REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."
LEFT_OVER = "Update successful. One or more resources could not be deleted."
CLEANUP_ATTEMPTS = 3


class Creation(Operation):
    """Make every resource, or undo it all."""

    def run(self) -> None:
        definition = self.stack.definition
        try:
            for name in creation_order(definition.needs):
                if self.cancelled.is_set():
                    return
                create(self, definition, name)
            self.stack.outputs = self.outputs(definition)
        except StackFailedError as fault:
            self._abandon(str(fault))
        else:
            self.enter("CREATE_COMPLETE")

    def _abandon(self, reason: str) -> None:
        choice = self.stack.settings.on_failure
        if self.cancelled.is_set():
            # The deletion that cancelled it takes over.
            return
        if choice == "DO_NOTHING":
            self.enter("CREATE_FAILED", reason)
        elif choice == "DELETE":
            self.enter("DELETE_IN_PROGRESS", f"{reason}Delete requested by user.")
            self.delete_all("DELETE_COMPLETE", "DELETE_FAILED", fresh=True)
        else:
            self.enter("ROLLBACK_IN_PROGRESS", f"{reason}Rollback requested by user.")
            self.delete_all("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", fresh=True)


class Deletion(Operation):
    """Delete every resource."""

    def run(self, retained: Iterable[str] = ()) -> None:
        self.delete_all("DELETE_COMPLETE", "DELETE_FAILED", frozenset(retained))


def create(operation: Operation, definition: Definition, name: str) -> None:
    """Make one resource, with its events.

    Raises:
        StackFailedError: it could not be made.
    """
    blank = operation.blank(definition, name, "CREATE_IN_PROGRESS")
    operation.record(blank)
    try:
        resource = operation.make(definition, blank, "CREATE_IN_PROGRESS")
    except ResourceFailedError as fault:
        operation.record(fault.resource.now("CREATE_FAILED", str(fault)))
        raise StackFailedError(names("create", [name])) from None
    operation.record(resource.now("CREATE_COMPLETE"))


@dataclass
class _Changes:
    """What an update has done so far, to undo it or to tidy up after it.

    Attributes:
        created: new resources, in the order in which they came.
        updated: resources as they were, by name, in the order of their updates.
        stale: what has been replaced, to be deleted when all is well.
        spare: what has been made in vain, to be deleted after a rollback.
    """

    created: list[str] = field(default_factory=list)
    updated: dict[str, Resource] = field(default_factory=dict)
    stale: list[Resource] = field(default_factory=list)
    spare: list[Resource] = field(default_factory=list)


class Update(Operation):
    """Bring the stack to another definition, or back to the one that it had."""

    def run(self, definition: Definition, policy: str | None) -> None:
        """`policy` says what may be done to resources that are there."""
        self._policy = policy
        before = self.stack.definition
        changes = _Changes()
        self.stack.definition = definition
        gone = [name for name in self.stack.resources if name not in definition.resources]
        try:
            for name in gone:
                self._require_deletable(name, changes)
            for name in creation_order(definition.needs):
                self._bring(definition, name, changes)
            self.stack.outputs = self.outputs(definition)
        except StackFailedError as fault:
            self.stack.definition = before
            self._roll_back(changes, str(fault))
            return
        self.enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        removed = [self.stack.resources.pop(name) for name in deletion_order(before, gone)]
        tidy = self._clean_up([*removed, *reversed(changes.stale)])
        self.enter("UPDATE_COMPLETE", None if tidy else LEFT_OVER)

    def _bring(self, definition: Definition, name: str, changes: _Changes) -> None:
        """Create, change, replace or leave one resource. Raises StackFailedError."""
        if name not in self.stack.resources:
            changes.created.append(name)
            create(self, definition, name)
            return
        old = self.stack.resources[name]
        blank = self.blank(definition, name, old.status)
        kept = replace(
            old,
            metadata=blank.metadata,
            deletion_policy=blank.deletion_policy,
            replace_policy=blank.replace_policy,
        )
        handler = handler_of(old.type)
        changes.updated[name] = old
        try:
            wanted = self.properties(definition, name)
            if wanted == old.properties:
                del changes.updated[name]
                self.stack.resources[name] = kept
                return
            self._check(old, wanted)
        except (ValidationError, AttributeUnknownError, ResourceError) as fault:
            self.record(old.now("UPDATE_FAILED", message(fault)))
            raise StackFailedError(names("update", [name])) from None
        if handler.replaces(old.properties, wanted):
            self._replace(definition, kept, changes)
        else:
            self._change(kept, wanted, changes)

    def _check(self, old: Resource, wanted: Properties) -> None:
        """Raises ResourceError if the change may not be, before anything is done."""
        handler = handler_of(old.type)
        handler.check(old.properties, wanted)
        replaces = handler.replaces(old.properties, wanted)
        action: Action = "Update:Replace" if replaces else "Update:Modify"
        denied = refusal(self._policy, action, old.logical_id, old.type)
        if denied:
            raise ResourceError(denied)

    def _require_deletable(self, name: str, changes: _Changes) -> None:
        """Raises StackFailedError."""
        resource = self.stack.resources[name]
        denied = refusal(self._policy, "Update:Delete", name, resource.type)
        if denied:
            changes.updated[name] = resource
            self.record(resource.now("UPDATE_FAILED", denied))
            raise StackFailedError(names("update", [name]))

    def _change(self, old: Resource, wanted: Mapping[str, Any], changes: _Changes) -> None:
        """Change a resource where it stands; its type may still answer with another."""
        self.record(old.now("UPDATE_IN_PROGRESS"))
        handler = handler_of(old.type)
        try:
            made = handler.update(self.work(old), str(old.physical_id), old.properties, wanted)
        except ResourceError as fault:
            failed = replace(old, properties=wanted)
            if fault.physical_id:
                # Another was tried: what there was is as it was.
                changes.spare.append(replace(failed, physical_id=fault.physical_id))
                failed = old
            self.record(failed.now("UPDATE_FAILED", str(fault)))
            raise StackFailedError(names("update", [old.logical_id])) from None
        new = with_made(replace(old, properties=wanted), made)
        if made.physical_id != old.physical_id:
            changes.stale.append(_by_replace_policy(old))
            self.record(new.now("UPDATE_IN_PROGRESS", REPLACING))
        self.record(new.now("UPDATE_COMPLETE"))

    def _replace(self, definition: Definition, old: Resource, changes: _Changes) -> None:
        self.record(old.now("UPDATE_IN_PROGRESS", REPLACING))
        blank = replace(old, physical_id=None, attributes={})
        try:
            new = self.make(definition, blank, "UPDATE_IN_PROGRESS")
        except ResourceFailedError as fault:
            if fault.resource.physical_id:
                changes.spare.append(fault.resource)
            self.record(old.now("UPDATE_FAILED", str(fault)))
            raise StackFailedError(names("update", [old.logical_id])) from None
        changes.stale.append(_by_replace_policy(old))
        self.record(new.now("UPDATE_COMPLETE"))

    def _roll_back(self, changes: _Changes, reason: str) -> None:
        self.enter("UPDATE_ROLLBACK_IN_PROGRESS", reason)
        failed = [
            name
            for name, old in reversed(changes.updated.items())
            if not self._undo(old, changes.spare)
        ]
        if failed:
            self.enter("UPDATE_ROLLBACK_FAILED", names("update", failed))
            return
        self.enter("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        created = [self.stack.resources.pop(name) for name in reversed(changes.created)]
        vain = [replace(one, deletion_policy="Delete") for one in changes.spare]
        self._clean_up([*vain, *created], fresh=True)
        self.enter("UPDATE_ROLLBACK_COMPLETE")

    def _undo(self, old: Resource, spare: list[Resource]) -> bool:
        """Bring a resource back to what it was. Whether that worked."""
        current = self.stack.resources[old.logical_id]
        handler = handler_of(old.type)
        replaced = current.physical_id != old.physical_id
        untouched = not replaced and current.properties == old.properties
        if untouched or (replaced and not handler.updates_back):
            if replaced:
                spare.append(current)
            self.record(old.now("UPDATE_COMPLETE"))
            return True
        self.record(current.now("UPDATE_IN_PROGRESS"))
        try:
            made = handler.update(
                self.work(current), str(current.physical_id), current.properties, old.properties
            )
        except ResourceError as fault:
            self.record(current.now("UPDATE_FAILED", str(fault)))
            return False
        left = {current.physical_id, old.physical_id} - {made.physical_id}
        spare += [replace(current, physical_id=one) for one in sorted(map(str, left))]
        self.record(with_made(old, made).now("UPDATE_COMPLETE"))
        return True

    def _clean_up(self, leftovers: Iterable[Resource], *, fresh: bool = False) -> bool:
        """Delete what is not of the stack any more. Whether all of it is gone."""
        tidy = True
        for leftover in leftovers:
            current = self.stack.resources.get(leftover.logical_id)
            tidy &= self.delete(leftover, CLEANUP_ATTEMPTS, fresh=fresh)
            # Only the events count: the name is another resource's now, or nobody's.
            del self.stack.resources[leftover.logical_id]
            if current:
                self.stack.resources[leftover.logical_id] = current
        return tidy


def _by_replace_policy(old: Resource) -> Resource:
    """What has been replaced is kept or deleted by another policy than what is no longer wanted."""
    return replace(old, deletion_policy=old.replace_policy)
