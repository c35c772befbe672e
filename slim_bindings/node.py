"""Starts jsii's process of Node.js, and starts it again."""

import os
import shutil
from typing import Any


class NodeError(RuntimeError):
    """Node.js is not there, or does not start."""


def start(process: Any) -> None:
    """Start Node.js for jsii's ``process``, if that has not been done.

    Raises:
        NodeError: always when jsii would raise; jsii alone also leaves tracebacks at exit.
    """
    node = os.environ.get("JSII_NODE", "node")  # as jsii
    if shutil.which(node) is None:
        raise NodeError(f"Node.js is not found: {node!r} is no program on the PATH")
    try:
        process._process  # noqa: B018, SLF001 - made and started when it is first read
    except Exception as error:
        raise NodeError(f"Node.js does not start: {node!r}: {error}") from error


def restart(process: Any) -> None:
    """Replace the Node.js of ``process``, which is running, by one that has nothing loaded.

    jsii remembers the process in its class: another instance would be given the stopped one.
    """
    node = process._process  # noqa: SLF001
    node.stop()
    node.start()
