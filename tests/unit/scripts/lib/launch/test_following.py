from collections.abc import Iterator
from typing import Any
from unittest.mock import create_autospec

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from scripts.lib.clients import Clients
from scripts.lib.launch import following
from scripts.lib.launch.following import follow, is_passing
from scripts.lib.launch.model import Record
from tests.unit.scripts.lib.launch.samples import record

CREATED, BUSY, DONE = record("CREATED"), record("IN_PROGRESS"), record("SUCCEEDED")
NOBODY = create_autospec(Clients, instance=True)


def refusal(code: str, status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "DescribeRecord",
    )


class World:
    """Time that only sleeping moves, and the answers to come; the last one over and over."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: Record | Exception) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.seen: list[str] = []
        self._answers: Iterator[Record | Exception] = iter(answers)
        self._last: Record | Exception = DONE
        monkeypatch.setattr(following, "read_record", self._answer)

    def _answer(self, *_: object) -> Record:
        self._last = next(self._answers, self._last)
        if isinstance(self._last, Exception):
            raise self._last
        return self._last

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def follow(self, first: Record, wait: float = 100) -> Record:
        return follow(
            NOBODY,
            first,
            wait_seconds=wait,
            watch=lambda each: self.seen.append(each.status),
            clock=lambda: self.now,
            sleep=self._sleep,
        )


def test_record_is_looked_at_until_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, CREATED, BUSY, BUSY, BUSY, BUSY, DONE)

    assert world.follow(CREATED) == DONE
    assert world.slept == [0.5, 1, 2, 5, 5, 5]
    assert world.seen == ["CREATED"] * 2 + ["IN_PROGRESS"] * 4 + ["SUCCEEDED"]


def test_record_that_has_ended_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, BUSY)

    assert world.follow(DONE) == DONE
    assert world.slept == []


@pytest.mark.parametrize("wait", [0, 0.1, 1, 7.5, 60])
def test_limit_is_kept_and_the_last_look_is_at_its_end(
    monkeypatch: pytest.MonkeyPatch, wait: float
) -> None:
    world = World(monkeypatch, BUSY)

    assert not world.follow(CREATED, wait).finished
    assert world.now == pytest.approx(wait)
    assert world.seen[-1] == ("IN_PROGRESS" if wait else "CREATED")


def test_look_that_does_not_get_through_is_taken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    away = EndpointConnectionError(endpoint_url="http://x")
    world = World(monkeypatch, refusal("ThrottlingException"), away, refusal("X", 503), DONE)

    assert world.follow(BUSY) == DONE
    assert world.seen == ["IN_PROGRESS"] * 4 + ["SUCCEEDED"]


def test_limit_holds_while_nothing_gets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, refusal("Throttling"))

    assert world.follow(BUSY, 30) == BUSY
    assert world.now == pytest.approx(30)


@pytest.mark.parametrize(
    "exc",
    [refusal("AccessDeniedException"), refusal("ExpiredTokenException", 403), NoCredentialsError()],
)
def test_refusal_that_stays_is_raised(monkeypatch: pytest.MonkeyPatch, exc: Exception) -> None:
    world = World(monkeypatch, BUSY, exc)

    with pytest.raises(type(exc)):
        world.follow(BUSY)


@pytest.mark.parametrize(
    ("exc", "expected"),
    [
        (refusal("ThrottlingException"), True),
        (refusal("RequestLimitExceeded"), True),
        (refusal("Anything", 500), True),
        (refusal("ResourceNotFoundException"), False),
        (refusal("ValidationException", 499), False),
        (EndpointConnectionError(endpoint_url="http://x"), True),
        (NoCredentialsError(), False),
    ],
)
def test_what_may_pass_is_told_from_what_stays(exc: Any, expected: bool) -> None:
    assert is_passing(exc) == expected
