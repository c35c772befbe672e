"""The main job from end to end, in the sandbox: ``python -m scripts.demo``.

Real settings, real ``cdktf deploy``, real Terraform and AWS provider, the real post-apply
script; only AWS is the embedded one. Ends by itself and leaves nothing running.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from scripts.lib.cli import command_line, run
from scripts.lib.demo.step import Step, perform, summary
from scripts.lib.demo.story import Story
from scripts.lib.process import end_processes
from scripts.lib.terraform import project_directory
from scripts.sandbox import Sandbox

Tell = Callable[[Sandbox, Path, Console], list[Step]]

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

app = command_line()


@app.command()
def main(
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep settings, Terraform JSON, state and log.")
    ] = False,
) -> int:
    """Deploy, launch, drift and destroy the whole system against an embedded AWS.

    The run's directory under .cache is removed if every step holds, and kept if not.

    Exit codes: 0 every step held, 1 one did not.
    """
    cache = project_directory() / ".cache"
    return demonstrate(lambda *given: Story(*given).steps(), cache, keep=keep)


def demonstrate(tell: Tell, cache: Path, *, keep: bool) -> int:
    """Perform the steps that ``tell`` makes in a sandbox; return the exit code.

    In whatever way it ends, no process is left running; an interrupt is raised on.
    """
    console = Console(highlight=False)
    cache.mkdir(exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="demo-", dir=cache))
    held = False
    try:
        with _interruptible():
            try:
                held = _show(tell, directory, console)
            finally:
                end_processes(os.getpid())
    finally:
        if held and not keep:
            shutil.rmtree(directory)
        else:
            console.print(f"Log, Terraform JSON and state: {directory}", soft_wrap=True)
    return 0 if held else 1


def _show(tell: Tell, directory: Path, console: Console) -> bool:
    console.print("Starting the sandbox: an embedded AWS on this machine alone")
    with Sandbox.start(enforce=True) as sandbox:
        # From here on nothing in this process or its children can reach a real AWS.
        confined = sandbox.process_environment()
        os.environ.clear()
        os.environ.update(confined)
        steps = tell(sandbox, directory, console)
        held = perform(steps, console)
    console.print()
    console.print(summary(steps))
    return held


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let every signal that asks for an end be a KeyboardInterrupt, once."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in ENDING:
            signal.signal(number, lambda *_: None)  # What follows is tidying up.
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    run(app)
