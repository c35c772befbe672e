"""What to do next, as a pure function of the request, of the notebook as it is, and of what
this invocation has already done. Nothing here talks to AWS, waits, or knows the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .request import Owner, Request, Wanted


@dataclass(frozen=True)
class Place:
    """Where the notebook is to be: the one subnet and security group found by id or name."""

    subnet_id: str
    security_group_id: str


@dataclass(frozen=True)
class Notebook:
    """A notebook as SageMaker describes it. Volume in GB; no ``owner``: not a builder's."""

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


@dataclass(frozen=True)
class Create:
    """Create the notebook that is wanted, with the request as its owner."""


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
class Wait:
    """Look again in a while: SageMaker is at work."""


@dataclass(frozen=True)
class Succeed:
    message: str


@dataclass(frozen=True)
class Fail:
    reason: str


Write = Create | Change | Start | Stop | Delete
Step = Write | Wait | Succeed | Fail

AT_REST = ("Stopped", "Failed")
"""From these SageMaker can start, change and delete a notebook; every status that is neither
of them, InService nor Deleting passes by itself."""


@dataclass(frozen=True)
class Situation:
    """All that a decision is made of.

    ``done`` holds the kinds of write that SageMaker accepted in this invocation: none is made
    twice, so that no history can loop. ``rolling_back`` matters to an Update alone.
    """

    request: Request
    notebook: Notebook | None
    place: Place | None = None
    rolling_back: bool = False
    done: frozenset[type[Write]] = frozenset()


def next_step(now: Situation) -> Step:
    """Return the next step of ``now``'s request."""
    if now.request.kind == "Delete":
        return _to_delete(now)
    if now.notebook is None:
        return _once(now, Create())
    if not _ours(now, now.notebook):
        return Fail(
            f"a notebook named {now.notebook.name} exists already and was not made by this "
            "request: choose another NotebookInstanceName"
        )
    if now.notebook.status == "Deleting":
        return Fail(f"notebook {now.notebook.name} is being deleted")
    if now.request.kind == "Create" or Create in now.done:
        return _into_service(now, now.notebook)
    return _to_update(now, now.notebook)


def _ours(now: Situation, notebook: Notebook) -> bool:
    """A Create owns only what its own request made (a retry finds it again); later requests own
    what any request of the same resource made. Tags may lag behind an accepted Create."""
    if Create in now.done:
        return True
    if now.request.kind == "Create":
        return notebook.owner == now.request.owner
    return now.request.owner.same_resource(notebook.owner)


def _once(now: Situation, step: Write) -> Step:
    """A write that was accepted is not repeated: what is seen lags behind it."""
    return Wait() if type(step) in now.done else step


def _to_delete(now: Situation) -> Step:
    notebook = now.notebook
    if notebook is None:
        return Succeed("the notebook is gone")
    if not _ours(now, notebook):
        return Succeed(f"notebook {notebook.name} is not of this stack: left untouched")
    if notebook.status == "InService":
        return _once(now, Stop())
    if notebook.status in AT_REST:
        return _once(now, Delete())
    return Wait()


def _to_update(now: Situation, notebook: Notebook) -> Step:
    wanted, place = _known(now)
    obstacles = _needs_new_notebook(wanted, place, notebook, rolling_back=now.rolling_back)
    if obstacles:
        return Fail(
            f"{'; '.join(obstacles)}: this takes a new notebook, "
            "give it another NotebookInstanceName"
        )
    changes = _changes(wanted, notebook)
    if not changes or Change in now.done:
        return _into_service(now, notebook)
    if notebook.status == "InService":
        return _once(now, Stop())
    return Change(changes) if notebook.status in AT_REST else Wait()


def _into_service(now: Situation, notebook: Notebook) -> Step:
    if notebook.status == "InService":
        return Succeed(f"notebook {notebook.name} is in service")
    spent = now.request.kind == "Create" or not now.done.isdisjoint((Create, Start))
    if notebook.status == "Failed" and spent:
        why = notebook.failure_reason or "SageMaker gives no reason"
        return Fail(f"notebook {notebook.name} failed: {why}")
    return _once(now, Start()) if notebook.status in AT_REST else Wait()


def _known(now: Situation) -> tuple[Wanted, Place]:
    if now.request.wanted is None or now.place is None:
        raise ValueError("an Update is decided on what is wanted and where, got neither")
    return now.request.wanted, now.place


def _needs_new_notebook(
    wanted: Wanted, place: Place, notebook: Notebook, *, rolling_back: bool
) -> list[str]:
    """A disk that an update has grown cannot shrink again; when CloudFormation rolls that
    update back, keeping the larger disk is better than a stack that no one can repair."""
    obstacles = []
    if place.subnet_id != notebook.place.subnet_id:
        obstacles.append(f"subnet {notebook.place.subnet_id} cannot become {place.subnet_id}")
    if place.security_group_id != notebook.place.security_group_id:
        obstacles.append(
            f"security group {notebook.place.security_group_id} "
            f"cannot become {place.security_group_id}"
        )
    if wanted.volume_gb < notebook.volume_gb and not rolling_back:
        obstacles.append(
            f"a volume of {notebook.volume_gb} GB cannot shrink to {wanted.volume_gb} GB"
        )
    if wanted.environment_name != notebook.environment_name:
        obstacles.append(
            f"environment {notebook.environment_name} cannot become {wanted.environment_name}"
        )
    return obstacles


def _changes(wanted: Wanted, notebook: Notebook) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if wanted.instance_type != notebook.instance_type:
        changes["InstanceType"] = wanted.instance_type
    if wanted.volume_gb > notebook.volume_gb:
        changes["VolumeSizeInGB"] = wanted.volume_gb
    if wanted.root_access != notebook.root_access:
        changes["RootAccess"] = wanted.root_access
    if wanted.lifecycle_config is None and notebook.lifecycle_config is not None:
        changes["DisassociateLifecycleConfig"] = True
    elif wanted.lifecycle_config != notebook.lifecycle_config:
        changes["LifecycleConfigName"] = wanted.lifecycle_config
    return changes
