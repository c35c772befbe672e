"""Reads off a request what is being called and by whom, and off an answer what came of it."""

import json
import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from botocore.exceptions import UnknownServiceError
from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import HTTPException

_CREDENTIAL = re.compile(r"Credential=([^/\s,]+)/[^/]+/([^/]+)/([^/]+)/aws4_request")
_XML_CODE = re.compile(rb"<Code>([^<]{1,128})</Code>")
_JSON_CODES = ("__type", "code", "Code")


def signer(authorization: str) -> tuple[str, str]:
    """Access key id and signing name of the service, from an `Authorization` header."""
    found = _CREDENTIAL.search(authorization)
    return (found[1], found[3]) if found else ("", "")


def operation_of(environ: Mapping[str, Any], form: bytes, service: str) -> str:
    """The operation that a request asks for, in any of AWS's protocols."""
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return str(target).rpartition(".")[2]
    query = environ.get("QUERY_STRING", "")
    for source in (form.decode("utf-8", "replace"), query):
        if action := parse_qs(source).get("Action"):
            return str(action[0])
    return _rest_operation(environ, service)


def _rest_operation(environ: Mapping[str, Any], service: str) -> str:
    """REST services name no operation: moto's router finds it by method, path and query."""
    request = Request({**environ, "wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"})
    try:
        operation, _ = get_service_router(service).match(request)
    except (UnknownServiceError, HTTPException, NotImplementedError):
        return ""
    return str(operation.name)


def error_code(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> str:
    """The service's error code in an answer; empty if it is none."""
    if status < 400:  # noqa: PLR2004
        return ""
    for name, value in headers:
        if name.lower() == "x-amzn-errortype":
            return _plain(value)
    if found := _XML_CODE.search(body):
        return found[1].decode()
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(answer, dict):
        return ""
    return next((_plain(str(answer[key])) for key in _JSON_CODES if key in answer), "")


def _plain(code: str) -> str:
    """`com.amazon#Code:http://...` is how JSON services may write `Code`."""
    return code.rpartition("#")[2].partition(":")[0].strip()
