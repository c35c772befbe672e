"""An account in virtual time: Lambda and SageMaker as AWS documents them, in any weather.

Whatever breaks a rule is put into ``faults``, in the words of the rule.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from modules.notebook_builder.aws import RESOURCE_TAG, STACK_TAG
from modules.notebook_builder.function import EVENT_AGE_SECONDS, TIMEOUT_SECONDS
from tests.unit.modules.notebook_builder.clockwork import Clockwork
from tests.unit.modules.notebook_builder.invocation import Invocation, Weather, next_of
from tests.unit.modules.notebook_builder.stacks import LOGICAL_ID, CloudFormation, Sent
from tests.unit.modules.notebook_builder.world import Clock, Fake, SageMaker

RETRY_SECONDS = (60.0, 120.0)
"""What Lambda waits before it invokes a function again that has failed."""
TRANSITION_SECONDS = 60.0
BADLY_ENDED = {"InService": "Failed", "Stopped": "Failed", "gone": "Failed"}


class VirtualClock(Clock):
    """The clock of ``world``'s SageMaker, told by the clockwork."""

    def __init__(self, clockwork: Clockwork) -> None:
        super().__init__()
        self._clockwork = clockwork

    @property
    def now(self) -> float:  # type: ignore[override]
        return self._clockwork.now

    @now.setter
    def now(self, _value: float) -> None:
        """Only the clockwork moves it."""


class TroubledSageMaker(SageMaker):
    """Transitions take their time and may fail; a new notebook's tags may show late."""

    def __init__(self, clockwork: Clockwork, weather: Weather) -> None:
        super().__init__(VirtualClock(clockwork))
        self.weather = weather
        self.tagged_at: dict[str, float] = {}

    def exists(self, name: str) -> Fake | None:
        """Return the notebook as it is now, if it is there."""
        if name in self.notebooks:
            try:
                return self._get(name)
            except Exception:  # noqa: BLE001 - world's RecordNotFound: it has just gone
                return None
        return None

    def all(self) -> dict[str, Fake]:
        found = {name: self.exists(name) for name in list(self.notebooks)}
        return {name: notebook for name, notebook in found.items() if notebook}

    def create_notebook_instance(self, **arguments: Any) -> None:
        self.exists(arguments["NotebookInstanceName"])
        super().create_notebook_instance(**arguments)
        lag = next_of(self.weather.tag_lags, 0.0)
        self.tagged_at[arguments["NotebookInstanceName"]] = self.clock.now + lag

    def paginate(self, *, ResourceArn: str) -> Iterator[dict[str, Any]]:  # noqa: N803 - boto3's
        name = ResourceArn.rpartition("/")[2]
        pages = super().paginate(ResourceArn=ResourceArn)
        hidden = self.clock.now < self.tagged_at.get(name, 0.0)
        yield from ({"Tags": []} if hidden else page for page in pages)

    def _follow(self, name: str, status: str) -> None:
        seconds, well = next_of(self.weather.transitions, (TRANSITION_SECONDS, True))
        end = status if well else BADLY_ENDED[status]
        self.notebooks[name].coming = [(self.clock.now + seconds, end)]


class Account:
    """Everything together. ``outsiders`` are the names of notebooks that a person handled."""

    def __init__(self) -> None:
        self.clockwork = Clockwork()
        self.weather = Weather()
        self.faults: list[str] = []
        self.outsiders: dict[str, float] = {}
        self._worked_on: dict[str, float] = defaultdict(lambda: -math.inf)
        """When a repetition of a request that was over last wrote, by stack."""
        self.sagemaker = TroubledSageMaker(self.clockwork, self.weather)
        self.cloudformation = CloudFormation(self.clockwork, self.invoke, self.check, self.blame)

    def blame(self, fault: str) -> None:
        self.faults.append(f"at {self.clockwork.now:.0f} s: {fault}")

    def invoke(self, event: Mapping[str, Any]) -> None:
        """Invoke the function as CloudFormation does, asynchronously."""
        born = self.clockwork.now
        self.clockwork.after(0.1, lambda: self._attempt(event, born, attempt=0))

    def _attempt(self, event: Mapping[str, Any], born: float, *, attempt: int) -> None:
        def ended(succeeded: bool) -> None:
            if not succeeded and attempt < len(RETRY_SECONDS):
                again = attempt + 1
                wait = RETRY_SECONDS[attempt]
                self.clockwork.after(wait, lambda: self._attempt(event, born, attempt=again))

        if self.clockwork.now - born <= EVENT_AGE_SECONDS:
            Invocation(
                self.clockwork,
                event,
                self.weather,
                limit=TIMEOUT_SECONDS,
                sagemaker=self.sagemaker,
                cloudformation=self.cloudformation,
                deliver=self.cloudformation.receive,
                ended=ended,
                blame=self.blame,
                on_write=self._judge,
            )

    def _judge(self, invocation: Invocation, verb: str, name: str) -> None:
        """Judge a write to a notebook, by whose it is and what CloudFormation wants of it."""
        notebook = self.sagemaker.exists(name)
        if notebook is None or verb == "create":
            return
        stack = self.cloudformation.stacks[invocation.event["StackId"]]
        if self.cloudformation.requests[invocation.event["RequestId"]].over:
            self._worked_on[stack.id] = self.clockwork.now
        if notebook.tags.get(STACK_TAG) != stack.id:
            self.blame(f"{verb} of somebody else's notebook {name}")
        elif verb == "delete" and stack.at_rest and stack.physical_id == name:
            self.blame(f"a late repetition deletes the notebook {name} that its stack has")

    def check(self, sent: Sent, answer: Mapping[str, Any]) -> None:
        """Check the first answer to a request against what is the case."""
        name = answer["PhysicalResourceId"]
        notebook = self.sagemaker.exists(name)
        ours = notebook is not None and self._of(sent.stack.id, notebook)
        if answer["Status"] != "SUCCESS":
            return
        if sent.kind == "Delete":
            if ours:
                self.blame(f"a Delete says that {name} is gone, and it is there")
            return
        if self._meddled_with(sent, name):
            return
        if notebook is None or not ours:
            self.blame(f"a {sent.kind} says that {name} is there, and it is not")
            return
        if notebook.described["NotebookInstanceStatus"] != "InService":
            self.blame(f"a {sent.kind} says that {name} is in service, and it is not")
        if notebook.described["InstanceType"] != sent.properties["NotebookInstanceType"]:
            self.blame(f"a {sent.kind} says that {name} is as wanted, and it is not")
        if notebook.tags.get("LaunchedBy") != sent.stack.launcher_id:
            self.blame(f"{name} belongs to {notebook.tags.get('LaunchedBy')!r}")

    def _meddled_with(self, sent: Sent, name: str) -> bool:
        """Whether a person handled the notebook, or a late repetition of another request did:
        of two updates that overlap, the builder cannot tell which is undone."""
        handled = self.outsiders.get(name, -math.inf)
        return handled > sent.at - 120 or self._worked_on[sent.stack.id] > sent.at

    @staticmethod
    def _of(stack_id: str, notebook: Fake) -> bool:
        return (notebook.tags.get(STACK_TAG), notebook.tags.get(RESOURCE_TAG)) == (
            stack_id,
            LOGICAL_ID,
        )

    def leaks(self) -> list[str]:
        """Return the notebooks that the builder made and no stack has any more."""
        had = {
            (stack.id, name)
            for stack in self.cloudformation.stacks.values()
            for name in stack.answerable_for
        }
        return [
            f"{name} of a stack that is {self.cloudformation.stacks[owner].status}"
            for name, notebook in self.sagemaker.all().items()
            if (owner := notebook.tags.get(STACK_TAG)) and (owner, name) not in had
        ]
