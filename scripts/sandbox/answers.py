"""Errors that the sandbox itself answers with, in the form that each service's clients read."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from botocore.exceptions import UnknownServiceError
from moto.core.utils import get_service_model

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    500: "Internal Server Error",
    501: "Not Implemented",
}


def json_answer(start: "StartResponse", status: int, body: Any) -> Iterable[bytes]:
    """An answer of the control endpoints."""
    return _answer(start, status, "application/json", json.dumps(body), [])


def aws_error(
    start: "StartResponse", service: str, status: int, code: str, message: str
) -> Iterable[bytes]:
    """An error of an AWS service. SDKs retry a 500, and not a 501."""
    headers = [("x-amzn-errortype", code)]
    if _speaks_xml(service):
        error = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
        text = {"s3": error, "ec2": f"<Response><Errors>{error}</Errors></Response>"}.get(
            service, f"<ErrorResponse>{error}</ErrorResponse>"
        )
        return _answer(start, status, "application/xml", text, headers)
    text = json.dumps({"__type": code, "message": message})
    return _answer(start, status, "application/json", text, headers)


def _speaks_xml(service: str) -> bool:
    try:
        protocol = get_service_model(service).metadata["protocol"]
    except UnknownServiceError:
        return False
    return protocol in ("query", "ec2", "rest-xml")


def _answer(
    start: "StartResponse",
    status: int,
    content_type: str,
    text: str,
    headers: list[tuple[str, str]],
) -> Iterable[bytes]:
    body = text.encode()
    sized = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    start(f"{status} {_REASONS[status]}", [*sized, *headers])
    return [body]
