"""One invocation: the function's own zip, under its own role, in a process of its own."""

import tempfile
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scripts.sandbox.clients import create_client
from scripts.sandbox.service_sessions import assume

from . import logs, process, report, runtime
from .runtime import Invocation

LAMBDA = "lambda.amazonaws.com"
TAIL_BYTES = 4096
"""What an answer holds of the log when it is asked for."""
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an invocation answers with.

    Attributes:
        payload: JSON.
        error: how it failed, as Lambda's header says it; nothing if it did not.
        tail: end of the log.
    """

    payload: str
    error: str | None
    tail: bytes


def invoke(call: Invocation) -> Outcome:
    """Run a function once, and log it.

    Raises:
        NotTrustedError: the role does not exist, or does not trust Lambda.
        GuardError: the function's variables point its calls at another endpoint.
    """
    function = call.function
    credentials = assume(LAMBDA, function.role, function.name)
    stream = f"{datetime.now(UTC):%Y/%m/%d}/[{function.version}]{uuid.uuid4().hex}"
    with tempfile.TemporaryDirectory(prefix="function-", ignore_cleanup_errors=True) as directory:
        scratch = Path(directory)
        ended = process.run(
            runtime.order(call, scratch),
            environment=runtime.environment(call, credentials, stream, scratch),
            directory=runtime.unpack(function.code, scratch),
            seconds=function.timeout,
            memory=function.memory * _MB,
        )
    client = create_client(
        call.endpoint,
        "logs",
        region=function.region,
        access_key=credentials.access_key,
        secret_key=credentials.secret_key,
        session_token=credentials.session_token,
    )
    lines = report.lines(call, ended)
    logs.write(client, function.log_group, stream, lines, at=int(time.time() * 1000))
    payload, error = report.answer(call, ended)
    return Outcome(payload, error, "".join(lines).encode()[-TAIL_BYTES:])
