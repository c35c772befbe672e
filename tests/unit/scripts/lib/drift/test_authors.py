"""Asking CloudTrail: who, when, and how sparingly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from scripts.lib.drift.authors import PAUSE, Trail, last_writer, names_of, with_authors
from scripts.lib.drift.model import Author, Drift, Plane
from scripts.lib.plan_review.model import Risk
from tests.unit.scripts.lib.drift.seen import managed

WHEN = datetime(2026, 1, 31, 4, 5, 6, tzinfo=UTC)


def event(name: str, who: str = "sam", **more: Any) -> dict[str, Any]:
    return {"EventName": name, "Username": who, "EventTime": WHEN, **more}


class Client:
    """CloudTrail, as far as it is asked."""

    def __init__(self, events: dict[str, list[dict[str, Any]]], error: Exception | None = None):
        self.events, self.error, self.asked = events, error, list[str]()

    def lookup_events(self, LookupAttributes: Iterable[Any], MaxResults: int) -> Any:  # noqa: N803
        (attribute,) = LookupAttributes
        assert (attribute["AttributeKey"], MaxResults) == ("ResourceName", 50)
        self.asked.append(attribute["AttributeValue"])
        if self.error:
            raise self.error
        return {"Events": self.events.get(attribute["AttributeValue"], [])}


def trail(client: Client, **more: Any) -> tuple[Trail, list[float]]:
    pauses: list[float] = []
    return Trail(client, pause=pauses.append, **more), pauses


def drift(subject: str, risk: Risk = Risk.LOW) -> Drift:
    return Drift(Plane.TERRAFORM, "web", subject, "It was changed.", "a", "b", risk)


def test_the_latest_that_wrote_is_told() -> None:
    events = [event("GetRole", "reader"), event("PutRolePolicy"), event("CreateRole", "first")]
    assert last_writer(events) == Author("sam", "2026-01-31T04:05:06Z", "PutRolePolicy")


@pytest.mark.parametrize(
    "events",
    [[], [event("DescribeKey")], [event("Decrypt", ReadOnly="true")], [{}], [{"EventName": ""}]],
)
def test_who_only_read_is_no_author(events: list[dict[str, Any]]) -> None:
    assert last_writer(events) is None


def test_names_are_made_safe() -> None:
    found = last_writer([event("Put\x1b[0m", "a\nb" + "c" * 500, EventTime="odd")])
    assert found is not None
    assert found.who.isprintable()
    assert len(found.who) <= 200
    assert found.event.isprintable()
    assert found.when == ""


def test_drifts_get_their_authors_and_the_worst_is_asked_for_first() -> None:
    client = Client({"b": [event("PutBucketPolicy")]})
    asked, _ = trail(client)
    resources = [managed("aws_x", {"name": "a"}, "a"), managed("aws_x", {"name": "b"}, "b")]
    given = [drift("aws_x.a"), drift("aws_x.b", Risk.HIGH), drift("aws_x.unknown")]
    first, second, third = with_authors(given, resources, asked)
    assert client.asked == ["b", "a"]
    assert second.author == Author("sam", "2026-01-31T04:05:06Z", "PutBucketPolicy")
    assert first.author is third.author is None


def test_the_same_is_asked_once_and_a_second_name_only_if_the_first_is_not_known() -> None:
    client = Client({"arn:x": [event("UpdateKey")]})
    asked, pauses = trail(client)
    assert asked.author(["key", "arn:x"]) == asked.author(["key", "arn:x"]) is not None
    assert client.asked == ["key", "arn:x"]
    assert pauses == [PAUSE]


def test_no_more_than_two_calls_a_second() -> None:
    asked, pauses = trail(Client({}))
    for name in "abcd":
        asked.author([name])
    assert pauses == [0.5, 0.5, 0.5]


def test_the_calls_are_limited() -> None:
    client = Client({"c": [event("Put")]})
    asked, _ = trail(client, calls=2)
    assert [asked.author([name]) for name in "abc"] == [None, None, None]
    assert client.asked == ["a", "b"]


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDeniedException"}}, "LookupEvents"),
        ClientError({"Error": {"Code": "ThrottlingException"}}, "LookupEvents"),
        EndpointConnectionError(endpoint_url="https://cloudtrail"),
    ],
)
def test_a_refusal_is_no_failure_and_ends_the_asking(error: Exception) -> None:
    client = Client({}, error)
    asked, _ = trail(client)
    resources = [managed("aws_x", {"name": name}, name) for name in "ab"]
    given = (drift("aws_x.a"), drift("aws_x.b"))
    assert with_authors(given, resources, asked) == given
    assert len(client.asked) == 1
    assert asked.refused


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"name": "app", "id": "app", "arn": "arn:app"}, ("app", "arn:app")),
        ({"bucket": "data", "id": "data"}, ("data",)),
        ({"role": "app", "name": "jobs", "id": "app:jobs"}, ("jobs", "app")),
        ({}, ()),
        ({"name": None, "id": 7, "arn": ""}, ()),
    ],
)
def test_a_resource_is_asked_for_by_two_names_at_most(
    values: dict[str, Any], names: tuple[str, ...]
) -> None:
    assert names_of(managed("aws_x", values)) == names
