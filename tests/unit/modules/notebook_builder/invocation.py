"""One invocation of the builder in virtual time: its deadline, its alarm, its calls to AWS.

``Weather`` is what goes wrong. Every call takes the next of its troubles, until none is left.
"""

from __future__ import annotations

import json
import urllib.error
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, TypeVar
from unittest import mock

from botocore import exceptions

from modules.notebook_builder import answer
from modules.notebook_builder import handler as module
from modules.notebook_builder.aws import Aws
from modules.notebook_builder.handler import OutOfTime
from modules.notebook_builder.request import Project
from tests.unit.modules.notebook_builder.clockwork import Clockwork, Task
from tests.unit.modules.notebook_builder.world import (
    ENVIRONMENT,
    Ec2,
    SageMaker,
    client_error,
)

LATENCY_SECONDS = 0.2
HANGING_SECONDS = 66.0
"""Three attempts of 20 seconds, and botocore's pauses between them."""

CALL_TROUBLES = ("throttled", "lost", "hanging", "dropped", "denied", "slow", "fine")
PUT_TROUBLES = ("500", "unanswered", "taken but unanswered", "fine")


class KilledError(BaseException):
    """Lambda's process is gone."""


@dataclass
class Weather:
    """``lives``: seconds after which an invocation's process dies, one an invocation; None for
    one that lives. ``tag_lags``: seconds until a new notebook's tags show, one a notebook."""

    calls: list[str] = field(default_factory=list)
    puts: list[str] = field(default_factory=list)
    lives: list[float | None] = field(default_factory=list)
    tag_lags: list[float] = field(default_factory=list)
    transitions: list[tuple[float, bool]] = field(default_factory=list)
    """Of each transition of a notebook: its seconds, and whether it ends as it should."""

    def clear(self) -> None:
        for each in (self.calls, self.puts, self.lives, self.tag_lags, self.transitions):
            each.clear()  # type: ignore[attr-defined]


T = TypeVar("T")


def next_of(troubles: list[T], otherwise: T) -> T:
    return troubles.pop(0) if troubles else otherwise


class Invocation:
    """Lambda's context, ``sleep`` and the clients of one run of the handler.

    ``deliver`` takes an answer's body to CloudFormation, ``ended`` is told at the end whether
    the function succeeded; ``blame`` is told of every rule that is broken.
    """

    current: Invocation | None = None

    def __init__(
        self,
        clockwork: Clockwork,
        event: Mapping[str, Any],
        weather: Weather,
        *,
        limit: float,
        sagemaker: SageMaker,
        cloudformation: Any,
        deliver: Callable[[Invocation, dict[str, Any]], None],
        ended: Callable[[bool], None],
        blame: Callable[[str], None],
        on_write: Callable[[Invocation, str, str], None],
    ) -> None:
        self.event = event
        self.deadline = clockwork.now + limit
        self.answered = 0
        self.bodies: set[str] = set()
        self._clockwork = clockwork
        self._weather = weather
        self._aws = (sagemaker, Ec2(), cloudformation)
        self._deliver, self._ended, self._blame = deliver, ended, blame
        self._on_write = on_write
        self._alarm_at: float | None = None
        life = next_of(weather.lives, None)
        self._dies_at = None if life is None else clockwork.now + life
        self._task = Task(clockwork, self._run)
        self._task.start()

    def get_remaining_time_in_millis(self) -> int:
        return int((self.deadline - self._clockwork.now) * 1000)

    def pass_time(self, seconds: float) -> None:
        """Pause; what comes earlier wins: the process's end, the alarm, the deadline."""
        ends: list[tuple[float, int, BaseException]] = [(self.deadline, 2, KilledError())]
        if self._dies_at is not None:
            ends.append((self._dies_at, 0, KilledError()))
        if self._alarm_at is not None:
            ends.append((self._alarm_at, 1, OutOfTime()))
        moment, which, error = min(ends, key=lambda each: each[:2])
        if moment > self._clockwork.now + seconds:
            self._pause(seconds)
            return
        self._pause(max(0.0, moment - self._clockwork.now))
        self._alarm_at = None
        if which == 2:
            self._blame("an invocation did not end before its deadline")
        raise error

    def _pause(self, seconds: float) -> None:
        self._task.pause(seconds)
        Invocation.current = self

    @contextmanager
    def alarm(self, seconds: float) -> Iterator[None]:
        self._alarm_at = self._clockwork.now + max(0.0, seconds)
        try:
            yield
        finally:
            self._alarm_at = None

    def _run(self) -> None:
        Invocation.current = self
        succeeded = False
        try:
            module.handle(
                self.event,
                self,
                connect=self._connect,
                environment=ENVIRONMENT,
                sleep=self.pass_time,
            )
            succeeded = True
            if self.answered != 1:
                self._blame(f"an invocation ended well with {self.answered} answers taken")
        except answer.NotDeliveredError:
            pass
        except KilledError:
            pass
        except BaseException as error:  # noqa: BLE001 - to be told, not to be lost in a thread
            self._blame(f"the handler let out {error!r}")
        if len(self.bodies) > 1:
            self._blame("one invocation gave different answers")
        self._ended(succeeded)

    def _connect(self, project: Project) -> Aws:
        sagemaker, ec2, cloudformation = self._aws
        clients = (Client(self, each) for each in (sagemaker, ec2, cloudformation))
        return Aws(*clients, project)

    def call(self, operation: str, arguments: Mapping[str, Any], do: Callable[[], Any]) -> Any:
        """Make one call to AWS, with the next trouble."""
        trouble = next_of(self._weather.calls, "fine")
        if trouble == "slow":
            self.pass_time(20.0)
        self.pass_time(LATENCY_SECONDS)
        if trouble == "throttled":
            raise client_error("ThrottlingException", "slow down")
        if trouble == "denied":
            raise client_error("AccessDeniedException", "not now")
        if trouble == "dropped":
            raise exceptions.EndpointConnectionError(endpoint_url="https://aws")
        verb = operation.split("_", maxsplit=1)[0]
        if operation.endswith("_notebook_instance") and verb != "describe":
            self._on_write(self, verb, arguments["NotebookInstanceName"])
        result = do()
        if trouble == "lost":
            raise client_error("InternalFailure", status=500)
        if trouble == "hanging":
            self.pass_time(HANGING_SECONDS)
            raise exceptions.ReadTimeoutError(endpoint_url="https://aws")
        return result

    def put(self, body: bytes) -> None:
        """Put an answer to CloudFormation's bucket, with the next trouble."""
        self.bodies.add(body.decode())
        trouble = next_of(self._weather.puts, "fine")
        if trouble == "500":
            self.pass_time(LATENCY_SECONDS)
            raise urllib.error.HTTPError("https://cfn", 500, "no", Message(), None)
        if trouble == "unanswered":
            self.pass_time(answer.TIMEOUT_SECONDS)
            raise TimeoutError
        self.pass_time(LATENCY_SECONDS)
        self._deliver(self, json.loads(body))
        if trouble == "taken but unanswered":
            self.pass_time(answer.TIMEOUT_SECONDS)
            raise TimeoutError
        self.answered += 1


class Client:
    """A boto3 client whose every call is made by way of its invocation."""

    def __init__(self, invocation: Invocation, target: Any) -> None:
        self._invocation = invocation
        self._target = target

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        method = getattr(self._target, operation)

        def call(**arguments: Any) -> Any:
            return self._invocation.call(operation, arguments, lambda: method(**arguments))

        return call

    def get_paginator(self, operation: str) -> Paginator:
        return Paginator(self._invocation, operation, self._target.get_paginator(operation))


class Paginator:
    """boto3's of one operation: all its pages come with one call."""

    def __init__(self, invocation: Invocation, operation: str, target: Any) -> None:
        self._invocation, self._operation, self._target = invocation, operation, target

    def paginate(self, **arguments: Any) -> list[dict[str, Any]]:
        def pages() -> list[dict[str, Any]]:
            return list(self._target.paginate(**arguments))

        found: list[dict[str, Any]] = self._invocation.call(self._operation, arguments, pages)
        return found


@contextmanager
def virtual_time() -> Iterator[None]:
    """Give the handler its invocation's alarm, and its answers to the invocation; no log."""

    def alarm(seconds: float) -> Any:
        assert Invocation.current
        return Invocation.current.alarm(seconds)

    def urlopen(request: Any, timeout: float) -> Any:
        assert Invocation.current
        assert timeout == answer.TIMEOUT_SECONDS
        Invocation.current.put(request.data)
        return nullcontext()

    def silence(*_what: Any, **_details: Any) -> None:
        """The log is tested elsewhere."""

    with (
        mock.patch.object(module, "_alarm", alarm),
        mock.patch.object(answer.urllib.request, "urlopen", urlopen),
        mock.patch.object(module, "_log", silence),
    ):
        yield
