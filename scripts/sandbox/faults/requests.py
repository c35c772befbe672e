"""Reads off a request what is being called, and in which of AWS's protocols."""

import re
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qs

from scripts.sandbox.faults.answers import Protocol

_SERVICE = re.compile(r"Credential=[^/\s,]+/[^/]+/[^/]+/([^/]+)/aws4_request")
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for; the operation is empty where it cannot be told."""

    operation: str
    protocol: Protocol


def read(method: str, target: str, headers: Message, body: bytes) -> Asked:
    """Read a request.

    Args:
        method: of HTTP.
        target: path and query.
        headers: as http.server reads them.
        body: a form's names the operation.
    """
    if named := headers.get("X-Amz-Target"):
        return Asked(named.rpartition(".")[2], Protocol.JSON)
    path, _, query = target.partition("?")
    form = body if headers.get("Content-Type", "").startswith(_FORM) else b""
    action = parse_qs(form.decode("latin-1")).get("Action") or parse_qs(query).get("Action")
    signed = _SERVICE.search(headers.get("Authorization", ""))
    service = signed[1] if signed else ""
    if action:
        return Asked(action[0], Protocol.EC2 if service == "ec2" else Protocol.QUERY)
    operation = _rest_operation(method, path, query, headers)
    # Whoever signs nothing in a header asks for an object.
    return Asked(operation, Protocol.S3 if service in ("", "s3") else Protocol.REST_JSON)


def _rest_operation(method: str, path: str, query: str, headers: Message) -> str:
    # It imports moto, which takes longer than all else and which other calls can do without.
    from scripts.sandbox.calls import asked  # noqa: PLC0415

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_AUTHORIZATION": headers.get("Authorization", ""),
        "HTTP_HOST": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
    }
    return asked(environ, b"").operation
