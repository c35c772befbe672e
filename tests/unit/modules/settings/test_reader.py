"""Reading a ``.tfvars`` file: what it may hold, and every fault with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.settings.problems import SettingsError
from modules.settings.reader import SIZE_LIMIT, Source, read


def reading(tmp_path: Path, content: str | bytes) -> Source:
    path = tmp_path / "my.tfvars"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path)


def refusal(tmp_path: Path, content: str | bytes) -> str:
    with pytest.raises(SettingsError) as caught:
        reading(tmp_path, content)
    (problem,) = caught.value.problems
    return problem.replace(str(tmp_path / "my.tfvars"), "FILE")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"plain"', "plain"),
        ('""', ""),
        (r'"a\nb\r\t\"\\"', 'a\nb\r\t"\\'),
        (r'"\u00e9\U0001F600"', "é😀"),
        ('"Größe 😀"', "Größe 😀"),
        ('"$${a} %%{b} $ % $$ {c}"', "${a} %{b} $ % $$ {c}"),
        (r'"$${\"a\"}"', MISSING := ...),
        ('"# no // comment /* here"', "# no // comment /* here"),
        ("20", 20),
        ("-5", -5),
        ("20.0", 20),
        ("2e1", 20),
        ("20.5", 20.5),
        ("(20)", MISSING),
        ("true", True),
        ("false", False),
        ("[]", ()),
        ('["a", [1, 2,],]', ("a", (1, 2))),
        ("[\n1,\n# two\n2\n]", (1, 2)),
        ("{}", {}),
        ('{ a = 1, "b c" = 2, d : 3 }', {"a": 1, "b c": 2, "d": 3}),
        ("{\n a = 1\n b = null // none\n}", {"a": 1}),
        ('{ for = 1, true = 2, 3 = 4, "s3" = 5 }', {"for": 1, "true": 2, "3": 4, "s3": 5}),
        ("[null]", (None,)),
    ],
    ids=repr,
)
def test_a_literal_is_read_as_its_value(tmp_path: Path, written: str, value: Any) -> None:
    source = reading(tmp_path, f"x = {written}\n")
    if value is MISSING:
        assert [problem.loc for problem in source.problems] == [("x",)]
        return
    assert source.problems == []
    assert source.values == {"x": value}
    assert type(source.values["x"]) is type(value)


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    source = reading(tmp_path, b'\xef\xbb\xbfa = "x"\r\nb = 2\r\n')
    assert source.values == {"a": "x", "b": 2}


def test_a_null_is_a_setting_left_out(tmp_path: Path) -> None:
    source = reading(tmp_path, "a = null\nb = 1\n")
    assert source.values == {"b": 1}
    assert source.problems == []


def test_every_setting_has_its_line(tmp_path: Path) -> None:
    source = reading(tmp_path, 'a = [\n  {\n    b = "x"\n  },\n]\nc = null\n')
    assert source.lines == {("a",): 1, ("a", 0): 2, ("a", 0, "b"): 3, ("c",): 6}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('"a-${var.x}"', "an interpolation (${...})"),
        ('"${"a"}"', "an interpolation (${...})"),
        ('"%{ if true }a%{ endif }"', "a template (%{...})"),
        ("<<EOF\nhello\nEOF", "a text block (<<)"),
        ("<<-EOF\n  hello\n  EOF", "a text block (<<)"),
        ('upper("x")', "a function call"),
        ("lambda", "a reference, or a string without quotes"),
        ("var.x", "an expression"),
        ("1 + 2", "an expression"),
        ("-(1)", "an expression"),
        ("!true", "an expression"),
        ("true ? 1 : 2", "an expression"),
        ("[for x in [1] : x]", "an expression"),
        ("{for k, v in {} : k => v}", "an expression"),
        ("a[0]", "an expression"),
        (r'"\q"', r'a string with an unknown escape, "\\q"'),
        (r'"\ud800"', r"a string with \ud800, which is no character"),
        (r'"\UFFFFFFFF"', r"a string with \UFFFFFFFF, which is no character"),
        (r'"\u12"', r'a string with an unknown escape, "\\u"'),
        ('"$${"', None),
        ("1" * 41, "a number of more than 40 characters"),
        ("1e" + "9" * 39, "a number of more than 40 characters"),
    ],
    ids=repr,
)
def test_fails_when_a_value_is_no_literal(tmp_path: Path, written: str, found: str | None) -> None:
    if found is None:
        assert refusal(tmp_path, f"a = 1\nx = {written}\n").startswith("FILE: line 2: unexpected")
        return
    source = reading(tmp_path, f"a = 1\nx = {written}\n")
    assert [(p.loc, p.text, p.line) for p in source.problems] == [
        (("x",), f"is {found}; must be a plain value", 2)
    ]
    assert source.unreadable == {("x",)}
    assert source.values == {"a": 1, "x": None}


def test_a_number_past_all_floats_is_no_integer(tmp_path: Path) -> None:
    assert reading(tmp_path, "x = 1e999\n").values == {"x": float("inf")}


def test_fails_when_a_setting_is_set_twice(tmp_path: Path) -> None:
    source = reading(tmp_path, 'a = 1\nb = { c = 1\n "c" = 2 }\na = 3\n')
    assert [(p.loc, p.text, p.line) for p in source.problems] == [
        (("b", "c"), "is set twice, first in line 2", 3),
        (("a",), "is set twice, first in line 1", 4),
    ]
    assert source.values["a"] == 1


def test_fails_when_two_settings_share_a_line(tmp_path: Path) -> None:
    source = reading(tmp_path, "a = 1 b = 2\nc = { d = 1 e = 2, f = 3 }\n")
    assert [(p.loc, p.text, p.line) for p in source.problems] == [
        (("b",), "must be on a line of its own, or after a comma", 1),
        (("c", "e"), "must be on a line of its own, or after a comma", 2),
    ]


def test_fails_when_a_block_is_written(tmp_path: Path) -> None:
    source = reading(tmp_path, 'a = 1\nstate "x" {\n  b = 2\n}\n')
    assert [(p.loc, p.text, p.line) for p in source.problems] == [
        (("state",), "is written as a block; must be state = ...", 2)
    ]
    assert source.values == {"a": 1, "state": None}


@pytest.mark.parametrize("key", ["(x)", "a.b", 'upper("x")', '"${x}"', "-1"])
def test_a_key_that_is_no_plain_key_stays_what_was_written(tmp_path: Path, key: str) -> None:
    assert list(reading(tmp_path, f"a = {{ {key} = 1 }}\n").values["a"]) == [key]


def test_fails_when_lists_are_nested_too_deeply(tmp_path: Path) -> None:
    source = reading(tmp_path, f"a = {'[' * 20_000}{']' * 20_000}\n")
    assert [p.text for p in source.problems] == ["is nested too deeply; must be a plain value"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a = [1,\nb = 2\n", 'FILE: line 2: unexpected "="'),
        ('a = 1\nb = "x\nc = "y"\n', 'FILE: line 2: this string has no closing " on its line'),
        ('a = 1 # "x\nb = "y', 'FILE: line 2: this string has no closing " on its line'),
        ("a = 1\nb = ", "FILE: line 2: unexpected end of the file"),
        ("a = {\n b = 1\n", "FILE: line 2: unexpected end of the file"),
        ("a = \nb = 1\n", "FILE: line 1: unexpected end of the line"),
        ("a == 1\n", 'FILE: line 1: unexpected "="'),
        ("{}\n", 'FILE: line 1: unexpected "{"'),
        ("a = @\n", 'FILE: line 1: unexpected "@"'),
        ("= 1\n", 'FILE: line 1: unexpected "="'),
        ("just words\n", "FILE: line 1: unexpected end of the file"),
        ("password = [hunter2 hunter2]\n", 'FILE: line 1: unexpected "h"'),
        ('{"region": "eu-west-1"}', 'FILE: line 1: unexpected "{"'),
        ("a = 1\x00\n", 'FILE: line 1: unexpected "\\u0000"'),
    ],
    ids=repr,
)
def test_fails_when_the_file_is_not_hcl(tmp_path: Path, content: str, message: str) -> None:
    assert refusal(tmp_path, content) == message


@pytest.mark.parametrize("content", ["", "\n\n", "# only\n// comments\n/* here */\n", " "])
def test_fails_when_the_file_holds_nothing(tmp_path: Path, content: str) -> None:
    message = "FILE: holds no settings; must hold at least region and deployers"
    assert refusal(tmp_path, content) == message


def test_fails_when_the_file_is_not_utf_8(tmp_path: Path) -> None:
    assert refusal(tmp_path, b'a = 1\nb = "\xff"\n') == "FILE: line 2: is not UTF-8 text"
    assert refusal(tmp_path, 'a = "x"\n'.encode("utf-16")) == "FILE: line 1: is not UTF-8 text"


def test_fails_when_the_file_is_too_large(tmp_path: Path) -> None:
    message = f"FILE: is too large; must have at most {SIZE_LIMIT} bytes"
    assert refusal(tmp_path, b"#" * (SIZE_LIMIT + 1)) == message
    assert refusal(tmp_path, b"#" * SIZE_LIMIT) == (
        "FILE: holds no settings; must hold at least region and deployers"
    )


def test_fails_when_there_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "none.tfvars"
    with pytest.raises(SettingsError) as caught:
        read(path)
    assert str(caught.value) == f"{path}: does not exist; must be a settings file (.tfvars)"


def test_fails_when_the_path_is_a_directory(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path)
    assert str(caught.value) == f"{tmp_path}: is not a file; must be a settings file (.tfvars)"


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
def test_fails_when_the_path_can_be_no_file(name: str) -> None:
    with pytest.raises(SettingsError):
        read(Path(name))
