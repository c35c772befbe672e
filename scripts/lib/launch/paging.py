"""Pages of those operations for which boto3 has no paginator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def pages(operation: Callable[..., Any], **arguments: Any) -> Iterator[Any]:
    """Yield every page of a Service Catalog operation that takes a ``PageToken``."""
    while True:
        page = operation(**arguments)
        yield page
        token = page.get("NextPageToken")
        if not token:
            return
        arguments["PageToken"] = token
