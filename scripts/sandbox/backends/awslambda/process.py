"""Runs a bootstrap in a process group of its own, within limits, and ends all of it."""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
OUTPUT_LIMIT = 1024 * 1024
"""Bytes of output that are kept; what comes later is dropped, and the log says so."""
INIT_SECONDS = 10.0
"""What importing may take without counting against the function's own limit, as in Lambda."""
EXIT_SECONDS = 2.0
POLL_SECONDS = 0.05
_CHUNK = 65536


@dataclass
class Ended:
    """What came of a process.

    Attributes:
        payload: JSON that it answered with; nothing if it ended, or was ended, without.
        failed: the payload describes an error.
        timed_out: it was ended at its time limit.
        out_of_memory: it was ended at its memory limit.
        exit_code: what it exited with by itself; negative for a signal.
        init_seconds: from its start until the handler was imported, or failed to be.
        run_seconds: from then on.
        memory: most bytes that it held, where the system tells.
        output: its standard output and error, up to OUTPUT_LIMIT.
        dropped: bytes of output past that.
    """

    payload: str | None = None
    failed: bool = False
    timed_out: bool = False
    out_of_memory: bool = False
    exit_code: int | None = None
    init_seconds: float = 0.0
    run_seconds: float = 0.0
    memory: int = 0
    output: bytes = b""
    dropped: int = 0


def run(
    order: Mapping[str, Any],
    *,
    environment: Mapping[str, str],
    directory: Path,
    seconds: float,
    memory: int,
) -> Ended:
    """Run the bootstrap with an order, and end it with all of its group.

    Args:
        order: what the bootstrap reads, as JSON can hold it.
        environment: all that the process has.
        directory: where it starts.
        seconds: from when the handler has been imported; at the latest after INIT_SECONDS.
        memory: bytes that it may hold.
    """
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            process = subprocess.Popen(  # noqa: S603  our own script, in our own interpreter
                [sys.executable, "-I", "-S", "-u", str(BOOTSTRAP), str(theirs.fileno())],
                cwd=directory,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        with process:
            return _Watch(process, ours, seconds, memory).follow(order)


class _Watch:
    """Follows one process to its end."""

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        channel: socket.socket,
        seconds: float,
        memory: int,
    ) -> None:
        self._process = process
        self._channel = channel
        self._output = process.stdout.fileno() if process.stdout else -1
        self._seconds = seconds
        self._memory = memory
        self._heard = b""
        self._ended = Ended()
        self._start = time.monotonic()
        self._imported: float | None = None
        self._deadline = self._start + INIT_SECONDS + seconds

    def follow(self, order: Mapping[str, Any]) -> Ended:
        os.set_blocking(self._output, False)
        try:
            self._converse(order)
        finally:
            self._kill()
        while self._drain() > 0 and not self._ended.dropped:
            pass
        return self._ended

    def _converse(self, order: Mapping[str, Any]) -> None:
        try:
            self._channel.sendall(json.dumps(order).encode() + b"\n")
            self._listen()
        except ConnectionError:  # it has ended already
            self._await_exit()
        now = time.monotonic()
        imported = self._imported or now
        self._ended.init_seconds = imported - self._start
        self._ended.run_seconds = now - imported

    def _listen(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._channel, selectors.EVENT_READ, self._hear)
            selector.register(self._output, selectors.EVENT_READ, self._drain)
            while self._ended.payload is None and self._ended.exit_code is None:
                left = self._deadline - time.monotonic()
                if left <= 0:
                    self._ended.timed_out = True
                    return
                for key, _ in selector.select(min(left, POLL_SECONDS)):
                    if key.data() == 0:
                        selector.unregister(key.fileobj)
                self._ended.memory = max(self._ended.memory, _held(self._process.pid))
                if self._ended.memory > self._memory:
                    self._ended.out_of_memory = True
                    return

    def _hear(self) -> int:
        """Take what the bootstrap says. Returns how many bytes; none when it has ended."""
        chunk = self._channel.recv(_CHUNK)
        if not chunk:
            self._await_exit()
        self._heard += chunk
        while b"\n" in chunk and b"\n" in self._heard:
            line, _, self._heard = self._heard.partition(b"\n")
            self._understand(json.loads(line))
        return len(chunk)

    def _understand(self, said: Mapping[str, Any]) -> None:
        if "ready" in said:
            self._imported = time.monotonic()
            self._deadline = min(self._imported, self._start + INIT_SECONDS) + self._seconds
        else:
            self._ended.payload, self._ended.failed = said["payload"], said["failed"]

    def _drain(self) -> int:
        """Take some output. Returns how many bytes; none at its end, -1 if there is none yet."""
        try:
            chunk = os.read(self._output, _CHUNK)
        except BlockingIOError:
            return -1
        room = OUTPUT_LIMIT - len(self._ended.output)
        self._ended.output += chunk[:room]
        self._ended.dropped += len(chunk[room:])
        return len(chunk)

    def _await_exit(self) -> None:
        """The bootstrap has closed its end of the channel, which it does by exiting only."""
        try:
            self._ended.exit_code = self._process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._ended.exit_code = -signal.SIGKILL

    def _kill(self) -> None:
        """End the process with its children, also those that outlive it, and collect it."""
        # Nobody may be left, or zombies alone, which macOS denies.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()


def _held(pid: int) -> int:
    """Most bytes that the process has held since it started; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(line.split()[1]) * 1024
