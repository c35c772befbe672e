"""The handle on a sandbox: starts the server's process, and is what demo and tests hold."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from scripts.sandbox.account import ACCOUNT, REGION
from scripts.sandbox.clients import (
    INSECURE_HEADER,
    SOURCE_IP_HEADER,
    VPC_ENDPOINT_HEADER,
    create_client,
)
from scripts.sandbox.crowd import Crowd
from scripts.sandbox.decisions import Decided
from scripts.sandbox.errors import SandboxError
from scripts.sandbox.faults import AnyRule, FaultProxy
from scripts.sandbox.guard import NOWHERE, require_sandbox
from scripts.sandbox.journal import Call
from scripts.sandbox.server_process import (
    STOP_LIMIT,
    end,
    read_log,
    read_ready,
    server_environment,
    tail,
    without_aws,
)

START_LIMIT = 60.0
CONTROL_LIMIT = 60.0
_ROOT = Path(__file__).resolve().parents[2]
_KEY_NAMES = ("AccessKeyId", "SecretAccessKey")


class Sandbox:
    """A running sandbox. `start` one, or `fork` a copy of one; each ends with `stop`.

    Attributes:
        endpoint: `http://127.0.0.1:PORT`.
        port: where it listens on 127.0.0.1.
        pid: the server's process.
        account_id: the account's number.
        region: the Region that it was seeded in, and that clients work in.
    """

    def __init__(
        self,
        port: int,
        pid: int,
        keys: tuple[str, str],
        log: BinaryIO,
        process: "subprocess.Popen[bytes] | None" = None,
    ) -> None:
        self.port = port
        self.pid = pid
        self.endpoint = f"http://127.0.0.1:{port}"
        self.account_id = ACCOUNT
        self.region = REGION
        self._log = log
        self._keys = keys
        self._process = process
        self._stopped = False

    @classmethod
    def start(
        cls,
        *,
        port: int = 0,
        limit: float = START_LIMIT,
        notebook_seconds: float | None = None,
        enforce: bool = False,
        crowd: Crowd | None = None,
        log: BinaryIO | None = None,
    ) -> Self:
        """Start a server with the seeded account.

        Args:
            port: where on 127.0.0.1 it listens; 0 picks a free port.
            limit: seconds until it must be ready.
            notebook_seconds: how long a transition of a notebook takes; 0.5 if not given.
            enforce: whether policies are in force from the start.
            crowd: what else the account holds.
            log: where the server writes what went wrong; closed by `stop`. A file without a name
                if not given, of which nothing is left however this process ends.

        Raises:
            SandboxError: it was not ready in time, or ended before, with the log's tail; or
                `notebook_seconds` is below 0.
        """
        log = log or tempfile.TemporaryFile()  # noqa: SIM115  closed by `stop`
        ready, report = os.pipe()
        options = [f"--port={port}", f"--ready-fd={report}"]
        process = subprocess.Popen(  # noqa: S603  our own module, in our own interpreter
            [sys.executable, "-m", "scripts.sandbox.serve", *options],
            cwd=_ROOT,
            env=server_environment(),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=[report],
            start_new_session=True,
        )
        os.close(report)
        try:
            answer = read_ready(ready, limit)
        except SandboxError as fault:
            process.kill()
            process.wait()
            message = f"{fault}{tail(log)}"
            log.close()
            raise SandboxError(message) from None
        keys = (answer["access_key"], answer["secret_key"])
        sandbox = cls(answer["port"], process.pid, keys, log, process)
        try:
            if notebook_seconds is not None:
                sandbox.pace_notebooks(notebook_seconds)
            if crowd is not None:
                sandbox.add_crowd(crowd)
            if enforce:
                sandbox.enforce(True)
        except SandboxError:
            sandbox.stop()
            raise
        return sandbox

    def fork(self) -> "Sandbox":
        """A copy of the server as it is now, on a port of its own; neither sees the other's writes.

        It ends with its own `stop`, and with the sandbox that it came from.

        Raises:
            SandboxError: calls were still in progress for too long, or the copy did not come up.
        """
        answer = self._control("POST", "fork")
        return Sandbox(answer["port"], answer["pid"], self._keys, self._log)

    def stop(self) -> None:
        """End the server and its forks. May be called twice."""
        if self._stopped:
            return
        self._stopped = True
        if self._process is None:
            end(self.pid)
            return
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def keys(self) -> tuple[str, str]:
        """Id and secret of the deployer's access key."""
        return self._keys

    def environment(self) -> dict[str, str]:
        """What to export so that Terraform, cdktf, the AWS CLI and boto3 reach this alone."""
        access_key, secret_key = self.keys
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
            "AWS_ACCESS_KEY_ID": access_key,
            "AWS_SECRET_ACCESS_KEY": secret_key,
            "AWS_SESSION_TOKEN": "",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_PAGER": "",
            **NOWHERE,
        }

    def process_environment(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """A whole environment for a process: `base` without its AWS settings and proxies, and ours.

        Args:
            base: what to start from; this process's own environment if not given.

        Raises:
            GuardError: it could reach the real AWS all the same.
        """
        clean = without_aws(os.environ if base is None else base)
        environment = clean | self.environment()
        require_sandbox(environment)
        return environment

    def faults(self, *rules: AnyRule, port: int = 0) -> FaultProxy:
        """A proxy before this sandbox, to be used in a `with` block: calls meet `rules` there.

        Args:
            rules: of `scripts.sandbox.faults`, or functions of an operation and how often it has
                been called that return an answer or None.
            port: where on 127.0.0.1 it listens; 0 picks a free port.

        Raises:
            SandboxError: the port cannot be had.
        """
        return FaultProxy(self, rules, port=port)

    def client(
        self,
        service: str,
        *,
        region: str | None = None,
        credentials: Mapping[str, str] | None = None,
        vpc_endpoint: str | None = None,
        source_ip: str | None = None,
        tls: bool = True,
    ) -> Any:
        """A boto3-style client of the deployer, or of whoever `credentials` belong to.

        Args:
            service: botocore's name of the service.
            region: another Region than the sandbox's own.
            credentials: an answer's `Credentials` or `AccessKey`, as STS and IAM give them.
            vpc_endpoint: id of the endpoint that the calls are to come through, for bucket policies
                that ask for it; without one they come from outside any VPC.
            source_ip: address that the calls are to come from.
            tls: whether they are to come over TLS, for which the sandbox's plain HTTP stands.
        """
        given = credentials or dict(zip(_KEY_NAMES, self._keys, strict=True))
        way = {
            VPC_ENDPOINT_HEADER: vpc_endpoint,
            SOURCE_IP_HEADER: source_ip,
            INSECURE_HEADER: None if tls else "true",
        }
        return create_client(
            self.endpoint,
            service,
            region=region or self.region,
            access_key=given["AccessKeyId"],
            secret_key=given["SecretAccessKey"],
            session_token=given.get("SessionToken"),
            headers={name: value for name, value in way.items() if value},
        )

    def journal(self) -> list[Call]:
        """The calls that this server got since it started or was forked, oldest first.

        Bounded: after 20,000 calls the oldest are gone. A fork begins with its parent's.
        """
        return [Call(**entry) for entry in self._control("GET", "journal")]

    def enforce(self, enabled: bool) -> None:
        """Put the account's policies in force, or out of force.

        Every call is then judged by the policies of its caller, of what it asks for and of its way
        there. What a bucket's policy denies is refused with enforcement or without.
        """
        self._control("POST", "enforce", {"enabled": enabled})

    def decisions(self) -> list[Decided]:
        """What access control decided while it was enforced, oldest first.

        Bounded: after 100,000 decisions the oldest are gone. A fork begins with its parent's.
        """
        return [Decided.read(entry) for entry in self._control("GET", "decisions")]

    def clear_decisions(self) -> None:
        """Forget the decisions so far."""
        self._control("DELETE", "decisions")

    def log(self) -> str:
        """What the server and its forks have logged: faults, not calls. Empty after `stop`."""
        return "" if self._log.closed else read_log(self._log)

    def clear_journal(self) -> None:
        """Forget the calls so far."""
        self._control("DELETE", "journal")

    def pace_notebooks(self, seconds: float) -> None:
        """Set how long each transition of a notebook takes, those under way included.

        0 ends them at once.

        Raises:
            SandboxError: `seconds` is below 0.
        """
        self._control("POST", "notebooks", {"seconds": seconds})

    def fail_notebooks(self, name_pattern: str, reason: str | None) -> None:
        """Let notebooks fail when they would come into service: those started from now on.

        Args:
            name_pattern: which, with `*` and `?`; of patterns that fit one, the latest decides.
            reason: becomes `FailureReason`; none lets them come into service again.
        """
        self._control("POST", "notebooks", {"pattern": name_pattern, "reason": reason})

    def add_crowd(self, crowd: Crowd) -> str:
        """Add many users and roles, some thousand in a second. Returns their Domain's id.

        Raises:
            SandboxError: there is a Domain of that name.
        """
        domain_id: str = self._control("POST", "crowd", asdict(crowd))["domain_id"]
        return domain_id

    def service_session(self, service: str, role_arn: str, session_name: str) -> dict[str, str]:
        """Credentials, as STS gives them, of what an AWS service makes of a role that trusts it.

        Args:
            service: service principal, such as `lambda.amazonaws.com`.
            role_arn: a role of this account.
            session_name: last part of the session's ARN.

        Raises:
            SandboxError: there is no such role, or it does not trust the service.
        """
        asked = {"service": service, "role_arn": role_arn, "session_name": session_name}
        credentials: dict[str, str] = self._control("POST", "session", asked)
        return credentials

    def pace_retries(self, seconds: float) -> None:
        """Set how long a function's failed event waits for its first retry; 0.1 s to begin with.

        The second waits twice as long. In AWS these are one and two minutes.

        Raises:
            SandboxError: `seconds` is below 0.
        """
        self._control("POST", "events", {"retry_seconds": seconds})

    def _control(self, method: str, name: str, body: Mapping[str, Any] | None = None) -> Any:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=CONTROL_LIMIT)
        content = None if body is None else json.dumps(body)
        try:
            connection.request(method, f"/_sandbox/{name}", content)
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, HTTPException) as fault:
            raise SandboxError(
                f"sandbox at {self.endpoint} did not answer {name}: {fault}"
            ) from None
        finally:
            connection.close()
        if response.status != 200:  # noqa: PLR2004
            raise SandboxError(f"sandbox at {self.endpoint} refused {name}: {answer['error']}")
        return answer
