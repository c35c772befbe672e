"""Steps of the demo: performed in order until one does not hold, and summed up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scripts.lib.errors import ToolError, describe, one_line

RESULT_WIDTH = 32
"""Characters of a result that the summary shows: with the titles, it fits 80 columns."""

NOT_REACHED = "not reached"


@dataclass
class Step:
    """A step and what became of it.

    ``action`` returns in a few words what it found; a ToolError or an error of AWS means that
    the step does not hold. ``held`` is None until the step is performed.
    """

    title: str
    action: Callable[[], str]
    result: str = NOT_REACHED
    held: bool | None = None
    seconds: float = 0.0


def perform(steps: Sequence[Step], console: Console) -> bool:
    """Perform the steps until one does not hold; return whether all held."""
    for number, step in enumerate(steps, start=1):
        console.print()
        console.print(Text(f"{number}/{len(steps)}  {step.title}", style="bold"))
        with console.status("working"):
            _perform(step)
        mark = "->" if step.held else "DOES NOT HOLD:"
        console.print(Text(f"  {mark} {step.result}  ({step.seconds:.1f} s)"), soft_wrap=True)
        if not step.held:
            return False
    return True


def summary(steps: Sequence[Step]) -> Table:
    """Return the closing table, a line for each step: what held, and how long it took."""
    held = sum(step.held is True for step in steps)
    seconds = sum(step.seconds for step in steps)
    table = Table(
        title=f"{held} of {len(steps)} steps held, in {seconds // 60:.0f} min {seconds % 60:.0f} s",
        title_justify="left",
        box=SIMPLE_HEAD,
    )
    table.add_column("Step", no_wrap=True)
    table.add_column("Held", no_wrap=True)
    table.add_column("Seconds", no_wrap=True, justify="right")
    table.add_column("Result", no_wrap=True, overflow="ellipsis", max_width=RESULT_WIDTH)
    marks = {True: "yes", False: "NO", None: "-"}
    for step in steps:
        taken = "" if step.held is None else f"{step.seconds:.1f}"
        first_line = one_line(step.result.partition("\n")[0])
        table.add_row(Text(step.title), marks[step.held], taken, Text(first_line))
    return table


def _perform(step: Step) -> None:
    start = time.monotonic()
    try:
        step.result, step.held = step.action(), True
    except ToolError as error:
        step.result, step.held = str(error), False
    except (BotoCoreError, ClientError) as error:
        step.result, step.held = describe(error), False
    finally:
        step.seconds = time.monotonic() - start
