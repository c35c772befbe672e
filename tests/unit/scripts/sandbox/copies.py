"""Commands that start a sandbox, given a copy of one that runs.

A start takes 1.6 seconds of a processor, a copy a thirtieth of it. Run as a module, this is
``python -m scripts.sandbox`` on a copy: its first argument is the sandbox to copy, as ``told``.
"""

import os
import runpy
import sys
from pathlib import Path
from typing import Any

from scripts.sandbox import Sandbox
from tests.running_sandbox import heard


def copy_instead_of_start(text: str) -> None:
    """Let ``Sandbox.start`` in this process copy the sandbox that was told."""
    log = Path(os.devnull).open("rb")  # noqa: SIM115  as long as this process
    source = heard(text, log)

    def start(_cls: type[Sandbox], *, port: int = 0, enforce: bool = False) -> Sandbox:
        assert port == 0, f"a copy cannot be had on port {port}"
        copy = source.fork()
        copy.clear_journal()
        copy.enforce(enforce)
        return copy

    replaced: Any = classmethod(start)
    Sandbox.start = replaced  # type: ignore[method-assign]


if __name__ == "__main__":
    copy_instead_of_start(sys.argv.pop(1))
    runpy.run_module("scripts.sandbox", run_name="__main__", alter_sys=True)
