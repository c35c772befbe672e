"""Pages of a list, as AWS's JSON services give them."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def page(
    items: Sequence[Item],
    *,
    size: int,
    token: str | None,
    invalid: Callable[[str], Exception],
) -> tuple[list[Item], str | None]:
    """The page that `token` leads to, or the first, and the next page's token if there is one.

    Raises:
        Exception: what `invalid` makes of its message, if no answer ever held this token.
    """
    start = 0
    if token is not None:
        start = _position(token)
        if not 0 < start < len(items) + 1:
            raise invalid("Invalid pagination token.")
    end = start + size
    following = _token(end) if end < len(items) else None
    return list(items[start:end]), following


def _token(position: int) -> str:
    return base64.b64encode(f"page:{position}".encode()).decode()


def _position(token: str) -> int:
    """The position in a token; -1 if it is none of ours."""
    try:
        kind, _, position = base64.b64decode(token, validate=True).decode().partition(":")
        return int(position) if kind == "page" else -1
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return -1
