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
from .decisions import next_step
from .request import InvalidRequestError, Project, is_notebook_name, parse
from .situation import (
    AskStack,
    Doubt,
    Fail,
    FindPlace,
    Notebook,
    Situation,
    Step,
    Succeed,
    Turn,
    Wait,
    Write,
)

PAUSE_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 10.0)
"""Between looks, from the last write on: what is done quickly is answered quickly."""
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
            aws = connect(project)
            outcome = Outcome(success=True, message="")
            for part in request.parts():
                if outcome.success:
                    now = Situation(part, project)
                    outcome = _Run(event, now, aws, context, sleep).outcome()
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
        now: Situation,
        aws: Aws,
        context: LambdaContext,
        sleep: Callable[[float], None],
    ) -> None:
        self._event = event
        self._aws = aws
        self._context = context
        self._sleep = sleep
        self._now = now
        self._looks = 0

    def outcome(self) -> Outcome:
        trouble = ""
        while _remaining(self._context) > RESERVE_SECONDS:
            try:
                end = self._advance()
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
        now = self._now
        status = now.notebook.status if now.notebook else "absent"
        message = f"ran out of time: notebook {now.request.notebook_name} is {status}{trouble}"
        return Outcome(success=False, message=message, notebook=now.notebook)

    def _advance(self) -> Outcome | None:
        """Take one step; return the outcome when it was the last."""
        self._observe()
        step = self._decide()
        match step:
            case Succeed(message):
                return Outcome(success=True, message=message, notebook=self._now.notebook)
            case Fail(reason):
                return Outcome(success=False, message=reason, notebook=self._now.notebook)
            case Wait() | Doubt():
                return None
            case _:
                self._perform(step)
                return None

    def _observe(self) -> None:
        """Look at the notebook, if there can be one; what was known of the stack is old now."""
        name = self._now.request.notebook_name
        notebook = self._aws.notebook(name) if name else None
        self._now = replace(self._now, notebook=notebook, stack=None)

    def _decide(self) -> Succeed | Fail | Wait | Doubt | Write:
        """Return the next step, having found out whatever it depends on."""
        while True:
            step = next_step(self._now)
            now = self._now
            self._log_step(step)
            match step:
                case FindPlace() if now.request.wanted:
                    self._now = replace(now, place=self._aws.place(now.request.wanted))
                case AskStack():
                    self._now = replace(now, stack=self._aws.stack(now.request.owner.stack_id))
                case Turn(name):
                    request = replace(now.request, physical_id=name, fallback_name=None)
                    self._now = replace(now, request=request, done=frozenset())
                    self._observe()
                case FindPlace():
                    raise ValueError("a Delete is decided without a place")
                case _:
                    doubts = now.doubts + 1 if isinstance(step, Doubt) else 0
                    self._now = replace(now, doubts=doubts)
                    return step

    def _log_step(self, step: Step) -> None:
        notebook = self._now.notebook
        _log(
            "step",
            self._event,
            notebook=self._now.request.notebook_name,
            status=notebook.status if notebook else None,
            step=type(step).__name__,
        )

    def _perform(self, step: Write) -> None:
        name = self._now.request.notebook_name or ""
        self._aws.perform(step, name, self._now.request)
        self._now = replace(self._now, done=self._now.done | {type(step)})
        self._looks = 0

    def _pause(self) -> None:
        pause = PAUSE_SECONDS[min(self._looks, len(PAUSE_SECONDS) - 1)]
        self._looks += 1
        left = _remaining(self._context) - RESERVE_SECONDS
        self._sleep(max(0.0, min(pause, left)))


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
