"""Lists in pages."""

import pytest

from scripts.sandbox.backends.servicecatalog.dispatch import Request
from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError
from scripts.sandbox.backends.servicecatalog.paging import page


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (20, [20]), (21, [20, 1]), (40, [20, 20])])
def test_a_page_has_twenty_unless_asked_otherwise(count: int, sizes: list[int]) -> None:
    seen: list[int] = []
    lengths = []
    token = None
    while True:
        answer = page(Request({"PageToken": token} if token else {}), "Items", range(count))
        seen += answer["Items"]
        lengths.append(len(answer["Items"]))
        token = answer["NextPageToken"]
        if not token:
            break
    assert lengths == sizes
    assert seen == list(range(count))


def test_the_size_asked_for_is_given() -> None:
    assert page(Request({"PageSize": 3}), "Items", range(9))["Items"] == [0, 1, 2]
    assert len(page(Request({"PageSize": 0}), "Items", range(30))["Items"]) == 20


def test_the_next_pages_token_may_have_another_name() -> None:
    answer = page(Request({"PageSize": 1}), "Items", range(2), "PageToken")
    assert set(answer) == {"Items", "PageToken"}


@pytest.mark.parametrize("token", ["x", "1", "-1", "bm9uc2Vuc2U=", "é"])
def test_fails_on_a_token_that_no_list_gave(token: str) -> None:
    with pytest.raises(InvalidParametersError):
        page(Request({"PageToken": token}), "Items", range(9))
