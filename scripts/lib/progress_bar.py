"""A bar for long work on stderr, where a person sees it and a pipe does not."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

SHORT = 20
"""Work of fewer steps is over before a bar has been read."""


class RateColumn(ProgressColumn):
    """Steps a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("-/s" if speed is None else f"{speed:.0f}/s")


@contextmanager
def progress_bar(
    title: str, total: int, console: Console | None = None
) -> Iterator[Callable[[], None]]:
    """Yield what to call after each of ``total`` steps. Shown on a terminal only, and by the main
    thread only: of bars of several threads, a terminal shows one."""
    console = console or Console(file=sys.stderr)
    is_main = threading.current_thread() is threading.main_thread()
    if not (console.is_terminal and is_main) or total < SHORT:
        yield lambda: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(title, total=total)
        yield lambda: progress.advance(task)
