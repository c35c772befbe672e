from __future__ import annotations

import pytest

from scripts.lib.plan_review.shown_values import (
    UNKNOWN_NAME,
    is_marked,
    name_of,
    text_at,
    values_at,
)
from tests.unit.scripts.lib.plan_review.rules.subjects import change


@pytest.mark.parametrize(
    "marks", [True, {"a": True}, {"a": {"b": True}}, {"a": [{}, {"b": True}]}, [{"a": True}]]
)
def test_marked_itself_or_around_it(marks: object) -> None:
    assert is_marked(marks, "a", "b")


@pytest.mark.parametrize(
    "marks", [False, None, {}, {"a": False}, {"a": {"c": True}}, {"b": True}, "true", 1, [[]]]
)
def test_not_marked(marks: object) -> None:
    assert not is_marked(marks, "a", "b")


def test_marked_in_a_part_of_it() -> None:
    assert is_marked({"a": {"b": [{"c": True}]}}, "a")
    assert not is_marked({"a": {"b": [{"c": False}]}}, "a")
    assert is_marked({"a": [True]})


def test_values_through_blocks() -> None:
    tree = {"a": [{"b": 1}, {"b": [2, 3]}, {"c": 4}, None, "b"]}
    assert list(values_at(tree, "a", "b")) == [1, 2, 3, None]
    assert list(values_at(None, "a")) == []


def test_a_name_is_of_what_comes_before_what_was() -> None:
    assert name_of(change("x", {"name": "old"}, {"name": "new"}), "name") == "new"
    assert name_of(change("x", {"name": "old"}), "id", "name") == "old"


@pytest.mark.parametrize("name", [None, "", 7, ["a"]])
def test_without_a_name_it_is_the_address(name: object) -> None:
    assert name_of(change("x", None, {"name": name}), "name") == "x.it"


def test_a_name_that_is_secret_or_hostile() -> None:
    marked = change("x", {"name": "s3cr3t"}, {"name": "b"}, before_sensitive={"name": True})
    assert name_of(marked, "name") == "x.it"
    odd = name_of(change("x", None, {"name": "a\n\u202eb" + "c" * 9_000}), "name")
    assert odd.isprintable()
    assert len(odd) < 300


def test_text() -> None:
    assert text_at({"a": "b"}, {}, "a") == "b"
    assert text_at({"a": "b"}, {"a": True}, "a") == UNKNOWN_NAME
    assert text_at({"a": 7}, {}, "a") == text_at(None, {}, "a") == ""
