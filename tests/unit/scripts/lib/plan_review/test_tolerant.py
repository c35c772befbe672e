"""Reading JSON that should have a certain form."""

import pytest

from scripts.lib.plan_review.tolerant import (
    MOST_NOTES,
    Notes,
    flag,
    kind_of,
    mapping,
    sequence,
    text,
    whole,
)


def test_what_has_the_form_is_returned_without_a_note() -> None:
    notes = Notes()
    assert mapping({"a": 1}, "x", notes) == {"a": 1}
    assert sequence([1], "x", notes) == [1]
    assert text("a", "x", notes) == "a"
    assert flag(False, "x", notes, default=True) is False
    assert notes.warnings() == ()


def test_null_is_as_good_as_missing() -> None:
    notes = Notes()
    assert (mapping(None, "x", notes), sequence(None, "x", notes)) == ({}, ())
    assert text(None, "x", notes, "default") == "default"
    assert flag(None, "x", notes, default=True) is True
    assert notes.warnings() == ()


def test_another_type_is_said_without_its_value() -> None:
    notes = Notes()
    assert mapping("hunter2", "one", notes) == {}
    assert sequence({"hunter2": 1}, "two", notes) == ()
    assert text(["hunter2"], "three", notes) == ""
    assert flag("hunter2", "four", notes, default=False) is False
    assert notes.warnings() == (
        "one is a string, expected: an object",
        "two is an object, expected: a list",
        "three is a list, expected: a string",
        "four is a string, expected: true or false",
    )


def test_many_notes_are_counted() -> None:
    notes = Notes()
    for index in range(MOST_NOTES + 1234):
        notes.add(str(index))
    assert len(notes.warnings()) == MOST_NOTES + 1
    assert notes.warnings()[-1] == "1,234 more of this kind"


def test_a_hostile_place_is_made_printable() -> None:
    notes = Notes()
    notes.wrong("a\n\u202e" * 500, 1, "a string")
    (line,) = notes.warnings()
    assert "\n" not in line
    assert len(line) < 400


@pytest.mark.parametrize(
    ("value", "kind"),
    [(True, "true or false"), (1, "a number"), (1.5, "a number"), (float("inf"), "no number")],
)
def test_kinds_are_told_apart(value: object, kind: str) -> None:
    assert kind_of(value) == kind


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert whole("a\ud800b") == "a?b"
    assert whole("ü🙂") == "ü🙂"
