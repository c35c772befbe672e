"""Calls of AWS side by side: most of a call's time goes by on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def _ignore() -> None:
    """Nobody wants to know."""


def map_concurrently(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    workers: int,
    done: Callable[[], None] = _ignore,
) -> list[Result]:
    """Return ``function`` of each item, in the items' order, with ``workers`` calls at a time.

    ``done`` is called in this thread after each of them. The first exception is raised as it
    comes, after those under way have ended; what has not begun by then never does.
    """
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(function, item) for item in items]
        try:
            for future in as_completed(futures):
                future.result()
                done()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return [future.result() for future in futures]
