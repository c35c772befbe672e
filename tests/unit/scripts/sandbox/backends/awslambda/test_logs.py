"""Events in CloudWatch Logs."""

import logging
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox
from scripts.sandbox.backends.awslambda.logs import (
    BATCH_BYTES,
    BATCH_EVENTS,
    EVENT_LIMIT,
    OVERHEAD,
    batches,
    write,
)


def events(client: Any, group: str, stream: str) -> list[dict[str, Any]]:
    found = client.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)
    return list(found["events"])


def test_lines_become_events_of_a_new_stream(account: Sandbox) -> None:
    client = account.client("logs")
    now = int(time.time() * 1000)
    write(client, "/g", "s", ["a\n", "b\n"], at=now)
    found = events(client, "/g", "s")
    assert [(event["message"], event["timestamp"]) for event in found] == [
        ("a\n", now),
        ("b\n", now),
    ]
    write(client, "/g", "t", ["c\n"], at=now)
    assert [event["message"] for event in events(client, "/g", "t")] == ["c\n"]


def test_a_line_is_cut_at_what_an_event_holds_and_between_characters(account: Sandbox) -> None:
    client = account.client("logs")
    write(client, "/g", "s", ["a" + "é" * EVENT_LIMIT], at=int(time.time() * 1000))
    [event] = events(client, "/g", "s")
    assert event["message"] == "a" + "é" * ((EVENT_LIMIT - 1) // 2)


def test_each_batch_is_what_one_call_takes() -> None:
    lines = ["é" * 100_000, "x" * 200_000] * 4
    found = list(batches(lines))
    assert [line for batch in found for line in batch] == lines
    assert len(found) == 2
    for batch in found:
        assert sum(len(line.encode()) + OVERHEAD for line in batch) <= BATCH_BYTES
    assert [len(batch) for batch in batches(["x"] * (BATCH_EVENTS + 1))] == [BATCH_EVENTS, 1]
    assert list(batches([])) == []


class Denying:
    """A client whose every call is denied."""

    class exceptions:  # noqa: N801  as botocore has it
        class ResourceNotFoundException(Exception):  # noqa: N818  as botocore has it
            pass

    def __init__(self) -> None:
        self.called: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def call(**_: Any) -> None:
            self.called.append(name)
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, name)

        return call


def test_without_the_right_nothing_is_logged_and_nothing_fails(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = Denying()
    with caplog.at_level(logging.WARNING):
        write(client, "/g", "s", ["secret"], at=0)
    assert client.called == ["create_log_stream"]
    assert "nothing was logged to /g: " in caplog.text
    assert "secret" not in caplog.text
