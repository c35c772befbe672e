"""What the engine and the types of resources say to each other."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from scripts.sandbox.backends.cloudformation.caller import Caller

Properties = Mapping[str, Any]
CANCELLED = "Resource creation cancelled"
POLL_SECONDS = 0.2


class ResourceError(Exception):
    """A resource could not be made, changed or deleted.

    Attributes:
        physical_id: what was made all the same, and has to be deleted.
    """

    def __init__(self, reason: str, physical_id: str | None = None) -> None:
        super().__init__(reason)
        self.physical_id = physical_id


@dataclass(frozen=True)
class Work:
    """Which resource is worked on, as whom.

    Attributes:
        started: to be called once with the physical id, as soon as there is one.
        cancelled: set when the work should end early.
    """

    stack_id: str
    stack_name: str
    logical_id: str
    type: str
    caller: Caller
    started: Callable[[str], None] = lambda _: None
    cancelled: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Made:
    """A resource as it is after the work."""

    physical_id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    secret: bool = False


class Handler(Protocol):
    """A type of resource.

    Attributes:
        updates_back: whether a replacement is undone by a further update; else what was replaced
            simply counts again.
    """

    updates_back: bool

    def complete(self, properties: Properties, tags: Mapping[str, str]) -> dict[str, Any]:
        """The properties as the type takes them, with the tags that the stack hands on."""

    def check(self, old: Properties, new: Properties) -> None:
        """Refuse a change before anything is done. Raises ResourceError."""

    def replaces(self, old: Properties, new: Properties) -> bool:
        """Whether the change needs another resource. One that changes in place may still answer
        with another physical id."""

    def create(self, work: Work, properties: Properties) -> Made:
        """Make it and wait until it is ready. Raises ResourceError."""

    def update(self, work: Work, physical_id: str, old: Properties, new: Properties) -> Made:
        """Change it and wait until it is ready. Raises ResourceError."""

    def delete(self, work: Work, physical_id: str, properties: Properties) -> None:
        """Delete it and wait until it is gone; gone already is well. Raises ResourceError."""

    def attribute(self, work: Work, made: Made, name: str) -> Any:
        """What Fn::GetAtt gives. Raises AttributeUnknownError."""


def refuse_same_name(old: Properties, new: Properties, name: str) -> None:
    """A resource that the template names cannot stand beside its own replacement.

    Raises:
        ResourceError: both have the same name.
    """
    if name in old and old[name] == new.get(name):
        raise ResourceError(
            "CloudFormation cannot update a stack when a custom-named resource requires replacing."
            f" Rename {old[name]} and update the stack again."
        )
