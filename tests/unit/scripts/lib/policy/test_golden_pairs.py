"""Pairs of policies as people write them, and what a review says of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.lib.policy import (
    Comparison,
    PolicyKind,
    compare,
    concerns,
    read_policy,
    sentences,
)

PAIRS = Path(__file__).parents[4] / "golden" / "policy_pairs"
OWN_ACCOUNTS = frozenset({"111111111111"})

Pair = dict[str, Any]


def read_pairs() -> list[Pair]:
    return [
        {**pair, "file": path.stem}
        for path in sorted(PAIRS.glob("*.json"))
        for pair in json.loads(path.read_text(encoding="utf-8"))
    ]


ALL = read_pairs()
each_pair = pytest.mark.parametrize("pair", ALL, ids=[f"{p['file']}: {p['title']}" for p in ALL])


def compared(pair: Pair, first: str = "before", second: str = "after") -> Comparison:
    before, after = (read_policy(pair[at]) if pair[at] else None for at in (first, second))
    return compare(before, after)


def test_there_are_enough() -> None:
    assert len(ALL) > 50


@each_pair
def test_sentences(pair: Pair) -> None:
    told = sentences(compared(pair), pair["subject"], PolicyKind(pair["kind"]))
    assert list(told.gained) == pair["gained"]
    assert list(told.lost) == pair["lost"]


@each_pair
def test_concerns(pair: Pair) -> None:
    found = concerns(compared(pair), pair["subject"], PolicyKind(pair["kind"]), OWN_ACCOUNTS)
    assert [f"{each.severity.name.lower()}: {each.kind}" for each in found] == pair["concerns"]


@each_pair
def test_what_is_gained_one_way_is_lost_the_other(pair: Pair) -> None:
    there, back = compared(pair), compared(pair, "after", "before")
    assert there.gained == back.lost
    assert there.lost == back.gained
    assert there.is_exact


@each_pair
def test_formatting_is_no_change(pair: Pair) -> None:
    for document in filter(None, (pair["before"], pair["after"])):
        text = json.dumps(document, indent=7, sort_keys=True)
        assert compare(read_policy(document), read_policy(text)).is_same_meaning
