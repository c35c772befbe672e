"""The server's process as the handle sees it: its environment, its log, its start and its end."""

import json
import os
import select
import signal
import time
from collections.abc import Mapping
from typing import Any, BinaryIO

from scripts.sandbox.errors import SandboxError

STOP_LIMIT = 5.0
TAIL_LINES = 15
_NOT_INHERITED = ("AWS_", "MOTO_")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def without_aws(base: Mapping[str, str]) -> dict[str, str]:
    """`base` without settings of AWS's tools and of moto, and without proxies."""
    return {
        name: value
        for name, value in base.items()
        if not name.startswith(_NOT_INHERITED) and name.upper() not in _PROXIES
    }


def server_environment() -> dict[str, str]:
    """The server calls only itself. moto reads the managed policies at its import, or never."""
    return without_aws(os.environ) | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
        "MOTO_DISABLE_GLOBAL_CORS": "true",
        # Nothing here runs on an AMI, and reading them takes longer than all the rest.
        "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    }


def read_ready(descriptor: int, limit: float) -> dict[str, Any]:
    """What the server reports once it is ready, read from a pipe, which is closed.

    Raises:
        SandboxError: it ended before, or `limit` seconds went by.
    """
    with os.fdopen(descriptor, "rb") as ready:
        if not select.select([ready], [], [], limit)[0]:
            raise SandboxError(f"the sandbox was not ready after {limit:g} s")
        line = ready.read()
    if not line:
        raise SandboxError("the sandbox ended before it was ready")
    answer: dict[str, Any] = json.loads(line)
    return answer


def tail(log: BinaryIO) -> str:
    """The log's last lines, each on a new line and indented."""
    lines = read_log(log).splitlines()[-TAIL_LINES:]
    return "".join(f"\n  {line}" for line in lines)


def read_log(log: BinaryIO) -> str:
    """All of the log so far."""
    # The server writes by the same position, which a seek would move.
    size = os.fstat(log.fileno()).st_size
    return os.pread(log.fileno(), size, 0).decode(errors="replace")


def end(pid: int) -> None:
    """End a forked server, which is not this process's child, and wait until it is gone."""
    deadline = time.monotonic() + STOP_LIMIT
    try:
        os.kill(pid, signal.SIGTERM)
        while time.monotonic() < deadline:
            os.kill(pid, 0)
            time.sleep(0.01)
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
