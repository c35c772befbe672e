"""A SageMaker whose notebooks change with time, a clock that only sleeping moves, and events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from modules.notebook_builder.aws import REQUEST_TAG, RESOURCE_TAG, STACK_TAG, Aws
from modules.notebook_builder.handler import handle
from modules.notebook_builder.launcher import PRINCIPAL_TAG
from modules.notebook_builder.request import Project

STACK = "arn:aws:cloudformation:eu-west-1:123456789012:stack/SC-1/0a1b"
PROJECT = Project(
    vpc_id="vpc-1",
    subnet_id="subnet-1",
    security_group_id="sg-1",
    execution_role_arn="arn:aws:iam::123456789012:role/SageMakerExecutionRole-alpha",
    key_arn="arn:aws:kms:eu-west-1:123456789012:key/k",
    platform_identifier="notebook-al2023-v1",
    name="alpha",
    project_id="QuickStart007",
    end_user_role_ids={"SCEndUserRole-alpha": "AROAENDUSERS"},
)
AMY = "arn:aws:sts::123456789012:assumed-role/SCEndUserRole-alpha/amy@example.com"
ENVIRONMENT = {
    "VPC_ID": PROJECT.vpc_id,
    "SUBNET_ID": PROJECT.subnet_id,
    "SECURITY_GROUP_ID": PROJECT.security_group_id,
    "EXECUTION_ROLE_ARN": PROJECT.execution_role_arn,
    "KMS_KEY_ARN": PROJECT.key_arn,
    "PLATFORM_IDENTIFIER": PROJECT.platform_identifier,
    "PROJECT_NAME": PROJECT.name,
    "PROJECT_ID": PROJECT.project_id,
    "END_USER_ROLE_IDS": '{"SCEndUserRole-alpha": "AROAENDUSERS"}',
}
PROPERTIES = {
    "NotebookInstanceName": "amys-notebook",
    "NotebookInstanceType": "ml.t3.medium",
    "VolumeSizeInGB": "20",
    "RootAccess": "Disabled",
    "DirectInternetAccess": "Disabled",
    "LifecycleConfigName": "Provisioned-LC-alpha",
    "SubnetName": "ProSM-ResourceSubnet",
    "SecurityGroupName": "ProSM-ResourceSG",
    "EnvironmentName": "Dev",
    "ProjectName": "alpha",
    "ProjectID": "QuickStart007",
}


def event(
    kind: str = "Create",
    *,
    url: str = "http://127.0.0.1:9/answer?Signature=secret",
    request: str = "request-1",
    stack: str = STACK,
    physical_id: str | None = None,
    before: Mapping[str, str] | None = None,
    **changed: str | None,
) -> dict[str, Any]:
    """An event as CloudFormation sends it; a property changed to None is left out. ``before``:
    an Update's old properties."""
    properties = {k: v for k, v in {**PROPERTIES, **changed}.items() if v is not None}
    sent: dict[str, Any] = {
        "RequestType": kind,
        "ResponseURL": url,
        "StackId": stack,
        "RequestId": request,
        "LogicalResourceId": "Notebook",
        "ResourceType": "Custom::SageMakerNotebook",
        "ResourceProperties": {"ServiceToken": "arn:...", **properties},
    }
    if kind != "Create":
        sent["PhysicalResourceId"] = physical_id or "amys-notebook"
    if before is not None:
        sent["OldResourceProperties"] = {"ServiceToken": "arn:...", **before}
    return sent


class Clock:
    """Lambda's context and ``sleep`` in one: time passes only by sleeping."""

    def __init__(self, seconds: float = 900) -> None:
        self.now = 0.0
        self.limit = seconds
        self.slept: list[float] = []

    def get_remaining_time_in_millis(self) -> int:
        return int((self.limit - self.now) * 1000)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)


def client_error(code: str, message: str = "", status: int = 400) -> ClientError:
    metadata: Any = {"HTTPStatusCode": status}
    response: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}
    return ClientError(response, "Operation")


@dataclass
class Fake:
    """One notebook: a status now, and the statuses that follow by themselves."""

    described: dict[str, Any]
    tags: dict[str, str]
    coming: list[tuple[float, str]] = field(default_factory=list)


class SageMaker:
    """Notebook instances with AWS's transitions and refusals.

    ``seconds`` is how long each transition takes; ``ends`` what a start ends in; ``faults`` are
    raised by the next calls of an operation, after which it works again.
    """

    def __init__(self, clock: Clock, *, seconds: float = 60, ends: str = "InService") -> None:
        self.clock = clock
        self.seconds = seconds
        self.ends = ends
        self.notebooks: dict[str, Fake] = {}
        self.calls: list[str] = []
        self.arguments: list[dict[str, Any]] = []
        self.faults: dict[str, list[Exception]] = {}

    def writes(self) -> list[str]:
        return [call for call in self.calls if call not in {"describe", "tags"}]

    def status(self, name: str = "amys-notebook") -> str:
        return str(self._get(name).described["NotebookInstanceStatus"])

    def add(
        self, status: str = "InService", *, owner: Mapping[str, str] | None, **seen: Any
    ) -> None:
        """Put a notebook there that somebody made before."""
        described: dict[str, Any] = {
            "NotebookInstanceName": "amys-notebook",
            "NotebookInstanceStatus": status,
            "InstanceType": "ml.t3.medium",
            "VolumeSizeInGB": 20,
            "RootAccess": "Disabled",
            "NotebookInstanceLifecycleConfigName": "Provisioned-LC-alpha",
            "SubnetId": "subnet-1",
            "SecurityGroups": ["sg-1"],
            **seen,
        }
        name = described["NotebookInstanceName"]
        described["NotebookInstanceArn"] = f"arn:aws:sagemaker:r:1:notebook-instance/{name}"
        self.notebooks[name] = Fake(described, {"EnvironmentName": "Dev", **(owner or {})})

    def describe_notebook_instance(self, *, NotebookInstanceName: str) -> dict[str, Any]:  # noqa: N803 - boto3's
        self._call("describe")
        return dict(self._get(NotebookInstanceName).described)

    def get_paginator(self, operation: str) -> SageMaker:
        assert operation == "list_tags"
        return self

    def paginate(self, *, ResourceArn: str) -> Iterator[dict[str, Any]]:  # noqa: N803 - boto3's
        self._call("tags")
        tags = self._get(ResourceArn.rpartition("/")[2]).tags
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        yield {"Tags": listed[:1]}
        yield {"Tags": listed[1:]}

    def create_notebook_instance(self, **arguments: Any) -> None:
        self._call("create", arguments)
        name = arguments["NotebookInstanceName"]
        if name in self.notebooks:
            raise client_error("ValidationException", f"Cannot create a duplicate ({name})")
        self.add(
            "Pending",
            owner={tag["Key"]: tag["Value"] for tag in arguments["Tags"]},
            NotebookInstanceName=name,
            InstanceType=arguments["InstanceType"],
            VolumeSizeInGB=arguments["VolumeSizeInGB"],
            RootAccess=arguments["RootAccess"],
            NotebookInstanceLifecycleConfigName=arguments.get("LifecycleConfigName"),
            SubnetId=arguments["SubnetId"],
            SecurityGroups=arguments["SecurityGroupIds"],
        )
        self._follow(name, self.ends)

    def start_notebook_instance(self, *, NotebookInstanceName: str) -> None:  # noqa: N803 - boto3's
        self._call("start")
        self._transition(NotebookInstanceName, ("Stopped", "Failed"), "Pending", self.ends)

    def stop_notebook_instance(self, *, NotebookInstanceName: str) -> None:  # noqa: N803 - boto3's
        self._call("stop")
        self._transition(NotebookInstanceName, ("InService",), "Stopping", "Stopped")

    def delete_notebook_instance(self, *, NotebookInstanceName: str) -> None:  # noqa: N803 - boto3's
        self._call("delete")
        self._transition(NotebookInstanceName, ("Stopped", "Failed"), "Deleting", "gone")

    def update_notebook_instance(self, *, NotebookInstanceName: str, **changes: Any) -> None:  # noqa: N803 - boto3's
        name = NotebookInstanceName
        self._call("update", changes)
        self._transition(name, ("Stopped", "Failed"), "Updating", "Stopped")
        described = self.notebooks[name].described
        described |= {k: v for k, v in changes.items() if k in described}
        if changes.get("DisassociateLifecycleConfig"):
            described["NotebookInstanceLifecycleConfigName"] = None
        if "LifecycleConfigName" in changes:
            described["NotebookInstanceLifecycleConfigName"] = changes["LifecycleConfigName"]

    def _call(self, operation: str, arguments: dict[str, Any] | None = None) -> None:
        self.calls.append(operation)
        if arguments:
            self.arguments.append(arguments)
        if self.faults.get(operation):
            raise self.faults[operation].pop(0)

    def _get(self, name: str) -> Fake:
        notebook = self.notebooks.get(name)
        while notebook and notebook.coming and notebook.coming[0][0] <= self.clock.now:
            _, status = notebook.coming.pop(0)
            if status == "gone":
                del self.notebooks[name]
                notebook = None
            else:
                notebook.described["NotebookInstanceStatus"] = status
        if notebook is None:
            raise client_error("ValidationException", "RecordNotFound")
        return notebook

    def _follow(self, name: str, status: str) -> None:
        self.notebooks[name].coming = [(self.clock.now + self.seconds, status)]

    def _transition(self, name: str, allowed: tuple[str, ...], through: str, to: str) -> None:
        described = self._get(name).described
        if described["NotebookInstanceStatus"] not in allowed:
            raise client_error(
                "ValidationException",
                f"Status ({described['NotebookInstanceStatus']}) not in ({allowed}). "
                f"Unable to transition to ({through})",
            )
        described["NotebookInstanceStatus"] = through
        self._follow(name, to)


class Ec2:
    """``items`` by EC2's operation."""

    def __init__(self) -> None:
        self.items = {
            "describe_subnets": [subnet("subnet-1", "ProSM-ResourceSubnet")],
            "describe_security_groups": [group("sg-1", "ProSM-ResourceSG")],
        }
        self.filters: list[Any] = []

    def get_paginator(self, operation: str) -> Any:
        ec2 = self

        class Paginator:
            def paginate(self, *, Filters: Any) -> Iterator[dict[str, Any]]:  # noqa: N803 - boto3's
                ec2.filters.append(Filters)
                key = {"describe_subnets": "Subnets"}.get(operation, "SecurityGroups")
                yield from ({key: [item]} for item in ec2.items[operation])
                yield {key: []}

        return Paginator()


def subnet(id_: str, name: str | None) -> dict[str, Any]:
    return {"SubnetId": id_, "Tags": [{"Key": "Name", "Value": name}] if name else []}


def group(id_: str, name: str | None) -> dict[str, Any]:
    return {"GroupId": id_, "Tags": [{"Key": "Name", "Value": name}] if name else []}


@dataclass
class CloudFormation:
    """``launched_by``: the session that launched the stack; None: not Service Catalog's. The
    status is that of a request of ``kind`` unless one is set."""

    kind: str = "Update"
    status: str = ""
    launched_by: str | None = AMY
    calls: int = 0
    fault: Exception | None = None

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's
        assert StackName == STACK
        self.calls += 1
        if self.fault:
            raise self.fault
        tag = {"Key": PRINCIPAL_TAG, "Value": self.launched_by}
        tags = [{"Key": "team", "Value": "x"}, *([tag] if self.launched_by else [])]
        status = self.status or f"{self.kind.upper()}_IN_PROGRESS"
        return {"Stacks": [{"StackStatus": status, "Tags": tags}]}


def owner_tags(request: str = "request-1", stack: str = STACK) -> dict[str, str]:
    return {STACK_TAG: stack, RESOURCE_TAG: "Notebook", REQUEST_TAG: request}


class World:
    """All of it together, as the handler is given it."""

    def __init__(self, *, limit: float = 900, seconds: float = 60, ends: str = "InService") -> None:
        self.clock = Clock(limit)
        self.sagemaker = SageMaker(self.clock, seconds=seconds, ends=ends)
        self.ec2 = Ec2()
        self.cloudformation = CloudFormation()

    def aws(self, project: Project = PROJECT) -> Aws:
        return Aws(self.sagemaker, self.ec2, self.cloudformation, project)

    def connect(self) -> Callable[[Project], Aws]:
        return self.aws


def run(world: World, sent: dict[str, Any]) -> None:
    """Handle one event in ``world``."""
    world.cloudformation.kind = sent["RequestType"]
    handle(
        sent,
        world.clock,
        connect=world.connect(),
        environment=ENVIRONMENT,
        sleep=world.clock.sleep,
    )
