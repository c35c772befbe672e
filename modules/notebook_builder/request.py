"""CloudFormation's request, parsed and checked before anything is done."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*")
"""A notebook's name, and a lifecycle configuration's: SageMaker's own pattern."""
NAME_LIMIT = 63
INSTANCE_TYPE = re.compile(r"ml\.[a-z0-9-]+\.[a-z0-9-]+")
SMALLEST_VOLUME_GB, LARGEST_VOLUME_GB = 5, 16384
PLACE_KEYS = ("SubnetName", "SecurityGroupName")
KINDS = ("Create", "Update", "Delete")


class InvalidRequestError(Exception):
    """The request cannot be carried out as it stands; the message is for the data scientist."""


@dataclass(frozen=True)
class Project:
    """What the function was deployed with; no request can change it."""

    vpc_id: str
    subnet_id: str
    security_group_id: str
    execution_role_arn: str
    key_arn: str
    platform_identifier: str
    name: str
    project_id: str
    end_user_role_ids: Mapping[str, str] = field(hash=False)
    """Unique id by name of each role whose sessions own what they launch."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Project:
        return cls(
            vpc_id=environment["VPC_ID"],
            subnet_id=environment["SUBNET_ID"],
            security_group_id=environment["SECURITY_GROUP_ID"],
            execution_role_arn=environment["EXECUTION_ROLE_ARN"],
            key_arn=environment["KMS_KEY_ARN"],
            platform_identifier=environment["PLATFORM_IDENTIFIER"],
            name=environment["PROJECT_NAME"],
            project_id=environment["PROJECT_ID"],
            end_user_role_ids=json.loads(environment["END_USER_ROLE_IDS"]),
        )


@dataclass(frozen=True)
class Owner:
    """Which resource of which stack a notebook belongs to, and which request made it."""

    stack_id: str
    logical_id: str
    request_id: str

    def same_resource(self, other: Owner | None) -> bool:
        """A stack's resource keeps its stack and logical id through all of its requests."""
        mine = (self.stack_id, self.logical_id)
        return other is not None and mine == (other.stack_id, other.logical_id)


@dataclass(frozen=True)
class Wanted:
    """The notebook that the product's properties ask for. Volume in GB."""

    name: str
    instance_type: str
    volume_gb: int
    root_access: Literal["Enabled", "Disabled"]
    lifecycle_config: str | None
    subnet: str
    security_group: str
    environment_name: str


@dataclass(frozen=True)
class Request:
    """One event. ``wanted`` is None for a Delete, which must work whatever the properties.

    ``fallback_name``: of a Delete whose physical id is not the notebook that its properties
    name, that notebook. ``moved``: whether an Update may name another place than before.
    ``leftover_name``: of an Update that undoes a replacement, the notebook that replaced.
    """

    kind: Literal["Create", "Update", "Delete"]
    owner: Owner
    physical_id: str | None
    wanted: Wanted | None
    fallback_name: str | None = None
    moved: bool = True
    leftover_name: str | None = None

    def parts(self) -> tuple[Request, ...]:
        """Return what is to be done, one after the other: the leftover goes first."""
        if self.leftover_name is None:
            return (self,)
        return Request("Delete", self.owner, self.leftover_name, wanted=None), self

    @property
    def notebook_name(self) -> str | None:
        """The notebook that the request is about; None when no notebook can have that name."""
        name = self.wanted.name if self.wanted else self.physical_id
        return name if is_notebook_name(name) else None


def is_notebook_name(name: object) -> bool:
    return isinstance(name, str) and len(name) <= NAME_LIMIT and NAME.fullmatch(name) is not None


def parse(event: Mapping[str, Any], project: Project) -> Request:
    """Return the request; raise InvalidRequestError naming the property, its value, what is
    allowed."""
    kind = event.get("RequestType")
    if kind not in KINDS:
        raise InvalidRequestError(f"RequestType is {kind!r}, expected one of {', '.join(KINDS)}")
    owner = Owner(event["StackId"], event["LogicalResourceId"], event["RequestId"])
    properties = event.get("ResourceProperties") or {}
    physical_id = event.get("PhysicalResourceId")
    if kind == "Delete":
        named = properties.get("NotebookInstanceName")
        other = named if is_notebook_name(named) and named != physical_id else None
        return Request(kind, owner, physical_id, wanted=None, fallback_name=other)
    wanted = _wanted(properties, project)
    before = event.get("OldResourceProperties") or {}
    return Request(
        kind,
        owner,
        physical_id,
        wanted,
        moved=any(before.get(key) != properties.get(key) for key in PLACE_KEYS),
        leftover_name=_leftover(physical_id, before, wanted),
    )


def _leftover(physical_id: str | None, before: Mapping[str, Any], wanted: Wanted) -> str | None:
    """An update that was to replace the notebook and was never answered leaves CloudFormation
    with the old physical id: nobody else will delete the new notebook. No other update names
    another notebook before and wants the one that there is."""
    name = before.get("NotebookInstanceName")
    undoes = physical_id == wanted.name and name != wanted.name
    return name if undoes and is_notebook_name(name) else None


def _wanted(properties: Mapping[str, Any], project: Project) -> Wanted:
    _one_of(properties, "DirectInternetAccess", ("Disabled",))
    _one_of(properties, "ProjectName", (project.name,))
    _one_of(properties, "ProjectID", (project.project_id,))
    root_access: Any = _one_of(properties, "RootAccess", ("Enabled", "Disabled"))
    lifecycle_config = properties.get("LifecycleConfigName") or None
    if lifecycle_config is not None:
        _name(properties, "LifecycleConfigName")
    return Wanted(
        name=_name(properties, "NotebookInstanceName"),
        instance_type=_instance_type(properties),
        volume_gb=_volume(properties),
        root_access=root_access,
        lifecycle_config=lifecycle_config,
        subnet=_text(properties, "SubnetName"),
        security_group=_text(properties, "SecurityGroupName"),
        environment_name=_text(properties, "EnvironmentName"),
    )


def _refuse(key: str, value: object, allowed: str) -> InvalidRequestError:
    return InvalidRequestError(f"{key} is {str(value)[:100]!r}, allowed: {allowed}")


def _text(properties: Mapping[str, Any], key: str) -> str:
    value = properties.get(key)
    if not isinstance(value, str) or not value:
        raise _refuse(key, value, "a non-empty text")
    return value


def _one_of(properties: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str:
    value = properties.get(key)
    if not isinstance(value, str) or value not in allowed:
        raise _refuse(key, value, ", ".join(allowed))
    return value


def _name(properties: Mapping[str, Any], key: str) -> str:
    value = _text(properties, key)
    if not is_notebook_name(value):
        raise _refuse(key, value, f"1 to {NAME_LIMIT} letters, digits and inner hyphens")
    return value


def _instance_type(properties: Mapping[str, Any]) -> str:
    value = _text(properties, "NotebookInstanceType")
    if not INSTANCE_TYPE.fullmatch(value):
        raise _refuse("NotebookInstanceType", value, "a type such as ml.t3.medium")
    return value


def _volume(properties: Mapping[str, Any]) -> int:
    value = str(properties.get("VolumeSizeInGB"))
    if not re.fullmatch("[0-9]{1,5}", value) or not (
        SMALLEST_VOLUME_GB <= int(value) <= LARGEST_VOLUME_GB
    ):
        allowed = f"a whole number from {SMALLEST_VOLUME_GB} to {LARGEST_VOLUME_GB}"
        raise _refuse("VolumeSizeInGB", value, allowed)
    return int(value)
