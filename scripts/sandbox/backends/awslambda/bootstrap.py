"""What runs a function in a process of its own: as much of Lambda's Python runtime as code can see.

A script for `python -I -S`, which imports nothing of this project. It takes an order from the
socket whose number is its argument, and answers there: `{"ready": true}` when the handler has been
imported, then `{"payload": ..., "failed": ...}`. Its output is the function's.

Behaviour after https://github.com/aws/aws-lambda-python-runtime-interface-client (bootstrap.py).
"""

import importlib
import json
import logging
import os
import shutil
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType, TracebackType
from typing import Any

PAYLOAD_LIMIT = 6 * 1024 * 1024 + 100
"""Bytes of an answer, as Lambda counts them."""
TASK_ROOT = "/var/task"

Handler = Callable[[Any, "Context"], Any]


class FaultError(Exception):
    """The function cannot be called; `kind` is Lambda's name for why."""

    def __init__(self, kind: str, message: str, frames: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.frames = list(frames)


class Libraries:
    """Finds the packages that the runtime holds, and nothing else of where they are installed."""

    def __init__(self, directory: str, names: Sequence[str]) -> None:
        self._path = [directory]
        self._names = frozenset(names)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is None and name in self._names:
            return PathFinder.find_spec(name, self._path, target)
        return None


class Context:
    """The handler's second argument."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.aws_request_id: str = order["request_id"]
        self.invoked_function_arn: str = order["invoked_arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline = time.time() + order["timeout"]

    def get_remaining_time_in_millis(self) -> int:
        return max(int((self._deadline - time.time()) * 1000), 0)


def main(descriptor: int) -> None:
    os.set_inheritable(descriptor, False)
    channel = socket.socket(fileno=descriptor)
    order = json.loads(channel.makefile("rb").readline())
    threading.Thread(target=_end_with, args=(channel, order["scratch"]), daemon=True).start()
    sys.path.insert(0, order["task_root"])
    sys.meta_path.append(Libraries(order["site"], order["libraries"]))
    _log_to_stdout(order["request_id"])
    try:
        handler = find_handler(order["handler"])
        _send(channel, {"ready": True})
        payload = call(handler, order["event"], Context(order))
        failed = False
    except Exception as error:  # noqa: BLE001  whatever the function raises is its answer
        payload, failed = describe(error, order), True
    _send(channel, {"payload": payload, "failed": failed})
    # As Lambda freezes it: the sandbox looks at what it held, and ends it.
    while True:
        signal.pause()


def find_handler(name: str) -> Handler:
    """Import `package.module.function`.

    Raises:
        FaultError: there is no such module or function, or the module cannot be imported.
        Exception: what the module itself raises.
    """
    module_name, dot, function = name.rpartition(".")
    if not dot:
        raise FaultError(
            "Runtime.MalformedHandlerName",
            f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)",
        )
    module_name = module_name.replace("/", ".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise FaultError(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}"
        ) from None
    except SyntaxError as error:
        where = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        message = f"Syntax error in module '{module_name}': {error}"
        raise FaultError("Runtime.UserCodeSyntaxError", message, [where]) from None
    handler: Handler | None = getattr(module, function, None)
    if handler is None:
        raise FaultError(
            "Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{module_name}'"
        )
    return handler


def call(handler: Handler, event: str, context: Context) -> str:
    """Call the handler with the event's JSON, and return its answer's.

    Raises:
        FaultError: JSON cannot hold the answer, or it is too long.
        Exception: what the handler raises.
    """
    given = json.loads(event)
    answer = handler(given, context)
    try:
        text = json.dumps(answer, ensure_ascii=False)
    except (TypeError, ValueError) as error:
        raise FaultError("Runtime.MarshalError", f"Unable to marshal response: {error}") from None
    if len(text.encode(errors="surrogatepass")) > PAYLOAD_LIMIT:
        message = f"Response payload size exceeded maximum allowed payload size ({PAYLOAD_LIMIT}"
        raise FaultError("Function.ResponseSizeTooLarge", f"{message} bytes).")
    return text


def describe(error: Exception, order: dict[str, Any]) -> str:
    """The error as Lambda answers with it; it is also logged, as one event."""
    if isinstance(error, FaultError):
        kind, frames = error.kind, error.frames
    else:
        kind, frames = type(error).__name__, _frames(error.__traceback__)
    frames = [frame.replace(order["task_root"], TASK_ROOT) for frame in frames]
    message = str(error).replace(order["task_root"], TASK_ROOT)
    lines = [f"[ERROR] {kind}: {message}", "Traceback (most recent call last):"]
    lines += ["\u00a0\u00a0" + line for frame in frames for line in frame.splitlines()]
    print("\r".join(lines), flush=True)  # noqa: T201  the function's log
    return json.dumps(
        {
            "errorMessage": message,
            "errorType": kind,
            "requestId": order["request_id"],
            "stackTrace": frames,
        }
    )


def _frames(trace: TracebackType | None) -> list[str]:
    """The function's own frames, without those of this script and of the import."""
    passed = (__file__, importlib.__file__)
    shown = [
        frame
        for frame in traceback.extract_tb(trace)
        if frame.filename not in passed and not frame.filename.startswith("<frozen importlib")
    ]
    return traceback.format_list(shown)


def _log_to_stdout(request_id: str) -> None:
    """Lambda's own handler: whatever a logger lets through, whose level is its own affair."""
    logging.Formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        logging.Formatter(
            f"[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t{request_id}\t%(message)s",
            "%Y-%m-%dT%H:%M:%S",
        )
    )
    logging.getLogger().addHandler(handler)


def _end_with(channel: socket.socket, scratch: str) -> None:
    """End this process and its children when the sandbox has died, and leave nothing behind."""
    channel.recv(1)
    shutil.rmtree(scratch, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _send(channel: socket.socket, message: dict[str, Any]) -> None:
    channel.sendall(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
