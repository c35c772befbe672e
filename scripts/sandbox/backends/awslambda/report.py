"""What Lambda says of an invocation: its answer when the function gave none, and its log lines."""

import json
import signal
from datetime import UTC, datetime
from math import ceil

from .process import Ended
from .runtime import Invocation

UNHANDLED = "Unhandled"
_MB = 1024 * 1024


def answer(call: Invocation, ended: Ended) -> tuple[str, str | None]:
    """The payload, as JSON, and how the function failed, if it did."""
    if ended.payload is not None:
        return ended.payload, UNHANDLED if ended.failed else None
    kind = "Sandbox.Timedout" if ended.timed_out else "Runtime.ExitError"
    message = f"RequestId: {call.request_id} Error: {_end(call, ended)}"
    return json.dumps({"errorType": kind, "errorMessage": message}), UNHANDLED


def lines(call: Invocation, ended: Ended) -> list[str]:
    """The events of the invocation's log: the function's own lines between Lambda's."""
    request = f"RequestId: {call.request_id}"
    said = ended.output.decode(errors="replace").split("\n")
    own = [f"{line}\n" for line in (said if said[-1] else said[:-1])]
    if ended.dropped:
        own.append(f"{request} {ended.dropped} more bytes of output were dropped\n")
    if ended.timed_out:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        own.append(f"{now} {call.request_id} {_end(call, ended)}\n")
    elif ended.payload is None:
        own.append(f"{request} Error: {_end(call, ended)}\nRuntime.ExitError\n")
    start = f"START {request} Version: {call.function.version}\n"
    return [start, *own, f"END {request}\n", _report(call, ended)]


def _report(call: Invocation, ended: Ended) -> str:
    memory = call.function.memory
    milliseconds = ended.run_seconds * 1000
    fields = [
        f"REPORT RequestId: {call.request_id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {ceil(milliseconds)} ms",
        f"Memory Size: {memory} MB",
        f"Max Memory Used: {min(ceil(ended.memory / _MB), memory)} MB",
        f"Init Duration: {ended.init_seconds * 1000:.2f} ms",
    ]
    if ended.timed_out:
        fields.append("Status: timeout")
    elif ended.payload is None:
        fields += ["Status: error", "Error Type: Runtime.ExitError"]
    return "\t".join(fields) + "\n"


def _end(call: Invocation, ended: Ended) -> str:
    """How the process ended without an answer."""
    if ended.timed_out:
        return f"Task timed out after {call.function.timeout:.2f} seconds"
    if ended.out_of_memory:
        return "Runtime exited with error: signal: killed"
    code = ended.exit_code or 0
    if code < 0:
        return f"Runtime exited with error: signal: {(signal.strsignal(-code) or '').lower()}"
    if code:
        return f"Runtime exited with error: exit status {code}"
    return "Runtime exited without providing a reason"
