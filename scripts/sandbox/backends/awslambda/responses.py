"""Invoke, as a request and an answer."""

import base64
import json
import re
import uuid
from dataclasses import replace
from typing import cast
from urllib.parse import parse_qs, unquote

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.responses import LambdaResponse as MotoResponse
from moto.awslambda.utils import make_function_arn
from moto.core.common_types import TYPE_RESPONSE

from scripts.sandbox.service_sessions import NotTrustedError

from . import events
from .invocation import Outcome, invoke
from .models import LambdaBackend
from .runtime import Invocation

SYNCHRONOUS_LIMIT, ASYNCHRONOUS_LIMIT = 6 * 1024 * 1024, 1024 * 1024
"""Bytes of an event: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
SYNCHRONOUS, ASYNCHRONOUS, DRY_RUN = "RequestResponse", "Event", "DryRun"


class TooLargeError(LambdaClientError):
    """The event is too large for its kind of invocation."""

    code = 413

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            "RequestTooLargeException",
            f"{size} byte payload is too large for the invocation type (limit {limit} bytes)",
        )


class LambdaResponse(MotoResponse):
    """moto's, with functions that run."""

    def __init__(self) -> None:
        super().__init__()
        self._own: dict[str, str] = {}

    def call_action(self) -> TYPE_RESPONSE:
        status, headers, body = super().call_action()
        return status, {**headers, **self._own}, body

    @property
    def backend(self) -> LambdaBackend:
        return cast(LambdaBackend, super().backend)

    def invoke(self) -> TYPE_RESPONSE:
        found = re.search(r"/functions/(.+)/invocations/?$", self.parsed_url.path)
        name = unquote(found[1]) if found else ""
        qualifier = parse_qs(self.parsed_url.query).get("Qualifier", [None])[0]
        function = self.backend.deployed(name, qualifier)
        kind = self.headers.get("X-Amz-Invocation-Type") or SYNCHRONOUS
        event = self._event(ASYNCHRONOUS_LIMIT if kind == ASYNCHRONOUS else SYNCHRONOUS_LIMIT)
        request_id = str(uuid.uuid4())
        # The answer goes by the invocation's own id, which moto would replace.
        self._own = {"x-amzn-requestid": request_id}
        call = Invocation(
            function=function,
            event=event,
            endpoint=f"{self.parsed_url.scheme}://{self.parsed_url.netloc}",
            invoked_arn=self._arn(function.name, name, qualifier),
            request_id=request_id,
        )
        headers = {"x-amz-executed-version": function.version}
        if kind == SYNCHRONOUS:
            return self._synchronously(call, headers)
        if kind == ASYNCHRONOUS:
            self._asynchronously(call, name, qualifier)
            return _empty(202, headers)
        if kind == DRY_RUN:
            return _empty(204, headers)
        raise LambdaClientError(
            "InvalidParameterValueException", f"Unsupported invocation type: {kind}"
        )

    def invoke_async(self) -> TYPE_RESPONSE:
        raise NotImplementedError("InvokeAsync is deprecated; Invoke has the Event type")

    def _event(self, limit: int) -> str:
        text = str(self.body or "{}")
        size = len(text.encode())
        if size > limit:
            raise TooLargeError(size, limit)
        try:
            json.loads(text)
        except ValueError as error:
            raise LambdaClientError(
                "InvalidRequestContentException", f"Could not parse request body into json: {error}"
            ) from None
        return text

    def _arn(self, function: str, name: str, qualifier: str | None) -> str:
        arn = make_function_arn(self.region, self.current_account, function)
        named = name.partition(":function:")[2] or name
        suffix = named.partition(":")[2] or qualifier
        return f"{arn}:{suffix}" if suffix else arn

    def _synchronously(self, call: Invocation, headers: dict[str, str]) -> TYPE_RESPONSE:
        outcome = _run(call)
        headers["content-type"] = "application/json"
        if outcome.error:
            headers["x-amz-function-error"] = outcome.error
        if self.headers.get("X-Amz-Log-Type") == "Tail":
            headers["x-amz-log-result"] = base64.b64encode(outcome.tail).decode()
        return 200, headers, outcome.payload

    def _asynchronously(self, call: Invocation, name: str, qualifier: str | None) -> None:
        backend = self.backend

        def attempt() -> Outcome:
            # What is deployed by now answers it.
            return invoke(replace(call, function=backend.deployed(name, qualifier)))

        retries, age = backend.retries_and_age(call.function.name)
        event = events.Event(f"{call.request_id} of {name}", attempt, retries, age)
        events.accept(event)


def _empty(status: int, headers: dict[str, str]) -> TYPE_RESPONSE:
    # moto takes the status from among the headers.
    return status, {**headers, "status": status}, ""


def _run(call: Invocation) -> Outcome:
    try:
        return invoke(call)
    except NotTrustedError:
        raise LambdaClientError(
            "AccessDeniedException",
            "The role defined for the function cannot be assumed by Lambda.",
        ) from None
