"""Which deleted resource was a part of which other: its end is told under the other's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scripts.lib.plan_review.model import ResourceChange

_CALLED_AS_THE_WHOLE = ("aws_s3_bucket_", "aws_lambda_function_event_invoke_config")
"""Types whose id is that of what they are a part of: they are no whole themselves."""
_OWN_NAMES = ("id", "arn", "name")


def wholes(deleted: Sequence[ResourceChange]) -> dict[str, str]:
    """Return for each deleted part the address of the deleted whole: it names its id or ARN.

    Never in a circle: of each part, the last whole is one that is no part itself.
    """
    found: dict[str, str] = {}
    for change in deleted:
        whole = _whole(change, deleted)
        if whole is not None and change.address not in _above(whole.address, found):
            found[change.address] = whole.address
    return found


def _whole(change: ResourceChange, deleted: Sequence[ResourceChange]) -> ResourceChange | None:
    named = set(_texts(change, exclude=_OWN_NAMES))
    for other in deleted:
        if other is change or other.type.startswith(_CALLED_AS_THE_WHOLE):
            continue
        if named.intersection(_texts(other, only=("id", "arn"))):
            return other
    return None


def _above(address: str, found: Mapping[str, str]) -> Iterator[str]:
    yield address
    while address in found:
        address = found[address]
        yield address


def _texts(
    change: ResourceChange, *, only: tuple[str, ...] = (), exclude: tuple[str, ...] = ()
) -> Iterator[str]:
    for name, value in (change.before or {}).items():
        if name not in exclude and (not only or name in only) and isinstance(value, str) and value:
            yield value
