"""Text of strangers, made printable and short."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.plan_review.printable import common_length, excerpt, excerpts, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text, ünïcode, 漢字, 🙂", "plain text, ünïcode, 漢字, 🙂"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("user\u202egnp.exe", "user\\u202egnp.exe"),
        ("\u2066a\u2069\u200b\u200d\ufeff", "\\u2066a\\u2069\\u200b\\u200d\\ufeff"),
        ("a\u00a0b\u2028c", "a\\xa0b\\u2028c"),
        ("\u3164\u2800\u115f", "\\u3164\\u2800\\u115f"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_what_does_not_show_as_itself_is_escaped(text: str, expected: str) -> None:
    assert printable(text) == expected


@given(st.text(st.characters(codec=None)))
@settings(max_examples=100, derandomize=True, deadline=None)
def test_the_result_can_be_printed_as_one_line(text: str) -> None:
    shown = printable(text)
    assert len(shown.splitlines()) <= 1
    shown.encode()
    assert not {"\u202e", "\u200b", "\x1b"} & set(shown)


def test_a_short_text_is_shown_whole() -> None:
    assert excerpt("a" * 300) == "a" * 300


def test_a_long_text_says_how_long_it_is() -> None:
    assert excerpt("a" * 5120) == "a" * 300 + "… (5,120 characters)"
    assert excerpt("\u202e" * 300).endswith("… (300 characters)")


@given(st.text(st.characters(codec=None), max_size=900), st.integers(0, 900))
@settings(max_examples=100, derandomize=True, deadline=None)
def test_an_excerpt_is_bounded(text: str, begin: int) -> None:
    assert len(excerpt(text, begin)) <= 300 + len("…… (900 characters)")


def test_of_long_texts_the_difference_is_shown() -> None:
    before, after = excerpts("x" * 5000 + "old" + "y" * 10, "x" * 5000 + "new" + "y" * 10)
    assert "old" in before
    assert "new" in after
    assert before.startswith("…x")
    assert excerpts("a" * 400, "b" * 400)[0].startswith("aaa")


@given(st.text("ab", max_size=40), st.text("ab", max_size=40))
@settings(max_examples=100, derandomize=True, deadline=None)
def test_the_common_beginning_is_as_long_as_it_is(one: str, other: str) -> None:
    slow = 0
    while slow < min(len(one), len(other)) and one[slow] == other[slow]:
        slow += 1
    assert common_length(one, other) == slow
