"""Reads off a request what is being called and by whom, and off an answer what came of it."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from botocore.exceptions import UnknownServiceError
from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import HTTPException

from scripts.sandbox.account import REGION

_SCOPE = re.compile(r"([^/\s,]+)/[^/]+/[^/]+/([^/]+)/aws4_request")
_REGION = re.compile(r"[^/\s,=]+(?:/|%2F)\d{8}(?:/|%2F)([\w-]+)(?:/|%2F)")
_CREDENTIAL = re.compile(f"Credential={_SCOPE.pattern}")
_XML_CODE = re.compile(rb"<Code>([^<]{1,128})</Code>")
_JSON_CODES = ("__type", "code", "Code")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for: signing key's id, signing name of the service, operation."""

    access_key: str
    service: str
    operation: str


def asked(environ: Mapping[str, Any], form: bytes) -> Asked:
    """Read a request in any of AWS's protocols, signed by header, by query, or not at all."""
    query = parse_qs(environ.get("QUERY_STRING", ""))
    credential = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if credential is None and "X-Amz-Credential" in query:
        credential = _SCOPE.fullmatch(query["X-Amz-Credential"][0])
    if credential:
        access_key, service = credential.groups()
    else:
        # S3's older presigned addresses name the key alone.
        access_key, service = query.get("AWSAccessKeyId", [""])[0], ""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    action = parse_qs(form.decode("utf-8", "replace")).get("Action") or query.get("Action")
    if target or action:
        named = str(action[0]) if action else target.rpartition(".")[2]
        return Asked(access_key, service, named)
    # Whoever signs nothing asks for an object, as moto has it too.
    service = service or "s3"
    return Asked(access_key, service, _rest_operation(environ, service))


def region_of(environ: Mapping[str, Any]) -> str:
    """The Region that a request is signed for; the sandbox's own for one that is not signed."""
    for text in (environ.get("HTTP_AUTHORIZATION", ""), environ.get("QUERY_STRING", "")):
        if found := _REGION.search(text):
            return found[1]
    return REGION


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
