"""The demo with steps of the tests' own: ``python -m tests.unit.scripts.demo_of_tests``.

Arguments: the directory to work in, the steps' name, ``--keep``, and ``--copy-of`` with a
sandbox, as ``told``, for a copy of that one instead of one that is started.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rich.console import Console

from scripts.demo import demonstrate
from scripts.lib.cli import command_line, run
from scripts.lib.demo.step import Step
from scripts.lib.demo.story import Story
from scripts.lib.errors import ToolError
from scripts.lib.process import run as run_process
from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.copies import copy_instead_of_start

# A terminal of its own with a program in it, as cdktf runs Terraform.
FAMILY = """
import os, pty, sys, time
pid, _ = pty.fork()
if pid == 0:
    os.execlp("sh", "sh", "-c", f"echo $$ > {sys.argv[1]}.inner; exec sleep 300")
open(sys.argv[1] + ".outer", "w").write(str(os.getpid()))
time.sleep(300)
"""

app = command_line()


def held(_sandbox: Sandbox, directory: Path, _console: Console) -> list[Step]:
    def look() -> str:
        (directory / "note").write_text("worked here")
        return os.environ["AWS_ENDPOINT_URL"]

    return [Step("Look", look)]


def failing(_sandbox: Sandbox, _directory: Path, _console: Console) -> list[Step]:
    def fail() -> str:
        raise ToolError("it is broken")

    return [Step("Fail", fail), Step("Never", lambda: "reached")]


def broken(_sandbox: Sandbox, _directory: Path, _console: Console) -> list[Step]:
    return [Step("Break", lambda: str(1 // 0))]


def waiting(sandbox: Sandbox, directory: Path, _console: Console) -> list[Step]:
    def wait() -> str:
        (directory / "server.pid").write_text(str(sandbox.pid))
        family(directory, "one")
        return "never"

    return [Step("Wait", wait)]


def waiting_twice(sandbox: Sandbox, directory: Path, console: Console) -> list[Step]:
    story = Story(sandbox, directory, console)
    story.stacks = ("one", "two", "three", "four")

    def wait() -> str:
        (directory / "server.pid").write_text(str(sandbox.pid))
        list(story._each(lambda terraform: family(directory, terraform.directory.name)))
        return "never"

    return [Step("Wait", wait)]


def family(directory: Path, name: str) -> None:
    command = [sys.executable, "-c", FAMILY, str(directory / name)]
    run_process(command, directory, os.environ, directory / "log")


@app.command()
def main(cache: Path, steps: str, *, keep: bool = False, copy_of: str = "") -> int:
    if copy_of:
        copy_instead_of_start(copy_of)
    return demonstrate(globals()[steps], cache, keep=keep)


if __name__ == "__main__":
    run(app)
