"""Writes what a function said to its log group, over HTTP and with its role's rights."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

EVENT_LIMIT = 262_144 - 26
"""Bytes of one event that CloudWatch Logs takes."""
BATCH_BYTES, BATCH_EVENTS, OVERHEAD = 1_048_576, 10_000, 26
"""Of one PutLogEvents: bytes, each event counted with its overhead, and events."""

log = logging.getLogger("scripts.sandbox")


def write(client: Any, group: str, stream: str, lines: Sequence[str], *, at: int) -> None:
    """Put lines as events, and make the stream, and the group, if they are missing.

    As in AWS, a role without the right to write its log has none, and the function runs all the
    same; the sandbox's own log tells.

    Args:
        client: boto3's for logs, with the function's credentials.
        group: name of the log group.
        stream: name of the stream.
        lines: one event each, cut at EVENT_LIMIT.
        at: milliseconds since the epoch.
    """
    try:
        _make_stream(client, group, stream)
        for batch in batches([_cut(line) for line in lines]):
            events = [{"timestamp": at, "message": line} for line in batch]
            client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
    except ClientError as error:
        log.warning("nothing was logged to %s: %s", group, error)


def batches(lines: Sequence[str]) -> Iterator[list[str]]:
    """Split lines so that each part is what one call takes."""
    batch: list[str] = []
    size = 0
    for line in lines:
        weight = len(line.encode()) + OVERHEAD
        if batch and (size + weight > BATCH_BYTES or len(batch) == BATCH_EVENTS):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += weight
    if batch:
        yield batch


def _cut(line: str) -> str:
    return line.encode()[:EVENT_LIMIT].decode(errors="ignore")


def _make_stream(client: Any, group: str, stream: str) -> None:
    try:
        client.create_log_stream(logGroupName=group, logStreamName=stream)
    except client.exceptions.ResourceNotFoundException:
        client.create_log_group(logGroupName=group)
        client.create_log_stream(logGroupName=group, logStreamName=stream)
