import pytest

from scripts.lib.plan_review.markdown.attributes import SHOWN, attributes_block
from scripts.lib.plan_review.model import AttributeChange


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (AttributeChange("x", "1", "2"), ["- x = 1", "+ x = 2"]),
        (AttributeChange("x", None, "2"), ["+ x = 2"]),
        (AttributeChange("x", "1", None), ["- x = 1"]),
        (
            AttributeChange("x", "1", None, unknown=True),
            ["- x = 1", "+ x = (known when it is applied)"],
        ),
        (
            AttributeChange("x", "(a)", "(b)", sensitive=True),
            ["- x = (a)", "+ x = (b)  # sensitive"],
        ),
        (
            AttributeChange("x", "1", "2", forces_replacement=True),
            ["- x = 1", "+ x = 2  # forces the replacement"],
        ),
        (
            AttributeChange("x", "1", None, forces_replacement=True),
            ["- x = 1  # forces the replacement"],
        ),
        (AttributeChange("x", None, None, sensitive=True), ["  x  # sensitive"]),
        (AttributeChange("x", None, "a\nb"), ["+ x =", "+     a", "+     b"]),
        (AttributeChange("x\n+ y", None, "1"), ["+ x\\n+ y = 1"]),
    ],
)
def test_a_change_is_a_line_that_goes_and_one_that_comes(
    change: AttributeChange, lines: list[str]
) -> None:
    assert attributes_block([change]).splitlines() == ["```diff", *lines, "```"]


def test_no_line_of_a_value_looks_like_another_attribute() -> None:
    block = attributes_block([AttributeChange("x", None, "1\n- y = 2\r- z = 3\r\n- w = 4")])
    assert not any(line.startswith("-") for line in block.splitlines())


def test_many_attributes_are_counted() -> None:
    changes = [AttributeChange(f"x{i}", None, "1") for i in range(SHOWN + 3)]
    lines = attributes_block(changes).splitlines()
    assert len(lines) == SHOWN + 3
    assert lines[-2] == "  and 3 more attributes"


def test_a_long_value_is_cut_in_the_middle() -> None:
    block = attributes_block([AttributeChange("x", None, f"begin{'-' * 5_000}end")])
    assert "begin" in block
    assert "…" in block
    assert "end" in block
    assert len(block) < 700
