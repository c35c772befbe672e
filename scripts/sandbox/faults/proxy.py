"""The proxy as demo and tests hold it."""

from collections.abc import Iterable, Mapping
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scripts.sandbox.errors import SandboxError
from scripts.sandbox.faults.ledger import Counts, Ledger
from scripts.sandbox.faults.rules import AnyRule
from scripts.sandbox.faults.server import HOST, FaultServer
from scripts.sandbox.guard import ENDPOINT, require_sandbox

if TYPE_CHECKING:
    from scripts.sandbox.handle import Sandbox


class FaultProxy:
    """A proxy before a sandbox, as long as its `with` block lasts.

    Attributes:
        endpoint: `http://127.0.0.1:PORT`.
    """

    def __init__(self, sandbox: "Sandbox", rules: Iterable[AnyRule], *, port: int = 0) -> None:
        """Listen, but answer nothing yet.

        Args:
            sandbox: where calls go that no rule answers.
            rules: asked in this order about each call: delays add up, the first answer holds.
            port: where on 127.0.0.1 to listen; 0 picks a free port.

        Raises:
            SandboxError: the port cannot be had.
        """
        self._sandbox = sandbox
        self._ledger = Ledger(rules)
        upstream = urlsplit(sandbox.endpoint).netloc
        try:
            self._server = FaultServer(port, upstream, self._ledger)
        except OSError as fault:
            raise SandboxError(f"no proxy on {HOST}:{port}: {fault.strerror}") from None
        self.endpoint = f"http://{HOST}:{self._server.server_port}"

    @property
    def counts(self) -> Counts:
        """Calls so far, by operation."""
        return self._ledger.counts()

    def environment(self, *, attempts: int = 1) -> dict[str, str]:
        """The sandbox's, by way of this proxy.

        Args:
            attempts: how often clients try a call that was throttled or failed.
        """
        own = {ENDPOINT: self.endpoint, "AWS_MAX_ATTEMPTS": str(attempts)}
        return self._sandbox.environment() | own

    def process_environment(
        self, base: Mapping[str, str] | None = None, *, attempts: int = 1
    ) -> dict[str, str]:
        """A whole environment for a process, as the sandbox makes it, by way of this proxy."""
        own = self.environment(attempts=attempts)
        environment = self._sandbox.process_environment(base) | own
        require_sandbox(environment)
        return environment

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, name="faults", daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
