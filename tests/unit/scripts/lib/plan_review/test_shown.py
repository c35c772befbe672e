import pytest
from hypothesis import given, settings

from scripts.lib.plan_review.shown import clipped, shown
from tests.unit.scripts.lib.plan_review.markdown.hostile import STRINGS


def test_clipped_keeps_both_ends() -> None:
    assert clipped("abcdefghij", 7) == "abcd…ij"
    assert clipped("abc", 3) == "abc"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("é ok", "é ok"), ("a\tb", "a\\tb"), ("\x1b", "\\x1b"), ("\u202e", "\\u202e")],
)
def test_shown_names_what_cannot_be_seen(text: str, expected: str) -> None:
    assert shown(text, 50) == expected


@given(STRINGS)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_shown_is_printable_and_not_too_long(text: str) -> None:
    assert shown(text, 12).isprintable()
    assert len(shown(text, 12)) <= 12
