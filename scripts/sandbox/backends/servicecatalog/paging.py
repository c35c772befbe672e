"""Lists in pages, as requests ask for them."""

from collections.abc import Sequence
from typing import Any

from scripts.sandbox.backends import paging
from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError

DEFAULT_PAGE_SIZE = 20


def page(
    request: Request, member: str, items: Sequence[Any], next_member: str = "NextPageToken"
) -> Answer:
    """The page that the request asks for, under `member`, and the next one's token if any.

    Raises:
        InvalidParametersError: the page token is not one that a list has given.
    """
    found, following = paging.page(
        items,
        size=request.get("PageSize") or DEFAULT_PAGE_SIZE,
        token=request.get("PageToken"),
        invalid=InvalidParametersError,
    )
    return {member: found, next_member: following}
