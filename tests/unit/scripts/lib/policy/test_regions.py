from __future__ import annotations

from typing import Any

from scripts.lib.policy.document import ALLOW, EVERYONE
from scripts.lib.policy.patterns import EVERYTHING, pattern
from scripts.lib.policy.reading import read_policy
from scripts.lib.policy.regions import Piece, Region, region_of


def region(**elements: Any) -> Region:
    given = {"Effect": "Allow", "Action": "a:b", **elements}
    return region_of(read_policy({"Statement": given}).statements[0])


def test_what_is_not_named_is_everything() -> None:
    everything = (Piece(EVERYTHING),)
    acts = (Piece(pattern("a:b")),)
    expected = Region(ALLOW, (Piece(EVERYONE),), acts, everything, (), True, True)
    assert region() == expected


def test_a_negated_element_is_one_piece_with_exceptions() -> None:
    found = region(NotResource=["x", "y"])
    assert found.resources == (Piece(EVERYTHING, (pattern("x"), pattern("y"))),)
    assert not found.unnamed


def test_each_item_is_a_piece() -> None:
    found = region(Principal={"Service": ["a", "b"]}, Resource=["x", "y"])
    assert [piece.item.name for piece in found.who] == ["a", "b"]
    assert [piece.item.key for piece in found.resources] == ["x", "y"]
    assert not found.attached
