"""What to do next, as a pure function of the request, of the notebook as it is, and of what
this invocation has already done. Nothing here talks to AWS, waits, or knows the time."""

from __future__ import annotations

from typing import Any

from .launcher import UnknownSessionError, launcher_id
from .request import Wanted
from .situation import (
    AskStack,
    Change,
    Create,
    Delete,
    Doubt,
    Fail,
    FindPlace,
    Notebook,
    Place,
    Situation,
    Stack,
    Start,
    Step,
    Stop,
    Succeed,
    Turn,
    Wait,
    Write,
)

AT_REST = ("Stopped", "Failed")
"""From these SageMaker can start, change and delete a notebook; every status that is neither
of them, InService nor Deleting passes by itself."""

DOUBTS = 10
"""How often what may be out of date is looked at again, about a minute in all, before it is
believed: that a notebook has no tags, which may lag behind the notebook that they were given to;
and that a stack lives on whose notebook is to be deleted."""

BUILDING = {
    "Create": ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"),
    "Update": ("UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"),
}
"""The stack's statuses in which CloudFormation waits for the answer to such a request. In any
other the request is a late repetition, whose answer has arrived or been given up already, and
nobody would take away what it makes."""

LIVING = (
    "CREATE_IN_PROGRESS",
    "CREATE_COMPLETE",
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
)
"""The stack's statuses in which CloudFormation deletes nothing: a Delete that comes then is a
late repetition, and the notebook may be a new one of the same name."""

ENDING = ("ROLLBACK_IN_PROGRESS", "DELETE_IN_PROGRESS")
"""The stack's statuses in which everything that it made is deleted."""


def next_step(now: Situation) -> Step:
    """Return the next step of ``now``'s request."""
    if _may_be_tagged_soon(now):
        return Doubt()
    if now.request.kind == "Delete":
        return _to_delete(now)
    step = _to_build(now)
    if not isinstance(step, Write):
        return step
    if now.stack is None:
        return AskStack()
    if now.stack.status not in BUILDING[now.request.kind]:
        return Fail(f"the stack is {now.stack.status}: nothing is built for it any more")
    return step


def _may_be_tagged_soon(now: Situation) -> bool:
    untagged = now.notebook is not None and not now.notebook.tagged
    return untagged and Create not in now.done and now.doubts < DOUBTS


def _to_build(now: Situation) -> Step:
    if now.notebook is None:
        return _to_create(now)
    if not _ours(now, now.notebook):
        return Fail(
            f"a notebook named {now.notebook.name} exists already and was not made by this "
            "request: choose another NotebookInstanceName"
        )
    if now.request.kind == "Create" or Create in now.done:
        if now.notebook.status == "Deleting":
            return Fail(f"notebook {now.notebook.name} is being deleted")
        return _into_service(now, now.notebook)
    # Somebody deletes it by hand: the update makes it anew.
    return Wait() if now.notebook.status == "Deleting" else _to_update(now, now.notebook)


def _ours(now: Situation, notebook: Notebook) -> bool:
    """A Create owns only what its own request made (a retry finds it again); later requests own
    what any request of the same resource made. Tags may lag behind an accepted Create."""
    if Create in now.done and not notebook.tagged:
        return True
    if now.request.kind == "Create":
        return notebook.owner == now.request.owner
    return now.request.owner.same_resource(notebook.owner)


def _once(now: Situation, step: Write) -> Step:
    """A write that was accepted is not repeated: what is seen lags behind it."""
    return Wait() if type(step) in now.done else step


def _to_create(now: Situation) -> Step:
    if Create in now.done:
        return Wait()
    if now.place is None:
        return FindPlace()
    refusal = _place_refused(now, now.place)
    if refusal:
        return Fail(refusal)
    if now.stack is None:
        return AskStack()
    try:
        launched_by = launcher_id(now.stack.launched_by, now.project.end_user_role_ids)
    except UnknownSessionError as error:
        return Fail(str(error))
    return Create(now.place, launched_by)


def _place_refused(now: Situation, place: Place) -> str:
    """The builder's role would be refused any other place as well, in AWS's words."""
    project = now.project
    if place.subnet_id != project.subnet_id:
        return (
            f"subnet {place.subnet_id} is not the one of project {project.name}, "
            f"allowed: {project.subnet_id}"
        )
    if place.security_group_id != project.security_group_id:
        return (
            f"security group {place.security_group_id} is not the one of project {project.name}, "
            f"allowed: {project.security_group_id}"
        )
    return ""


def _to_delete(now: Situation) -> Step:
    notebook = now.notebook
    if notebook is None:
        return _gone_or_elsewhere(now, "the notebook is gone")
    if not _ours(now, notebook):
        left = f"notebook {notebook.name} is not of this stack: left untouched"
        return _gone_or_elsewhere(now, left)
    if notebook.status == "InService":
        return _unless_living(now, _once(now, Stop()))
    if notebook.status in AT_REST:
        return _unless_living(now, _once(now, Delete()))
    return Wait()


def _unless_living(now: Situation, step: Step) -> Step:
    if now.stack is None:
        return AskStack()
    if now.stack.status not in LIVING:
        return step
    if now.doubts < DOUBTS:
        return Doubt()
    return Succeed(f"the stack is {now.stack.status}: the notebook is left untouched")


def _gone_or_elsewhere(now: Situation, message: str) -> Step:
    """A request that was never answered left CloudFormation without a physical id: it then
    deletes by one of its own making, and only the properties tell which notebook that was."""
    other = now.request.fallback_name
    if other is None:
        return Succeed(message)
    if now.stack is None:
        return AskStack()
    return Turn(other) if now.stack.status in ENDING else Succeed(message)


def _to_update(now: Situation, notebook: Notebook) -> Step:
    wanted = _wanted(now)
    if now.request.moved and now.place is None:
        return FindPlace()
    shrinks = wanted.volume_gb < notebook.volume_gb
    if shrinks and now.stack is None:
        return AskStack()
    obstacles = _needs_new_notebook(wanted, now.place, notebook, now.stack)
    if obstacles:
        return Fail(
            f"{'; '.join(obstacles)}: this takes a new notebook, "
            "give it another NotebookInstanceName"
        )
    return _to_change(now, notebook, _changes(wanted, notebook))


def _to_change(now: Situation, notebook: Notebook, changes: dict[str, Any]) -> Step:
    """Stop, change, start. What runs without the change, though SageMaker accepted it, has not
    become what is wanted."""
    in_service = notebook.status == "InService"
    if changes and Change in now.done and in_service:
        lacking = f"notebook {notebook.name} is in service without {', '.join(changes)} changed"
        return Doubt() if now.doubts < DOUBTS else Fail(lacking)
    if not changes or Change in now.done:
        return _into_service(now, notebook)
    if in_service:
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


def _wanted(now: Situation) -> Wanted:
    if now.request.wanted is None:
        raise ValueError("an Update is decided on what is wanted, got nothing")
    return now.request.wanted


def _needs_new_notebook(
    wanted: Wanted, place: Place | None, notebook: Notebook, stack: Stack | None
) -> list[str]:
    """``place`` is None when the request does not move the notebook.

    A disk that an update has grown cannot shrink again; when CloudFormation rolls that
    update back, keeping the larger disk is better than a stack that no one can repair.
    """
    obstacles = []
    there = notebook.place
    if place and place.subnet_id != there.subnet_id:
        obstacles.append(f"subnet {there.subnet_id} cannot become {place.subnet_id}")
    if place and place.security_group_id != there.security_group_id:
        obstacles.append(
            f"security group {there.security_group_id} cannot become {place.security_group_id}"
        )
    if wanted.volume_gb < notebook.volume_gb and not (stack and stack.rolling_back):
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
