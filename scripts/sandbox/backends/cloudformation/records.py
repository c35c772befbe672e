"""What is kept of stacks: their resources and the events of their lives."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from scripts.sandbox.backends.cloudformation.definition import Definition

STACK_TYPE = "AWS::CloudFormation::Stack"
DELETED = "DELETE_COMPLETE"
UPDATABLE = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
)
Properties = Mapping[str, Any]


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Resource:
    """A resource of a stack as it is.

    Attributes:
        properties: as they were sent to the resource's handler.
        attributes: what Fn::GetAtt gives.
        secret: whether the attributes may not be shown.
        deletion_policy: what happens when the stack no longer has it.
        replace_policy: what happens when another takes its place.
    """

    logical_id: str
    type: str
    status: str
    physical_id: str | None = None
    reason: str | None = None
    properties: Properties = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    secret: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)
    deletion_policy: str = "Delete"
    replace_policy: str = "Delete"
    changed: datetime = field(default_factory=now)

    def now(self, status: str, reason: str | None = None) -> "Resource":
        """The same resource in another status."""
        return replace(self, status=status, reason=reason, changed=now())


@dataclass(frozen=True)
class Event:
    """One line of a stack's history."""

    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str | None
    properties: str | None
    token: str | None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Settings:
    """How a stack is to be treated, beside what it is."""

    on_failure: str = "ROLLBACK"
    role_arn: str | None = None
    protected: bool = False
    policy: str | None = None
    notification_arns: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()


@dataclass
class Stack:
    """A stack, living or deleted. Changed by one operation at a time."""

    id: str
    name: str
    definition: Definition
    settings: Settings
    token: str | None = None
    status: str = "REVIEW_IN_PROGRESS"
    reason: str | None = None
    created: datetime = field(default_factory=now)
    updated: datetime | None = None
    deleted: datetime | None = None
    events: list[Event] = field(default_factory=list)
    notified: int = 0
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: list[dict[str, str]] = field(default_factory=list)

    @property
    def stack_id(self) -> str:
        """As moto's stacks have it, for those who look for a template."""
        return self.id

    @property
    def template(self) -> str:
        """The template's text, as moto's stacks have it."""
        return self.definition.template.body

    @property
    def tags(self) -> Mapping[str, str]:
        """The stack's own, as moto's stacks have them."""
        return self.definition.tags

    @property
    def alive(self) -> bool:
        return self.status != DELETED

    @property
    def in_progress(self) -> bool:
        return self.status.endswith("_IN_PROGRESS")
