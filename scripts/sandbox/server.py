"""The sandbox's server process: moto's own application on 127.0.0.1, with forks as snapshots.

Started by `scripts.sandbox.handle` through `scripts.sandbox.serve`. The handle passes a pipe that
reports readiness, and holds the other end of standard input: when that end closes, by a stop or
because the process that held it died, the server ends. A fork ends in the same way, and also when
the server that it was forked from does.
"""

import argparse
import gc
import json
import logging
import os
import queue
import select
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import NoReturn

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from scripts.sandbox import account, backends
from scripts.sandbox.application import Application
from scripts.sandbox.gate import GATE

HOST = "127.0.0.1"
QUIET_LIMIT = 30.0
FORK_LIMIT = 10.0
STDIN = 0

log = logging.getLogger("scripts.sandbox")


class _Handler(MotoRequestHandler):
    """Sends headers and body in one piece.

    AWS's SDK for Go closes a request's body once the headers of its answer are there. On a busy
    machine Go may then take the request for unsent, give up the connection with the answer's body
    on its way, and the SDK repeats a call that was done.
    """

    wbufsize = 1 << 16

    def handle_expect_100(self) -> bool:
        """Ask for the body at once: clients wait a second for this before they send it anyway."""
        proceeds = super().handle_expect_100()
        self.wfile.flush()
        return proceeds

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The journal has the calls; the log file keeps what went wrong."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A forked server: where it listens, and its process."""

    port: int
    pid: int


class Server:
    """Serves in threads of its own; its main thread waits for what only a main thread may do."""

    def __init__(self, port: int) -> None:
        self._orders: queue.SimpleQueue[Future[Copy]] = queue.SimpleQueue()
        self.application = Application(fork=self._order_fork, stop=lambda: os._exit(0))
        self._http = self._listen(port)
        _watch([STDIN])

    @property
    def port(self) -> int:
        return self._http.port

    def run(self) -> NoReturn:
        while True:
            order = self._orders.get()
            try:
                self.application.warm_up()
                with GATE.quiet(QUIET_LIMIT):
                    copy = self._fork()
            except Exception as fault:  # noqa: BLE001  handed to whoever ordered the fork
                order.set_exception(fault)
                continue
            if copy:
                order.set_result(copy)

    def _order_fork(self) -> Copy:
        order: Future[Copy] = Future()
        self._orders.put(order)
        return order.result(QUIET_LIMIT + FORK_LIMIT)

    def _listen(self, port: int) -> BaseWSGIServer:
        http = make_server(HOST, port, self.application, threaded=True, request_handler=_Handler)
        threading.Thread(target=http.serve_forever, name="http", daemon=True).start()
        return http

    def _fork(self) -> Copy | None:
        """Fork at rest. Returns the copy in this process, and nothing in the copy itself."""
        ready, report = os.pipe()
        life, hold = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ready)
            os.close(hold)
            try:
                self._become_copy(life, report)
            except OSError:
                log.exception("the forked server could not start")
                os._exit(1)
            return None
        os.close(report)
        os.close(life)
        threading.Thread(target=_bury, args=(pid, hold), daemon=True).start()
        if not select.select([ready], [], [], FORK_LIMIT)[0]:
            raise TimeoutError(f"the forked server was not ready after {FORK_LIMIT:g} s")
        with os.fdopen(ready) as answer:
            line = answer.readline()
        if not line:
            raise ChildProcessError("the forked server ended before it was ready")
        return Copy(port=int(line), pid=pid)

    def _become_copy(self, life: int, report: int) -> None:
        self._orders = queue.SimpleQueue()
        _watch([STDIN, life])
        self._http = self._listen(0)
        os.write(report, f"{self.port}\n".encode())
        os.close(report)


def _bury(pid: int, hold: int) -> None:
    """Collect a copy when it ends. Until then, this process holds the end that keeps it alive."""
    os.waitpid(pid, 0)
    os.close(hold)


def _watch(ends: list[int]) -> None:
    """End this process when the other side of any of these pipes closes."""

    def wait() -> None:
        select.select(ends, [], [])
        os._exit(0)

    threading.Thread(target=wait, name="watch", daemon=True).start()


def main(arguments: list[str] | None = None) -> NoReturn:
    parser = argparse.ArgumentParser(description="The sandbox's server process.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ready-fd", type=int, required=True)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    backends.register()
    server = Server(options.port)
    keys = account.seed(f"http://{HOST}:{server.port}")
    server.application.journal.clear()
    gc.freeze()  # What is here stays, and no collection need look at it.
    gc.enable()
    with os.fdopen(options.ready_fd, "w") as ready:
        json.dump({"port": server.port, "access_key": keys.id, "secret_key": keys.secret}, ready)
    server.run()
