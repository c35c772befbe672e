from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from scripts.lib.changes import Change, DryRun, Executor, Outcome, Status, carry_out
from scripts.lib.errors import ToolError


@dataclass(frozen=True, kw_only=True)
class Step(Change):
    name: str
    error: Exception | None = None
    parts: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        return "do"

    @property
    def subject(self) -> str:
        return self.name

    @property
    def target(self) -> str:
        return "here"


@dataclass(frozen=True, kw_only=True)
class Gate(Step):
    is_gate: ClassVar[bool] = True


class Recorder(Executor):
    success = Status.DONE

    def __init__(self) -> None:
        self.performed: list[str] = []

    def expand(self, change: Change) -> Sequence[Change]:
        assert isinstance(change, Step)
        return [Step(name=name) for name in change.parts] if change.parts else (change,)

    def perform(self, change: Change) -> str:
        assert isinstance(change, Step)
        self.performed.append(change.name)
        if change.error:
            raise change.error
        return f"did {change.name}"


REFUSED = ClientError({"Error": {"Code": "LimitExceeded", "Message": "full"}}, "Associate")
LOST = EndpointConnectionError(endpoint_url="http://x")


def told(outcomes: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    return [(item.change.subject, item.status.value, item.detail) for item in outcomes]


def test_changes_are_made_in_order_and_remarks_kept() -> None:
    executor = Recorder()

    outcomes = carry_out([Step(name="b"), Step(name="a")], executor)

    assert executor.performed == ["b", "a"]
    assert told(outcomes) == [("b", "done", "did b"), ("a", "done", "did a")]


def test_dry_run_plans_everything_and_performs_nothing() -> None:
    outcomes = carry_out([Gate(name="a", error=REFUSED), Step(name="b", parts=("c",))], DryRun())

    assert told(outcomes) == [("a", "planned", ""), ("b", "planned", "")]


@pytest.mark.parametrize(
    ("error", "text"),
    [(REFUSED, "Associate: LimitExceeded: full"), (ToolError("too late"), "too late")],
)
def test_refused_change_does_not_stop_the_others(error: Exception, text: str) -> None:
    outcomes = carry_out([Step(name="a", error=error), Step(name="b")], Recorder())

    assert told(outcomes) == [("a", "failed", text), ("b", "done", "did b")]


@pytest.mark.parametrize("first", [Gate(name="a", error=REFUSED), Step(name="a", error=LOST)])
def test_failed_gate_or_lost_connection_leaves_the_rest_not_attempted(first: Step) -> None:
    executor = Recorder()

    outcomes = carry_out([first, Step(name="b"), Step(name="c")], executor)

    assert executor.performed == ["a"]
    assert told(outcomes)[1:] == [
        ("b", "not attempted", "because this failed: do a (here)"),
        ("c", "not attempted", "because this failed: do a (here)"),
    ]


def test_change_is_expanded_into_what_it_amounts_to_in_its_place() -> None:
    executor = Recorder()

    carry_out([Step(name="a", parts=("a1", "a2")), Step(name="b")], executor)

    assert executor.performed == ["a1", "a2", "b"]


def test_defect_of_the_program_is_not_taken_for_a_refusal() -> None:
    with pytest.raises(ZeroDivisionError):
        carry_out([Step(name="a", error=ZeroDivisionError())], Recorder())


def test_progress_is_logged_for_what_is_done_and_what_fails(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")

    carry_out([Step(name="a"), Step(name="b", error=REFUSED)], Recorder())
    carry_out([Step(name="c")], DryRun())

    assert caplog.messages == ["done: do a (here)", "failed: do b (here)"]
