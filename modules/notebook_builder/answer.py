"""The one answer to CloudFormation, put to the presigned URL of the request.

The URL is a credential: it appears in no log line and in no error.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any, Literal

REASON_LIMIT = 1500
"""Bytes as JSON. CloudFormation takes an answer of 4,096 bytes; names and ids need the rest."""
ATTEMPTS = 3
TIMEOUT_SECONDS = 5.0
PAUSE_SECONDS = 1.0
WORST_CASE_SECONDS = ATTEMPTS * TIMEOUT_SECONDS + (ATTEMPTS - 1) * PAUSE_SECONDS

NO_NOTEBOOK = "no_notebook"
"""The physical id of a resource that has none: the underscore makes it nobody's name."""


class NotDeliveredError(Exception):
    """CloudFormation could not be answered; Lambda's own retry of the event may still."""


def body(
    event: Mapping[str, Any],
    status: Literal["SUCCESS", "FAILED"],
    *,
    physical_id: str,
    reason: str,
    data: Mapping[str, str],
) -> bytes:
    """Return the answer's JSON, as CloudFormation's reference for custom resources has it."""
    answer = {
        "Status": status,
        "Reason": _shortened(reason),
        "PhysicalResourceId": physical_id,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "Data": dict(data),
    }
    return json.dumps(answer).encode()


def _shortened(reason: str) -> str:
    while len(json.dumps(reason)) > REASON_LIMIT:
        reason = reason[: len(reason) * 9 // 10]
    return reason


def put(url: str, content: bytes, *, sleep: Callable[[float], None] = time.sleep) -> None:
    """Put ``content`` to ``url``, at most ATTEMPTS times and within WORST_CASE_SECONDS.

    Raises NotDeliveredError when the URL refuses it (4xx, not tried again) or never answers.
    """
    if not url.startswith(("https://", "http://")):
        raise NotDeliveredError("the response URL is not an http(s) URL")
    # The URL is signed for an empty content type.
    request = urllib.request.Request(  # noqa: S310 - scheme checked above
        url, data=content, method="PUT", headers={"Content-Type": ""}
    )
    failure = "no attempt"
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(PAUSE_SECONDS)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 - as above
                return
        except urllib.error.HTTPError as error:
            failure = f"HTTP {error.code}"
            error.close()
            if error.code < 500:  # noqa: PLR2004 - HTTP's own number
                break
        except OSError as error:
            failure = type(error).__name__
    raise NotDeliveredError(f"CloudFormation could not be answered: {failure}")
