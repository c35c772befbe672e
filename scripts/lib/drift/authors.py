"""Who changed it, and when, as CloudTrail remembers the last 90 days.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html: one attribute a
call, the latest first, twice a second for an account and Region. Not every service names its
resources in its events, so not to find an author means nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from scripts.lib.drift.model import Author, Drift
from scripts.lib.drift.world import Managed
from scripts.lib.errors import error_code, one_line

PAUSE = 0.5
"""Seconds between two calls."""

MOST_CALLS = 60
"""A run asks half a minute at most; whom it does not get to has no author."""

_READING = ("Get", "List", "Describe", "Lookup", "Head", "Search", "Batch", "AssumeRole")
_NAMES = ("name", "bucket", "function_name", "role", "id", "key_id", "arn", "key")


@dataclass(slots=True)
class Trail:
    """CloudTrail, asked sparingly: the same resource once, and nothing more after a refusal.

    Attributes:
        client: of CloudTrail, in the Region of the resources; IAM's events are in the Region that
            the partition has for global services.
        pause: between two calls; no more than two a second are allowed.
    """

    client: Any
    calls: int = MOST_CALLS
    pause: Callable[[float], object] = time.sleep
    refused: str = ""
    _known: dict[str, Author | None] = field(default_factory=dict)

    def author(self, names: Sequence[str]) -> Author | None:
        """Return who wrote last to what is called one of ``names``."""
        for name in names:
            if name not in self._known and not self._ask(name):
                return None
            if found := self._known[name]:
                return found
        return None

    def _ask(self, name: str) -> bool:
        if self.refused or self.calls <= 0:
            return False
        if self._known:
            self.pause(PAUSE)
        self.calls -= 1
        try:
            answer = self.client.lookup_events(
                LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": name}],
                MaxResults=50,
            )
        except (ClientError, BotoCoreError) as error:
            self.refused = error_code(error) or type(error).__name__
            return False
        self._known[name] = last_writer(answer.get("Events", ()))
        return True


def last_writer(events: Iterable[Mapping[str, Any]]) -> Author | None:
    """Return who made the latest event that is no reading, of events with the latest first."""
    for event in events:
        name = str(event.get("EventName", ""))
        is_reading = event.get("ReadOnly") == "true" or name.startswith(_READING)
        if name and not is_reading:
            return Author(
                one_line(event.get("Username") or "unknown", 200),
                _moment(event.get("EventTime")),
                one_line(name, 100),
            )
    return None


def with_authors(
    drifts: Iterable[Drift], resources: Sequence[Managed], trail: Trail
) -> tuple[Drift, ...]:
    """Return drifts with their authors, the worst asked for first."""
    by_address = {each.address: each for each in resources}
    given = tuple(drifts)
    authors = {
        index: trail.author(names_of(by_address[given[index].subject]))
        for index in sorted(range(len(given)), key=lambda index: -given[index].risk)
        if given[index].subject in by_address
    }
    return tuple(
        replace(drift, author=authors.get(index)) if drift.author is None else drift
        for index, drift in enumerate(given)
    )


def names_of(resource: Managed) -> tuple[str, ...]:
    """Return what CloudTrail may call a resource, the most probable first, two at most."""
    names = (resource.text(attribute) for attribute in _NAMES)
    return tuple(dict.fromkeys(name for name in names if name))[:2]


def _moment(value: object) -> str:
    if not isinstance(value, datetime):
        return ""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
