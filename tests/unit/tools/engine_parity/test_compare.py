"""Comparing two outputs: every difference is found, told where it is, and none is made up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.engine_parity.compare import (
    ABSENT,
    SHOWN,
    Difference,
    Expected,
    compare,
    differences,
    dotted,
)

STACK = "stacks/one/cdk.tf.json"


def written(value: Any, name: str = STACK) -> dict[str, bytes]:
    return {name: json.dumps(value).encode()}


def found(pinned: Any, other: Any) -> list[str]:
    return [
        f"{dotted(each.path)}: {each.pinned} -> {each.other}"
        for each in differences(written(pinned), written(other))
    ]


@pytest.mark.parametrize(
    ("pinned", "other", "said"),
    [
        ({"a": 1}, {"a": 2}, ["a: 1 -> 2"]),
        ({"a": {"b": "x", "c": 1}}, {"a": {"b": "y", "c": 2}}, ["a.b: x -> y", "a.c: 1 -> 2"]),
        ({"a": 1}, {}, ["a: 1 -> Missing.ABSENT"]),
        ({}, {"a": None}, ["a: Missing.ABSENT -> None"]),
        ({"a": {}}, {}, ["a: {} -> Missing.ABSENT"]),
        ({"a": {}}, {"a": {"b": 1}}, ["a.b: Missing.ABSENT -> 1"]),
        ({"a": [1, 2, 3]}, {"a": [1, 5]}, ["a[1]: 2 -> 5", "a[2]: 3 -> Missing.ABSENT"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ["a[0].b: 1 -> 2"]),
        ({"a": {}}, {"a": []}, ["a: {} -> []"]),
        ({"a": [1]}, {"a": 1}, ["a: [1] -> 1"]),
        ({"a": 1}, {"a": True}, ["a: 1 -> True"]),
        ({"a": 0}, {"a": False}, ["a: 0 -> False"]),
        ({"a": 1}, {"a": 1.0}, ["a: 1 -> 1.0"]),
        ({"a": 1}, {"a": "1"}, ["a: 1 -> 1"]),
        ({"a": None}, {"a": ""}, ["a: None -> "]),
        ({"a": "true"}, {"a": True}, ["a: true -> True"]),
        ([1], [2], ["[0]: 1 -> 2"]),
    ],
)
def test_finds_what_differs(pinned: Any, other: Any, said: list[str]) -> None:
    assert found(pinned, other) == said


def test_order_of_items_counts_and_order_of_keys_does_not() -> None:
    assert found({"a": 1, "b": [1, 2]}, {"b": [1, 2], "a": 1}) == []
    assert len(found({"b": [1, 2]}, {"b": [2, 1]})) == 2


def test_layout_of_json_does_not_count() -> None:
    pinned = {STACK: b'{\n  "tags": {\n  },\n  "a": [\n  ]\n}\n'}

    assert list(differences(pinned, {STACK: b'{"tags": {}, "a": []}'})) == []


def test_layout_of_json_in_a_string_counts() -> None:
    """It is what AWS is sent."""
    assert len(found({"policy": '{"a":1}'}, {"policy": '{"a": 1}'})) == 1


def test_finds_a_file_that_one_side_does_not_have() -> None:
    both = written({"a": 1})

    lines = [str(each) for each in differences({**both, "x.zip": b"1"}, {**both, "y.json": b"1"})]

    digest = "6b86b273ff34"
    assert lines == [
        f"x.zip: (1 bytes, SHA-256 {digest}) -> (absent)",
        f"y.json: (absent) -> (1 bytes, SHA-256 {digest})",
    ]


def test_files_that_are_not_json_are_compared_byte_by_byte() -> None:
    [difference] = differences({"a.zip": b"{} "}, {"a.zip": b"{}"})

    assert (difference.file, difference.path) == ("a.zip", ())
    assert str(difference).startswith("a.zip: (3 bytes, SHA-256 ")
    assert " -> (2 bytes, SHA-256 " in str(difference)


def test_json_that_one_side_cut_off_is_a_difference() -> None:
    [difference] = differences({STACK: b'{"a": 1}'}, {STACK: b'{"a": 1'})

    assert difference.path == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("a", "b", 0, "c-d"), "a.b[0].c-d"),
        (("//", "metadata"), '"//".metadata'),
        (("a", "b.c", 'd"e'), r'a."b.c"."d\"e"'),
        (("", "é"), '""."\\u00e9"'),
    ],
)
def test_places_are_written_so_that_none_is_taken_for_another(
    path: tuple[str | int, ...], text: str
) -> None:
    assert dotted(path) == text


def test_a_line_says_file_place_and_both_values() -> None:
    line = str(Difference(STACK, ("a", 0), "x", {"b": None}))

    assert line == f'{STACK}: a[0]: "x" -> {{"b": null}}'


def test_long_values_are_cut_down_to_where_they_differ() -> None:
    same = "s" * 1000

    line = str(Difference(STACK, ("policy",), f"{same}pinned{same}", f"{same}other{same}"))

    assert "pinned" in line
    assert "other" in line
    assert len(line) < 3 * SHOWN


def test_of_long_values_that_one_goes_on_the_rest_is_shown() -> None:
    line = str(Difference(STACK, ("policy",), "s" * 1000, "s" * 1000 + "rest"))

    assert "srest" in line


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(values, values)
def test_no_difference_is_found_just_where_the_json_is_the_same(one: Any, two: Any) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(two, sort_keys=True)

    assert (not found(one, two)) == same


@given(values)
def test_values_are_counted_however_deep_they_are(value: Any) -> None:
    count = compare(written({"a": value}), written({"a": value})).values

    assert compare(written({"a": [value, {"b": value}]}), {}).values == 2 * count


VERSION = Expected("stacks/*/cdk.tf.json", ("//", "version"), "1", "2", "engines say theirs")


def versions(version: object, **more: object) -> dict[str, bytes]:
    return written({"//": {"version": version, **more}})


def test_an_expected_difference_is_told_with_its_reason() -> None:
    comparison = compare(versions("1"), versions("2"), [VERSION])

    assert comparison.is_equal
    [(difference, known)] = comparison.expected
    assert difference.where == f'{STACK}: "//".version'
    assert known is VERSION


@pytest.mark.parametrize(
    ("pinned", "other"),
    [
        (versions("1"), versions("3")),
        (versions("0"), versions("2")),
        (versions("2"), versions("1")),
        (versions("1"), versions(2)),
        (versions("1"), written({"//": {}})),
        (versions("1"), {}),
        (written({"version": "1"}), written({"version": "2"})),
        (written({"//": {"version": {"//": "1"}}}), written({"//": {"version": {"//": "2"}}})),
        (written({"//": {"version": "1"}}, "a.json"), written({"//": {"version": "2"}}, "a.json")),
    ],
    ids=[
        "another version of the other engine",
        "another version of the pinned engine",
        "the versions the other way round",
        "another type",
        "no value",
        "no file",
        "another place",
        "a place below",
        "another file",
    ],
)
def test_a_difference_that_is_not_just_the_expected_one_is_unexpected(
    pinned: dict[str, bytes], other: dict[str, bytes]
) -> None:
    comparison = compare(pinned, other, [VERSION])

    assert not comparison.is_equal
    assert comparison.expected == ()


def test_what_is_expected_hides_nothing_beside_it() -> None:
    comparison = compare(versions("1", stackName="a"), versions("2", stackName="b"), [VERSION])

    assert [each.where for each in comparison.unexpected] == [f'{STACK}: "//".stackName']
    assert len(comparison.expected) == 1


def test_counts_the_files_of_both_sides() -> None:
    assert compare({"a": b"", "b": b""}, {"b": b"", "c": b""}).files == 3


def test_absent_is_no_value_that_json_has() -> None:
    assert ABSENT not in (None, False, 0, "", "(absent)")
