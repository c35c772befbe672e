"""Pages and their tokens."""

import base64

import pytest

from scripts.sandbox.backends.paging import page


def pages(items: list[int], size: int) -> list[list[int]]:
    found, token = page(items, size=size, token=None, invalid=ValueError)
    result = [found]
    while token:
        found, token = page(items, size=size, token=token, invalid=ValueError)
        result.append(found)
    return result


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, [[]]),
        (1, [[0]]),
        (2, [[0, 1]]),
        (3, [[0, 1], [2]]),
        (4, [[0, 1], [2, 3]]),
        (5, [[0, 1], [2, 3], [4]]),
    ],
)
def test_every_item_is_on_one_page_and_no_page_is_empty(
    count: int, expected: list[list[int]]
) -> None:
    assert pages(list(range(count)), 2) == expected


@pytest.mark.parametrize(
    "token",
    ["", "nonsense", "cGFnZTo=", *(base64.b64encode(t).decode() for t in (b"page:-1", b"page:0",
     b"page:99", b"other:1", b"\xff"))],
)  # fmt: skip
def test_fails_for_a_token_that_no_answer_held(token: str) -> None:
    with pytest.raises(ValueError, match=r"^Invalid pagination token\.$"):
        page([1, 2, 3], size=2, token=token, invalid=ValueError)


def test_a_list_that_became_shorter_ends() -> None:
    _, token = page([1, 2, 3], size=2, token=None, invalid=ValueError)
    assert page([1, 2], size=2, token=token, invalid=ValueError) == ([], None)
