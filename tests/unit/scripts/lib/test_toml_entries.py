"""Entries of TOML: what is no entry is refused in one line that says where."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.errors import InputError
from scripts.lib.toml_entries import Form, matches, read_entries, require_one_of

FORM = Form("allow", texts=("what", "why"), needed=("what", "expires"))


def read(folder: Path, text: str) -> tuple[tuple[str, dict[str, object]], ...]:
    (folder / "file.toml").write_text(text, encoding="utf-8")
    return read_entries(folder / "file.toml", FORM)


def test_entries_come_in_order_with_where_they_are(tmp_path: Path) -> None:
    text = (
        '[[allow]]\nwhat = "a"\nexpires = 2027-01-31\n[[allow]]\nwhat = "b"\nexpires = 2027-02-01'
    )
    (first, one), (second, two) = read(tmp_path, text)
    assert first.endswith("file.toml: allow 1")
    assert second.endswith("file.toml: allow 2")
    assert (one, two) == (
        {"what": "a", "expires": date(2027, 1, 31)},
        {"what": "b", "expires": date(2027, 2, 1)},
    )


def test_a_file_without_entries_has_none(tmp_path: Path) -> None:
    assert read(tmp_path, "# nothing yet\n") == ()


GOOD = 'what = "a"\nexpires = 2027-01-31\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[allow]", "is not TOML"),
        ("[[alow]]", "alow: not known; allowed is [[allow]] alone"),
        ("allow = 3", "allow: must be a list, as [[allow]]"),
        ("allow = [3]", "allow: must be a list, as [[allow]]"),
        (f"[allow]\n{GOOD}", "allow: must be a list, as [[allow]]"),
        ("[[allow]]\nexpires = 2027-01-31", "what: is missing; needed are what, expires"),
        ('[[allow]]\nwhat = "a"', "expires: is missing"),
        (f"[[allow]]\n{GOOD}when = 1", "when: not known; allowed are what, why, expires"),
        (f"[[allow]]\n{GOOD}why = 7", "why: is 7; must be a text"),
        (f'[[allow]]\n{GOOD}why = "\\n"', "why: is '\\n'; must be a text"),
        ('[[allow]]\nwhat = "a"\nexpires = "2027-01-31"', "must be a date without quotes"),
        ('[[allow]]\nwhat = "a"\nexpires = 2027-01-31T00:00:00Z', "must be a date without quotes"),
        (f"[[allow]]\n{GOOD}[[allow]]\nwhat = 1", "allow 2: what: is 1"),
    ],
)
def test_fails_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert message in str(caught.value)
    assert str(caught.value).isprintable()


def test_fails_for_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_entries(tmp_path / "none", FORM)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="is not TOML"):
        read_entries(tmp_path / "bytes", FORM)


def test_one_of_what_is_allowed() -> None:
    require_one_of({}, "here", "what", ["a"])
    require_one_of({"what": "a"}, "here", "what", ["a"])
    with pytest.raises(InputError, match="here: what: is 'c'; allowed are a, b"):
        require_one_of({"what": "c"}, "here", "what", ["b", "a"])


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("*", "a\nb", True),
        ("a?", "a", False),
        ("a?c", "abc", True),
        ("a.c", "abc", False),
        ("[a]", "a", False),
        ("[a]", "[a]", True),
        ("a*", "ba", False),
    ],
)
def test_patterns_are_those_of_a_shell_without_brackets(
    pattern: str, text: str, expected: bool
) -> None:
    assert matches(pattern, text) is expected


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.text())
def test_a_text_without_stars_is_a_pattern_of_itself(text: str) -> None:
    plain = text.replace("*", "").replace("?", "")
    assert matches(plain, plain)
    assert not matches(plain, f"{plain}x")
