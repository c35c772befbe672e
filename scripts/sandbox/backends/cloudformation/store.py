"""The stacks of one account and Region, living and deleted."""

import threading

from moto.core.base_backend import BaseBackend

from scripts.sandbox.backends.cloudformation.errors import no_stack
from scripts.sandbox.backends.cloudformation.records import Stack


class Store(BaseBackend):
    """What all operations share."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        # By id: a deleted stack's name may be used again.
        self.stacks: dict[str, Stack] = {}
        self.running: dict[str, threading.Thread] = {}
        self.cancelling: dict[str, threading.Event] = {}

    def find(self, name: str) -> Stack | None:
        """By id, deleted or not; or by the name of a living stack."""
        if name in self.stacks:
            return self.stacks[name]
        living = (stack for stack in self.stacks.values() if stack.alive)
        return next((stack for stack in living if stack.name == name), None)

    def stack(self, name: str) -> Stack:
        """As `find`.

        Raises:
            ValidationError: no such stack.
        """
        found = self.find(name)
        if found is None:
            raise no_stack(name)
        return found
