from __future__ import annotations

import pytest

from scripts.lib.plan_review.policy_places import PLACES, guessed_places


def test_places_of_a_type_are_of_different_attributes() -> None:
    for kind, places in PLACES.items():
        assert len({place.attribute for place in places}) == len(places), kind


def test_an_owner_is_named_only_by_what_is_a_policy_of_its_own() -> None:
    for kind, places in PLACES.items():
        for place in places:
            assert place.is_own or not place.of, kind
            assert not (place.is_computed and place.has_default), kind


@pytest.mark.parametrize(
    ("kind", "owner", "is_own"),
    [
        ("aws_new_thing", "new thing", False),
        ("aws_new_thing_policy", "new thing", True),
        ("", "", False),
    ],
)
def test_guesses(kind: str, owner: str, is_own: bool) -> None:
    places = guessed_places(kind)
    assert places
    assert {(place.owner, place.is_own) for place in places} == {(owner, is_own)}
