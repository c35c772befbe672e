"""Performing steps and summing them up."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from rich.console import Console

from scripts.lib.demo.step import Step, perform, summary
from scripts.lib.errors import ToolError

DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": "no\nreally"}}, "ListRoles")
UNREACHABLE = EndpointConnectionError(endpoint_url="http://127.0.0.1:1")


def failing(error: Exception) -> Callable[[], str]:
    def action() -> str:
        raise error

    return action


def printed(steps: list[Step]) -> tuple[bool, list[str]]:
    """Perform the steps and sum them up; return whether they held and what was printed."""
    console = Console(file=io.StringIO(), width=80, highlight=False)
    held = perform(steps, console)
    console.print(summary(steps))
    assert isinstance(console.file, io.StringIO)
    return held, console.file.getvalue().splitlines()


def test_steps_that_hold_are_told_in_order() -> None:
    held, lines = printed([Step("One", lambda: "1 found"), Step("Two", lambda: "2 found")])

    assert held
    assert [line.rstrip() for line in lines] == [
        "",
        "1/2  One",
        "  -> 1 found  (0.0 s)",
        "",
        "2/2  Two",
        "  -> 2 found  (0.0 s)",
        "2 of 2 steps held, in 0 min 0 s",
        "",
        "  Step   Held   Seconds   Result",
        " ─────────────────────────────────",
        "  One    yes        0.0   1 found",
        "  Two    yes        0.0   2 found",
        "",
    ]


def test_after_a_step_that_does_not_hold_none_is_reached() -> None:
    reached: list[str] = []
    steps = [
        Step("One", lambda: "fine"),
        Step("Two", failing(ToolError("terraform failed:\nline 1\nline 2"))),
        Step("Three", lambda: str(reached.append("three"))),
    ]

    held, lines = printed(steps)

    assert not held
    assert reached == []
    assert [step.held for step in steps] == [True, False, None]
    start = lines.index("2/3  Two")
    assert lines[start + 1 : start + 4] == [
        "  DOES NOT HOLD: terraform failed:",
        "line 1",
        "line 2  (0.0 s)",
    ]
    assert [line.split() for line in lines[-4:-1]] == [
        ["One", "yes", "0.0", "fine"],
        ["Two", "NO", "0.0", "terraform", "failed:"],
        ["Three", "-", "not", "reached"],
    ]
    assert "1 of 3 steps held, in 0 min 0 s" in [line.rstrip() for line in lines]


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (DENIED, "ListRoles: AccessDenied: no"),
        (
            UNREACHABLE,
            'AWS cannot be reached: Could not connect to the endpoint URL: "http://127.0.0.1:1"',
        ),
    ],
)
def test_an_error_of_aws_is_put_into_words(error: Exception, result: str) -> None:
    step = Step("One", failing(error))

    held, _ = printed([step])

    assert not held
    assert (step.held, step.result) == (False, result)


@pytest.mark.parametrize("error", [ZeroDivisionError(), KeyboardInterrupt()])
def test_a_defect_or_an_interrupt_is_no_result(error: BaseException) -> None:
    def action() -> str:
        raise error

    step = Step("One", action)
    with pytest.raises(type(error)):
        perform([step], Console(file=io.StringIO()))

    assert step.held is None


def test_time_is_taken_even_if_the_step_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 11.5, 20.0, 100.0])
    monkeypatch.setattr("scripts.lib.demo.step.time.monotonic", lambda: next(clock))

    _, lines = printed([Step("One", lambda: "a"), Step("Two", failing(ToolError("b")))])

    assert "  -> a  (1.5 s)" in lines
    assert "  DOES NOT HOLD: b  (80.0 s)" in lines
    assert "1 of 2 steps held, in 1 min 22 s" in [line.rstrip() for line in lines]


def test_the_summary_stays_within_80_columns_and_a_line_for_each_step() -> None:
    steps = [Step("Drift, found and mended", lambda: "x" * 200), Step("Two", lambda: "[bold]ü[/]")]

    _, lines = printed(steps)

    table = lines[-5:]
    assert max(len(line) for line in table) <= 80
    assert table[0].split() == ["Step", "Held", "Seconds", "Result"]
    assert table[-3].startswith("  Drift, found and mended   yes        0.0   xxx")
    assert "…" in table[-3]
    assert "[bold]ü[/]" in table[-2]


def test_output_that_is_piped_holds_no_control_characters() -> None:
    held, lines = printed([Step("One", failing(ToolError("a [red]b[/red]")))])

    assert not held
    assert "  DOES NOT HOLD: a [red]b[/red]  (0.0 s)" in lines
    assert all(char.isprintable() for line in lines for char in line)
