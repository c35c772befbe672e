"""The state machine, run by moto's interpreter of the States Language with stand-ins for two tasks.

moto has no ``codebuild:startBuild.sync``: the stand-in checks the request against CodeBuild's own
model, and asks the test how the build ended. It has ``aws-sdk:...``, but not for services whose
members begin in lower case. All else is moto's. However many builds fail, it goes
on: ``ToleratedFailurePercentage`` has no effect there.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.validate import validate_parameters
from moto import mock_aws
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_factory,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import (
    ResourceCondition,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (  # noqa: E501
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

from tests.unit.examples.many_accounts.material import NAMES

REGION = NAMES["region"]
LIMIT = 60
Ended = Callable[[Mapping[str, str]], bool]
"""From a build's environment variables to whether it succeeded."""


@dataclass
class Builds:
    """The builds that were asked for: of each its project and its variables."""

    ended: Ended = lambda _: True
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    most: int = 0
    seconds: float = 0
    _running: int = 0
    _lock: Lock = field(default_factory=Lock)

    def run(self, request: Mapping[str, Any]) -> bool:
        variables = {
            each["name"]: each["value"] for each in request["environmentVariablesOverride"]
        }
        with self._lock:
            self.asked.append((request["projectName"], variables))
            self._running += 1
            self.most = max(self.most, self._running)
        time.sleep(self.seconds)
        with self._lock:
            self._running -= 1
        return self.ended(variables)


def _start_build_shape() -> Any:
    model = botocore.session.get_session().get_service_model("codebuild")
    return model.operation_model("StartBuild").input_shape


def stand_in(builds: Builds) -> type[StateTaskServiceCallback]:
    """What moto lacks."""
    shape = _start_build_shape()

    class CodeBuild(StateTaskServiceCallback):
        def __init__(self) -> None:
            super().__init__(supported_integration_patterns={ResourceCondition.Sync})

        def _get_supported_parameters(self) -> set[str]:
            assert self.resource.api_action == "startBuild"
            return {name[0].upper() + name[1:] for name in shape.members}

        def _eval_service_task(
            self,
            env: Any,
            resource_runtime_part: Any,  # noqa: ARG002
            normalised_parameters: dict[str, Any],
            state_credentials: Any,  # noqa: ARG002
        ) -> None:
            request = _lower_camel(normalised_parameters)
            validate_parameters(request, shape)
            env.stack.append(request)

        def _eval_integration_pattern(self, env: Any, *_: Any, **__: Any) -> None:
            succeeded = builds.run(env.stack.pop())
            build = {"Id": "project:1", "BuildStatus": "SUCCEEDED" if succeeded else "FAILED"}
            if not succeeded:
                raise FailureEventException(_failure(env, json.dumps({"Build": build})))
            env.stack.append({"Build": build})

    return CodeBuild


class AwsSdk(StateTaskServiceAwsSdk):
    """moto's, with the case of names that Step Functions has."""

    def _eval_service_task(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Any,
    ) -> None:
        request = _lower_camel(normalised_parameters)
        super()._eval_service_task(env, resource_runtime_part, request, state_credentials)
        env.stack.append(_upper_camel(env.stack.pop()))


def _failure(env: Any, cause: str) -> FailureEvent:
    kind = StatesErrorNameType.StatesTaskFailed
    details = TaskFailedEventDetails(
        resource="startBuild.sync", resourceType="codebuild", error=kind.to_name(), cause=cause
    )
    return FailureEvent(
        env=env,
        error_name=StatesErrorName(typ=kind),
        event_type=HistoryEventType.TaskFailed,
        event_details=EventDetails(taskFailedEventDetails=details),
    )


def _lower_camel(value: Any) -> Any:
    """As Step Functions does: its parameters are in PascalCase, whatever the service's are in."""
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: _lower_camel(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_lower_camel(each) for each in value]
    return value


def _upper_camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[0].upper() + key[1:]: _upper_camel(each) for key, each in value.items()}
    return str(value) if isinstance(value, datetime) else value


@dataclass(frozen=True)
class Run:
    """How an execution ended."""

    status: str
    error: str
    cause: str
    states: tuple[str, ...]
    map_run: Mapping[str, Any]


@contextmanager
def interpreted(
    definition: Mapping[str, Any], accounts: Any, builds: Builds, patch: pytest.MonkeyPatch
) -> Iterator[Callable[[Any], Run]]:
    """Yield what runs ``definition`` over ``accounts``, as S3 holds them, for an input."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        patch.setenv(name, "nobody")
    patch.setattr(state_task_service_factory, "StateTaskServiceUnsupported", stand_in(builds))
    patch.setattr(state_task_service_factory, "StateTaskServiceAwsSdk", AwsSdk)
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        s3 = boto3.client("s3", REGION)
        place = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket=NAMES["bucket"], CreateBucketConfiguration=place)
        s3.put_object(Bucket=NAMES["bucket"], Key="accounts.json", Body=json.dumps(accounts))
        states = boto3.client("stepfunctions", REGION)
        machine = states.create_state_machine(
            name=NAMES["state_machine"],
            definition=json.dumps(definition),
            roleArn="arn:aws:iam::123456789012:role/StateMachine",
        )["stateMachineArn"]

        def run(given: Any) -> Run:
            started = states.start_execution(stateMachineArn=machine, input=json.dumps(given))
            return _followed(states, started["executionArn"])

        yield run


def _followed(states: Any, execution: str) -> Run:
    deadline = time.monotonic() + LIMIT
    found = states.describe_execution(executionArn=execution)
    while found["status"] == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.05)
        found = states.describe_execution(executionArn=execution)
    events = states.get_execution_history(executionArn=execution)["events"]
    entered = (each.get("stateEnteredEventDetails", {}).get("name") for each in events)
    runs = states.list_map_runs(executionArn=execution)["mapRuns"]
    described = states.describe_map_run(mapRunArn=runs[0]["mapRunArn"]) if runs else {}
    return Run(
        status=found["status"],
        error=found.get("error", ""),
        cause=found.get("cause", ""),
        states=tuple(name for name in entered if name),
        map_run=described,
    )
