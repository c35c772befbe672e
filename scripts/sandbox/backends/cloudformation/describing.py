"""Operations that read stacks, their resources and their events."""

import json
from collections.abc import Sequence
from typing import Any

from scripts.sandbox.backends import paging
from scripts.sandbox.backends.cloudformation.errors import ValidationError, no_stack
from scripts.sandbox.backends.cloudformation.parameters import MASK, is_secret
from scripts.sandbox.backends.cloudformation.records import Event, Resource, Stack
from scripts.sandbox.backends.cloudformation.request import Answer, Request
from scripts.sandbox.backends.cloudformation.store import Store

PAGE = 100
DRIFT = {"StackDriftStatus": "NOT_CHECKED"}
RESOURCE_DRIFT = {"StackResourceDriftStatus": "NOT_CHECKED"}


class Describing(Store):
    """Describe and list."""

    def describe_stacks(self, request: Request) -> Answer:
        """One by name or id, or all that are not deleted."""
        name = request.get("StackName")
        if name:
            return {"Stacks": [_described(self.stack(name))]}
        living = [stack for stack in _newest(self.stacks) if stack.alive]
        return _page(request, "Stacks", [_described(stack) for stack in living])

    def list_stacks(self, request: Request) -> Answer:
        """Deleted ones too, in the statuses that are asked for."""
        wanted = request.get("StackStatusFilter", [])
        found = [s for s in _newest(self.stacks) if not wanted or s.status in wanted]
        return _page(request, "StackSummaries", [_summary(stack) for stack in found])

    def describe_stack_events(self, request: Request) -> Answer:
        """Newest first."""
        name = request["StackName"]
        stack = self.find(name)
        if stack is None:
            raise ValidationError(f"Stack [{name}] does not exist")
        events = [_event(stack, event) for event in reversed(list(stack.events))]
        return _page(request, "StackEvents", events)

    def list_stack_resources(self, request: Request) -> Answer:
        """All of a stack."""
        stack = self.stack(request["StackName"])
        found = [_resource_summary(resource) for resource in _resources(stack)]
        return _page(request, "StackResourceSummaries", found)

    def describe_stack_resources(self, request: Request) -> Answer:
        """All of a stack or one by its logical name; the stack may be given by a resource's id."""
        name, physical_id = request.get("StackName"), request.get("PhysicalResourceId")
        if (name is None) == (physical_id is None):
            raise ValidationError("Either StackName or PhysicalResourceId must be specified.")
        stack = self.stack(name) if name else self._owner(physical_id)
        wanted = request.get("LogicalResourceId")
        found = [one for one in _resources(stack) if wanted in (None, one.logical_id)]
        return {"StackResources": [_resource(stack, resource) for resource in found]}

    def describe_stack_resource(self, request: Request) -> Answer:
        """One, with its metadata."""
        stack = self.stack(request["StackName"])
        name = request["LogicalResourceId"]
        resource = stack.resources.get(name)
        if resource is None:
            raise ValidationError(f"Resource {name} does not exist for stack {stack.name}")
        detail = _resource(stack, resource)
        detail["LastUpdatedTimestamp"] = detail.pop("Timestamp")
        detail["Metadata"] = json.dumps(resource.metadata) if resource.metadata else None
        return {"StackResourceDetail": detail}

    def get_template(self, request: Request) -> Answer:
        """The text as it was given."""
        stack = self.stack(request["StackName"])
        return {"TemplateBody": stack.template, "StagesAvailable": ["Original", "Processed"]}

    def _owner(self, physical_id: str) -> Stack:
        for stack in self.stacks.values():
            if any(one.physical_id == physical_id for one in _resources(stack)):
                return stack
        raise no_stack(physical_id)


def _newest(stacks: dict[str, Stack]) -> list[Stack]:
    return list(stacks.values())[::-1]


def _resources(stack: Stack) -> list[Resource]:
    return sorted(stack.resources.values(), key=lambda resource: resource.logical_id)


def _page(request: Request, member: str, items: Sequence[Any]) -> Answer:
    found, following = paging.page(
        items, size=PAGE, token=request.get("NextToken"), invalid=ValidationError
    )
    return {member: found, "NextToken": following}


def _described(stack: Stack) -> Answer:
    definition, settings = stack.definition, stack.settings
    specifications = definition.template.section("Parameters")
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "Description": definition.template.document.get("Description"),
        "Parameters": [
            {
                "ParameterKey": key,
                "ParameterValue": MASK if is_secret(specifications[key]) else value,
            }
            for key, value in definition.parameters.items()
        ],
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "DeletionTime": stack.deleted,
        "RollbackConfiguration": {},
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "DisableRollback": settings.on_failure == "DO_NOTHING",
        "NotificationARNs": list(settings.notification_arns),
        "Capabilities": list(settings.capabilities),
        "Outputs": list(stack.outputs),
        "RoleARN": settings.role_arn,
        "Tags": [{"Key": key, "Value": value} for key, value in definition.tags.items()],
        "EnableTerminationProtection": settings.protected,
        "DriftInformation": DRIFT,
    }


def _summary(stack: Stack) -> Answer:
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "TemplateDescription": stack.definition.template.document.get("Description"),
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "DeletionTime": stack.deleted,
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "DriftInformation": DRIFT,
    }


def _event(stack: Stack, event: Event) -> Answer:
    return {
        "StackId": stack.id,
        "EventId": event.id,
        "StackName": stack.name,
        "LogicalResourceId": event.logical_id,
        "PhysicalResourceId": event.physical_id,
        "ResourceType": event.type,
        "Timestamp": event.at,
        "ResourceStatus": event.status,
        "ResourceStatusReason": event.reason,
        "ResourceProperties": event.properties,
        "ClientRequestToken": event.token,
    }


def _resource_summary(resource: Resource) -> Answer:
    return {
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id,
        "ResourceType": resource.type,
        "LastUpdatedTimestamp": resource.changed,
        "ResourceStatus": resource.status,
        "ResourceStatusReason": resource.reason,
        "DriftInformation": RESOURCE_DRIFT,
    }


def _resource(stack: Stack, resource: Resource) -> Answer:
    summary = _resource_summary(resource)
    summary["Timestamp"] = summary.pop("LastUpdatedTimestamp")
    return {"StackName": stack.name, "StackId": stack.id, **summary}
