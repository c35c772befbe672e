"""JSON inside strings."""

import pytest

from scripts.lib.plan_review.embedded import parsed, quoted


def test_objects_and_lists_are_parsed() -> None:
    assert parsed(' \n{"a": [1]}') == {"a": [1]}
    assert parsed("[1, null]") == [1, None]


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        {"a": 1},
        "",
        "12",
        '"text"',
        "{broken",
        "[NaN]",
        '{"a": 1, "a": 2}',
        "[" * 100_000,
        "[" + "9" * 5000 + "]",
        "{{resolve:x}}",
    ],
)
def test_all_else_is_none(value: object) -> None:
    assert parsed(value) is None


def test_a_string_in_a_string_is_read() -> None:
    assert quoted('"[{\\"a\\": 1}]"') == '[{"a": 1}]'
    assert [quoted(value) for value in ("text", '"', '"a" "b"', '["a"]', "")] == [None] * 5
