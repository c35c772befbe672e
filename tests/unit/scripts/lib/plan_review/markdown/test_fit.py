from collections import Counter
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.plan_review.markdown.fit import (
    LEAST_LIMIT,
    NOTE_RESERVE,
    TRIES,
    Box,
    Level,
    Node,
    Piece,
    fit,
    size,
)


def piece(level: Level, text: str) -> Piece:
    return Piece(level, lambda: text)


def note(left_out: Counter[Level]) -> str:
    return "NOTE:" + ",".join(f"{level.name}={left_out[level]}" for level in sorted(left_out))


def fitted(*nodes: Node, limit: int = LEAST_LIMIT) -> str:
    return fit("top\n", nodes, "bottom\n", limit, note)


def test_all_that_fits_is_there_in_the_order_of_the_document() -> None:
    nodes = (piece(Level.ROW, "b"), piece(Level.HIGH, "a"), piece(Level.PICTURE, "c"))
    assert fitted(*nodes) == "top\nbacbottom\n"


def test_what_matters_less_goes_first() -> None:
    nodes = (piece(Level.PICTURE, "p" * 2_500), piece(Level.HIGH, "h" * 1_900))
    text = fitted(*nodes)
    assert "h" * 1_900 in text
    assert "NOTE:PICTURE=1" in text
    assert "p" * 10 not in text


def test_the_note_comes_after_the_top() -> None:
    text = fitted(piece(Level.ROW, "r" * 9_000))
    assert text == "top\nNOTE:ROW=1bottom\n"


def test_of_one_level_the_first_ones_stay() -> None:
    text = fitted(*(piece(Level.ROW, f"<{i}>" + "r" * 500) for i in range(8)))
    assert "<0>" in text
    assert "<2>" in text
    assert "<7>" not in text


def test_one_that_is_too_long_does_not_drag_the_rest_along() -> None:
    text = fitted(piece(Level.ROW, "r" * 9_000), piece(Level.ROW, "short"))
    assert "short" in text
    assert "NOTE:ROW=1" in text


def test_a_box_is_there_only_with_something_in_it() -> None:
    empty = Box(lambda: "(head)", "(tail)", ())
    shown = Box(lambda: "[head]", "[tail]", (piece(Level.ROW, "in"),))
    assert fitted(empty, shown) == "top\n[head]in[tail]bottom\n"


def test_a_box_is_not_there_without_its_pieces() -> None:
    box = Box(lambda: "[head]", "[tail]", (piece(Level.ROW, "r" * 9_000),))
    assert "[" not in fitted(box)


def test_boxes_count_too() -> None:
    nodes = [Box(lambda: "h" * 300, "t" * 300, (piece(Level.ROW, f"<{i}>"),)) for i in range(20)]
    assert size(fitted(*nodes)) <= LEAST_LIMIT


def test_bytes_are_counted() -> None:
    assert size("é\U0001f4a5") == 6
    assert size(fitted(piece(Level.ROW, "\U0001f4a5" * 1_500))) <= LEAST_LIMIT


def test_a_stack_whose_heading_is_shown_is_not_left_out() -> None:
    rows = [piece(Level.HIGH, f"<{i}>" + "r" * 300) for i in range(TRIES + 20)]
    box = Box(lambda: "heading", "", [piece(Level.STACK, ""), *rows])
    text = fitted(box)
    assert "STACK" not in text
    assert "HIGH=" in text


def test_what_has_no_chance_is_not_rendered() -> None:
    rendered: list[int] = []

    def render(number: int) -> str:
        rendered.append(number)
        return "r" * 500

    fitted(*(Piece(Level.ROW, partial(render, number)) for number in range(1_000)))
    assert len(rendered) < 10 + TRIES
    assert len(rendered) == len(set(rendered))


def test_refuses_a_limit_without_room_for_the_verdict() -> None:
    with pytest.raises(ValueError, match=r"limit: 3999, at least 4000"):
        fitted(limit=LEAST_LIMIT - 1)


def test_every_level_has_words() -> None:
    assert all(level.label for level in Level)
    assert sum(len(level.label) + 14 for level in Level) < NOTE_RESERVE // 2


LEAVES = st.builds(
    lambda level, length: piece(level, "x" * length), st.sampled_from(Level), st.integers(0, 2_500)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda content, length: Box(lambda: "h" * length, "t" * length, content),
        st.lists(inner, max_size=4),
        st.integers(0, 400),
    ),
    max_leaves=12,
)


@given(st.lists(TREES, max_size=6), st.integers(LEAST_LIMIT, 12_000))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_never_longer_than_the_limit(nodes: list[Node], limit: int) -> None:
    assert size(fitted(*nodes, limit=limit)) <= limit
