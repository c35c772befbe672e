"""Deploys into a sandbox and checks what was deployed, alone and side by side."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from scripts.lib.drift.many_stacks import Stack, check_stacks, cores
from scripts.lib.drift.model import Checked
from scripts.lib.terraform import Cdktf, project_directory, terraform_environment
from scripts.sandbox import Sandbox
from tools.bench_drift.measured import Measured

STACKS = ("notebook-quickstart", "notebook-vision", "network-main", "jumpstart")


def measure(count: int, say: Callable[[str], object]) -> Measured:
    """Deploy the sandbox's example and check ``count`` stacks; raises ToolError."""
    with tempfile.TemporaryDirectory(prefix="bench-drift-") as root, Sandbox.start() as sandbox:
        directory = Path(root)
        environment = terraform_environment(sandbox.process_environment(os.environ), directory)
        say("deploying the example into the sandbox")
        deploy(directory, environment)
        stacks = copies(directory / "cdktf.out/stacks", count)
        say(f"{count} stacks, one by one")
        alone = [check_stacks([stack], environment, at_once=1, progress=say)[0] for stack in stacks]
        say(f"{count} stacks, side by side")
        start = time.monotonic()
        together = check_stacks(stacks, environment, progress=say)
        seconds = time.monotonic() - start
    return Measured(
        cores=cores(),
        stacks=[stack.name for stack in stacks],
        alone=[checked.seconds for checked in alone],
        together=seconds,
        found=[line for checked in (*alone, *together) for line in found(checked)],
    )


def deploy(directory: Path, environment: Mapping[str, str]) -> None:
    """Deploy the example by ``cdktf deploy``."""
    project = project_directory()
    settings = directory / "settings.tfvars"
    shutil.copyfile(project / "examples/sandbox.tfvars", settings)
    Cdktf(project, Path(sys.executable), settings, directory, environment).deploy()


def copies(directory: Path, count: int) -> list[Stack]:
    """Return as many stacks: the deployed ones, then copies of them that share their state."""
    stacks = []
    for index in range(count):
        name = STACKS[index % len(STACKS)]
        own = directory / name
        if index >= len(STACKS):
            # Beside the others: the way to the state is relative.
            name, source = f"{name}-{index // len(STACKS) + 1}", own
            own = directory / name
            shutil.copytree(source, own, symlinks=True)
        stacks.append(Stack(name, own))
    return stacks


def found(checked: Checked) -> Iterator[str]:
    """Yield in one line each what a check of a clean deployment must not find."""
    yield from (f"{checked.stack}: {failure.reason}" for failure in checked.failures)
    yield from (f"{checked.stack}: {drift.subject}: {drift.what}" for drift in checked.drifts)
