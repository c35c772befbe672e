"""The WSGI application: moto's, with the journal in front and the control endpoints beside it."""

import gc
import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import asdict
from io import BytesIO
from typing import TYPE_CHECKING, Any

from scripts.sandbox import service_sessions
from scripts.sandbox.access import principals
from scripts.sandbox.access.enforcement import Access
from scripts.sandbox.answers import aws_error, json_answer
from scripts.sandbox.backends.awslambda.events import WAITS
from scripts.sandbox.backends.cloudformation import answers as custom_resources
from scripts.sandbox.backends.sagemaker.life import PACE
from scripts.sandbox.calls import Asked, asked, error_code
from scripts.sandbox.crowd import Crowd
from scripts.sandbox.crowd_seeding import add_crowd
from scripts.sandbox.dispatcher import Dispatcher
from scripts.sandbox.gate import GATE
from scripts.sandbox.journal import Call, Journal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# A bucket's name cannot begin so, hence no S3 path is hidden by it.
CONTROL = "/_sandbox/"
# An invoked function calls the sandbox in its turn, and a template may be an object in S3: these
# cannot make others wait for them.
REENTRANT = {
    ("lambda", "Invoke"),
    ("cloudformation", "CreateStack"),
    ("cloudformation", "UpdateStack"),
    ("cloudformation", "ValidateTemplate"),
    ("cloudformation", "GetTemplateSummary"),
}

log = logging.getLogger("scripts.sandbox")


class Application:
    """One account's AWS.

    Calls run one at a time, as moto's backends are plain dictionaries and Terraform calls ten at
    once; only those that call back (`REENTRANT`) run beside others.
    """

    def __init__(self, fork: Callable[[], Any], stop: Callable[[], None]) -> None:
        self.journal = Journal()
        self.access = Access()
        self._moto = Dispatcher()
        self._turn = threading.Lock()
        # Each takes what was sent with it, and answers with what JSON can hold.
        self._controls: dict[tuple[str, str], Callable[[dict[str, Any]], Any]] = {
            ("GET", "health"): lambda _: {"status": "ready"},
            ("GET", "journal"): lambda _: [asdict(call) for call in self.journal.calls()],
            ("DELETE", "journal"): lambda _: self.journal.clear(),
            ("POST", "enforce"): self.access.enforce,
            ("GET", "decisions"): lambda _: [
                asdict(each) for each in self.access.decisions.entries()
            ],
            ("DELETE", "decisions"): lambda _: self.access.decisions.clear(),
            ("POST", "fork"): lambda _: asdict(fork()),
            ("POST", "crowd"): self._add_crowd,
            ("POST", "notebooks"): PACE.set,
            ("POST", "events"): WAITS.set,
            ("POST", "session"): lambda asked: service_sessions.assume(**asked).answer(),
        }
        self._stop = stop
        self._is_warm = False

    def warm_up(self) -> None:
        """Prepare for being copied: what is here stays, and no copy's collector looks at it."""
        if not self._is_warm:
            self._moto.warm_up()
            gc.collect()
            gc.freeze()
            self._is_warm = True

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        if path.startswith(CONTROL):
            return self._control(environ, path.removeprefix(CONTROL), start)
        with GATE.busy():
            if path.startswith(custom_resources.PATH):
                return custom_resources.ANSWERS.receive(environ, start)
            return [self._call(environ, start)]

    def _control(
        self, environ: "WSGIEnvironment", name: str, start: "StartResponse"
    ) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if (method, name) == ("POST", "stop"):
            start("200 OK", [("Content-Length", "0")])
            return _Farewell(self._stop)
        control = self._controls.get((method, name))
        if control is None:
            return json_answer(start, 404, {"error": f"no such control: {method} {name}"})
        try:
            return json_answer(start, 200, control(json.loads(_body(environ) or b"{}")))
        except Exception as fault:
            log.exception("control %s failed", name)
            return json_answer(start, 500, {"error": str(fault)})

    def _add_crowd(self, asked: dict[str, Any]) -> dict[str, str]:
        with self._turn:
            return {"domain_id": add_crowd(Crowd(**asked))}

    def _call(self, environ: "WSGIEnvironment", start: "StartResponse") -> bytes:
        body = _kept_body(environ)
        wanted = asked(environ, body if _is_form(environ) else b"")
        answer: list[Any] = ["", []]

        def remember(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            answer[:] = status, headers
            return start(status, headers, *rest)

        with self._turn:
            callers = principals.names(wanted.access_key)
        body = self._answer(environ, remember, wanted, body)
        status = int(answer[0][:3])
        self.journal.add(
            Call(
                service=wanted.service,
                operation=wanted.operation,
                access_key=wanted.access_key,
                principal=callers[-1] if callers else "",
                status=status,
                error=error_code(status, answer[1], body),
            )
        )
        return b"" if environ["REQUEST_METHOD"] == "HEAD" else body

    def _answer(
        self,
        environ: "WSGIEnvironment",
        start: "StartResponse",
        wanted: Asked,
        asked_body: bytes,
    ) -> bytes:
        service, name = wanted.service, f"{wanted.service}:{wanted.operation}"
        try:
            with self._turn:
                refusal = self.access.refusal(environ, wanted, asked_body)
            if refusal:
                status, code, message = refusal.status, refusal.code, refusal.message
                return b"".join(aws_error(start, service, status, code, message))
            reentrant = (service, wanted.operation) in REENTRANT
            with nullcontext() if reentrant else self._turn:
                return b"".join(self._moto(environ, start))
        except NotImplementedError as fault:
            message = f"the sandbox does not have {name}: {fault}"
            return b"".join(aws_error(start, service, 501, "NotImplementedException", message))
        except Exception as fault:
            log.exception("%s failed", name)
            message = f"the sandbox failed at {name}: {type(fault).__name__}: {fault}"
            return b"".join(aws_error(start, service, 500, "InternalFailure", message))


class _Farewell:
    """An empty answer; once it has been sent, the process may end."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop

    def __iter__(self) -> Iterator[bytes]:
        return iter([b""])

    def close(self) -> None:
        self._stop()


def _is_form(environ: "WSGIEnvironment") -> bool:
    return str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded")


def _kept_body(environ: "WSGIEnvironment") -> bytes:
    """The body, put back for moto to read again. Its length tells that it came in one piece."""
    body = _body(environ)
    if body:
        environ["wsgi.input"] = BytesIO(body)
    return body


def _body(environ: "WSGIEnvironment") -> bytes:
    size = int(environ.get("CONTENT_LENGTH") or 0)
    return bytes(environ["wsgi.input"].read(size)) if size else b""
