"""Lists in pages."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError

DEFAULT_PAGE_SIZE = 20


def page(
    request: Request, member: str, items: Sequence[Any], next_member: str = "NextPageToken"
) -> Answer:
    """The page that the request asks for, under `member`, and the next one's token if any.

    Raises:
        InvalidParametersError: the page token is not one that such a list has given.
    """
    start = _position(request.get("PageToken"), member)
    end = start + (request.get("PageSize") or DEFAULT_PAGE_SIZE)
    more = end < len(items)
    return {member: list(items[start:end]), next_member: _token(end, member) if more else None}


def _token(position: int, member: str) -> str:
    return base64.urlsafe_b64encode(f"{member}/{position}".encode()).decode()


def _position(token: str | None, member: str) -> int:
    if not token:
        return 0
    try:
        kind, _, position = base64.urlsafe_b64decode(token).decode("ascii").partition("/")
    except (binascii.Error, ValueError):
        kind, position = "", ""
    if kind != member or not position.isdigit():
        raise InvalidParametersError("Invalid page token")
    return int(position)
