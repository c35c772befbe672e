"""A sandbox that runs, told to another process, which may use it and copy it."""

import json
from typing import BinaryIO

from scripts.sandbox import Sandbox


def told(sandbox: Sandbox) -> str:
    """What another process has to hear; it holds the deployer's key."""
    return json.dumps([sandbox.port, sandbox.pid, sandbox.keys])


def heard(text: str, log: BinaryIO) -> Sandbox:
    """The sandbox that was ``told``; ``log`` is where it writes, or a file without anything."""
    port, pid, keys = json.loads(text)
    return Sandbox(port, pid, tuple(keys), log)
