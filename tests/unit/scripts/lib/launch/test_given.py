from pathlib import Path

import pytest

from scripts.lib.errors import InputError
from scripts.lib.launch.given import EXPECTED, read_given


def test_value_is_all_that_follows_the_first_equals_sign() -> None:
    assert read_given(["A=1", "B=x=y", "C="]) == {"A": "1", "B": "x=y", "C": ""}


def test_command_line_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "values.json"
    file.write_text('{"A": "file", "Size": 50, "Ratio": 0.5, "On": true, "Zones": ["a", "b"]}')

    assert read_given(["A=line"], file) == {
        "A": "line",
        "Size": "50",
        "Ratio": "0.5",
        "On": "true",
        "Zones": "a,b",
    }


@pytest.mark.parametrize(
    ("pairs", "line"),
    [
        (["hunter2"], "--parameter: expected Name=Value, such as VolumeSizeInGB=50"),
        (["=x"], "--parameter: expected Name=Value, such as VolumeSizeInGB=50"),
        ([""], "--parameter: expected Name=Value, such as VolumeSizeInGB=50"),
        (["A=1", "A=2"], "--parameter: A is given twice"),
    ],
)
def test_refuses_what_is_no_pair_without_repeating_a_value(pairs: list[str], line: str) -> None:
    with pytest.raises(InputError) as caught:
        read_given(pairs)

    assert str(caught.value) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("{", "not JSON: Expecting property name"),
        ("[" * 100_000, "not JSON: "),
        ("[]", EXPECTED),
        ('"x"', EXPECTED),
        ("null", EXPECTED),
        ('{"A": 1, "A": 2}', "A is given twice"),
        ('{"A": null}', "A: expected a string, a number, true, false or a list of strings"),
        ('{"A": {}}', "A: expected a string, a number, true, false or a list of strings"),
        ('{"A": [1]}', "A: expected a string, a number, true, false or a list of strings"),
        ('{"A": ["x,y"]}', "A: expected a string, a number, true, false or a list of strings"),
    ],
)
def test_refuses_a_file_that_is_no_object_of_values(tmp_path: Path, text: str, line: str) -> None:
    file = tmp_path / "values.json"
    file.write_text(text)

    with pytest.raises(InputError) as caught:
        read_given([], file)

    assert str(caught.value).startswith(f"parameters file {file}: {line}")


def test_refuses_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(InputError, match=r"none\.json: No such file or directory$"):
        read_given([], tmp_path / "none.json")
    with pytest.raises(InputError, match=r": Is a directory$"):
        read_given([], tmp_path)
    with pytest.raises(InputError, match=r": not JSON: "):
        read_given([], binary)
