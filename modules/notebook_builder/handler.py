"""Entry of the builder function: one CloudFormation request in, exactly one answer out.

``handle`` is a thin loop: observe, let ``decisions`` choose the next step, perform it. It
gives up early enough to answer before Lambda ends the invocation; should a call hang beyond
every timeout, an alarm interrupts it. A retry of the same event continues where the first
attempt was cut off, because the notebook carries the request's id in its tags.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any, Protocol

import boto3
from botocore.config import Config

from . import answer
from .aws import Aws, is_overtaken, is_transient
from .decisions import Fail, Notebook, Situation, Succeed, Wait, Write, next_step
from .request import InvalidRequestError, Project, Request, is_notebook_name, parse

POLL_SECONDS = 10.0
ALARM_SECONDS = answer.WORST_CASE_SECONDS + 5
"""What the alarm leaves for the answer, its retries included."""
RESERVE_SECONDS = ALARM_SECONDS + 10
"""What the loop leaves: it ends by itself before the alarm has to."""

CLIENT_CONFIG = Config(
    connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 3}
)

log = logging.getLogger("notebook_builder")
log.setLevel(logging.INFO)


class LambdaContext(Protocol):
    def get_remaining_time_in_millis(self) -> int: ...


class OutOfTime(BaseException):
    """The alarm went off. Not an Exception, lest botocore catch it and try again."""


@dataclass(frozen=True)
class Outcome:
    """What is answered. ``notebook`` is None when there is none (any more)."""

    success: bool
    message: str
    notebook: Notebook | None = None


def handler(event: Mapping[str, Any], context: LambdaContext) -> None:
    """Lambda's entry point."""
    handle(event, context, connect=connect, environment=os.environ)


def connect(project: Project) -> Aws:
    def client(service: str) -> Any:
        return boto3.client(service, config=CLIENT_CONFIG)  # type: ignore[call-overload]  # by name

    return Aws(client("sagemaker"), client("ec2"), client("cloudformation"), project)


def handle(
    event: Mapping[str, Any],
    context: LambdaContext,
    *,
    connect: Callable[[Project], Aws],
    environment: Mapping[str, str],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Carry out the request and answer it once.

    Raises answer.NotDeliveredError when CloudFormation cannot be reached, so that Lambda
    retries the event.
    """
    _log("received", event, kind=event.get("RequestType"), physical=event.get("PhysicalResourceId"))
    project: Project | None = None
    try:
        with _alarm(_remaining(context) - ALARM_SECONDS):
            project = Project.from_environment(environment)
            request = parse(event, project)
            outcome = _Run(event, request, connect(project), context, sleep).outcome()
    except OutOfTime:
        outcome = Outcome(success=False, message="ran out of time while waiting for AWS")
    except InvalidRequestError as error:
        outcome = Outcome(success=False, message=str(error))
    except Exception as error:  # noqa: BLE001 - whatever happens, CloudFormation is answered
        outcome = Outcome(success=False, message=f"{type(error).__name__}: {error}")
    _answer(event, outcome, project, sleep)


class _Run:
    """One invocation's observe-decide-perform loop."""

    def __init__(
        self,
        event: Mapping[str, Any],
        request: Request,
        aws: Aws,
        context: LambdaContext,
        sleep: Callable[[float], None],
    ) -> None:
        self._event = event
        self._aws = aws
        self._context = context
        self._sleep = sleep
        self._now = Situation(request, notebook=None)

    def outcome(self) -> Outcome:
        name = self._now.request.notebook_name
        if name is None:
            return Outcome(success=True, message="there is no notebook of that name")
        trouble = ""
        while _remaining(self._context) > RESERVE_SECONDS:
            try:
                end = self._advance(name)
                trouble = ""
            except Exception as error:
                if not (is_transient(error) or is_overtaken(error)):
                    raise
                trouble = f"; last error: {error}"
                _log("retrying", self._event, error=str(error))
                end = None
            if end is not None:
                return end
            self._pause()
        status = self._now.notebook.status if self._now.notebook else "absent"
        message = f"ran out of time: notebook {name} is {status}{trouble}"
        return Outcome(success=False, message=message, notebook=self._now.notebook)

    def _advance(self, name: str) -> Outcome | None:
        """Take one step; return the outcome when it was the last."""
        self._observe(name)
        step = next_step(self._now)
        status = self._now.notebook.status if self._now.notebook else None
        _log("step", self._event, notebook=name, status=status, step=type(step).__name__)
        match step:
            case Succeed(message):
                return Outcome(success=True, message=message, notebook=self._now.notebook)
            case Fail(reason):
                return Outcome(success=False, message=reason, notebook=self._now.notebook)
            case Wait():
                return None
            case _:
                self._perform(step, name)
                return None

    def _observe(self, name: str) -> None:
        wanted = self._now.request.wanted
        notebook = self._aws.notebook(name)
        place = self._now.place or (self._aws.place(wanted) if wanted else None)
        rolling_back = self._now.rolling_back
        if wanted and notebook and wanted.volume_gb < notebook.volume_gb and not rolling_back:
            rolling_back = self._aws.rolling_back(self._now.request.owner.stack_id)
        self._now = replace(self._now, notebook=notebook, place=place, rolling_back=rolling_back)

    def _perform(self, step: Write, name: str) -> None:
        self._aws.perform(step, name, self._now.request, self._now.place)
        self._now = replace(self._now, done=self._now.done | {type(step)})

    def _pause(self) -> None:
        left = _remaining(self._context) - RESERVE_SECONDS
        self._sleep(max(0.0, min(POLL_SECONDS, left)))


def _answer(
    event: Mapping[str, Any],
    outcome: Outcome,
    project: Project | None,
    sleep: Callable[[float], None],
) -> None:
    data = {}
    if outcome.success and outcome.notebook and project and event["RequestType"] != "Delete":
        data = {
            "Message": outcome.message,
            "NotebookInstanceName": outcome.notebook.name,
            "NotebookInstanceArn": outcome.notebook.arn,
            "KmsKeyArn": project.key_arn,
            "ExecutionRoleArn": project.execution_role_arn,
        }
    physical_id = _physical_id(event)
    status: Any = "SUCCESS" if outcome.success else "FAILED"
    _log("answering", event, status=status, physical=physical_id, message=outcome.message)
    content = answer.body(event, status, physical_id=physical_id, reason=outcome.message, data=data)
    answer.put(event["ResponseURL"], content, sleep=sleep)


def _physical_id(event: Mapping[str, Any]) -> str:
    """The physical id is the notebook's name, after a failure too: a failed replacement is then
    deleted by CloudFormation, and Delete leaves alone what is not of the stack."""
    known = event.get("PhysicalResourceId")
    if event.get("RequestType") == "Delete" and known:
        return str(known)
    properties = event.get("ResourceProperties") or {}
    wanted = properties.get("NotebookInstanceName")
    return str(wanted) if is_notebook_name(wanted) else str(known or answer.NO_NOTEBOOK)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in this thread after ``seconds``, whatever it is doing then."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfTime

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _remaining(context: LambdaContext) -> float:
    return context.get_remaining_time_in_millis() / 1000


def _log(what: str, event: Mapping[str, Any], **details: object) -> None:
    """One JSON object a line. Never the event itself: its ResponseURL is a credential."""
    identity = {
        "stack": event.get("StackId"),
        "resource": event.get("LogicalResourceId"),
        "request": event.get("RequestId"),
    }
    log.info(json.dumps({"event": what, **identity, **details}))
