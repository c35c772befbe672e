"""What a decision is made of, and the steps that it may choose among: data, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .request import Owner, Project, Request


@dataclass(frozen=True)
class Place:
    """Where a notebook is or is to be."""

    subnet_id: str
    security_group_id: str


@dataclass(frozen=True)
class Notebook:
    """A notebook as SageMaker describes it. Volume in GB; no ``owner``: not a builder's.

    ``tagged`` is False when not one tag can be read, which of a builder's own notebook means
    that it was made a moment ago.
    """

    name: str
    arn: str
    status: str
    owner: Owner | None
    environment_name: str | None
    instance_type: str
    volume_gb: int
    root_access: str
    lifecycle_config: str | None
    place: Place
    failure_reason: str | None = None
    tagged: bool = True


@dataclass(frozen=True)
class Stack:
    """The request's stack: its status now, and the ARN of the session that launched it."""

    status: str
    launched_by: str | None = None

    @property
    def rolling_back(self) -> bool:
        return "ROLLBACK" in self.status


@dataclass(frozen=True)
class Create:
    """Create the notebook that is wanted, with the request as its owner."""

    place: Place
    launched_by: str | None = None
    """The launcher's ``aws:userid``; None: nobody's."""


@dataclass(frozen=True)
class Change:
    """Call UpdateNotebookInstance with these arguments; the notebook is at rest."""

    arguments: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Start:
    """Start the notebook, which is at rest."""


@dataclass(frozen=True)
class Stop:
    """Stop the notebook, which is in service."""


@dataclass(frozen=True)
class Delete:
    """Delete the notebook, which is at rest."""


@dataclass(frozen=True)
class FindPlace:
    """Find the subnet and the security group that the properties name, and decide again."""


@dataclass(frozen=True)
class AskStack:
    """Ask CloudFormation for the stack, and decide again."""


@dataclass(frozen=True)
class Turn:
    """Turn to the notebook of another name, which is the one that the request is about."""

    name: str


@dataclass(frozen=True)
class Wait:
    """Look again in a while: SageMaker is at work."""


@dataclass(frozen=True)
class Doubt:
    """Look again in a while: what was seen may be out of date."""


@dataclass(frozen=True)
class Succeed:
    message: str


@dataclass(frozen=True)
class Fail:
    reason: str


Write = Create | Change | Start | Stop | Delete
Step = Write | FindPlace | AskStack | Turn | Wait | Doubt | Succeed | Fail


@dataclass(frozen=True)
class Situation:
    """All that a decision is made of.

    ``done`` holds the kinds of write that SageMaker accepted in this invocation: none is made
    twice, so that no history can loop. ``place`` and ``stack`` are None until they are asked
    for. ``doubts`` counts the looks in a row that left a doubt.
    """

    request: Request
    project: Project
    notebook: Notebook | None = None
    place: Place | None = None
    stack: Stack | None = None
    doubts: int = 0
    done: frozenset[type[Write]] = frozenset()
