"""Tags of portfolios and products."""

import pytest

from scripts.sandbox.backends.servicecatalog.dispatch import Request
from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError
from scripts.sandbox.backends.servicecatalog.tags import new_tags, tag_list, updated_tags


def tags(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in pairs]


def test_removal_comes_before_addition() -> None:
    request = Request({"RemoveTags": ["a", "b", "none"], "AddTags": tags(("a", "2"))})
    assert updated_tags({"a": "1", "b": "1", "c": "1"}, request) == {"c": "1", "a": "2"}


def test_an_addition_replaces_the_value() -> None:
    assert updated_tags({"a": "1"}, Request({"AddTags": tags(("a", "2"))})) == {"a": "2"}


def test_nothing_asked_changes_nothing() -> None:
    assert updated_tags({"a": "1"}, Request()) == {"a": "1"}
    assert new_tags(Request()) == {}


def test_fails_on_a_key_given_twice() -> None:
    with pytest.raises(InvalidParametersError, match="Duplicate"):
        new_tags(Request({"Tags": tags(("a", "1"), ("a", "2"))}))


@pytest.mark.parametrize("key", ["aws:x", "AWS:x"])
def test_fails_on_a_reserved_key(key: str) -> None:
    with pytest.raises(InvalidParametersError, match="aws:"):
        new_tags(Request({"Tags": tags((key, "1"))}))


def test_fails_on_more_than_fifty() -> None:
    fifty = tags(*((f"k{index}", "v") for index in range(50)))
    assert len(new_tags(Request({"Tags": fifty}))) == 50
    with pytest.raises(InvalidParametersError, match="51"):
        updated_tags({"other": "v"}, Request({"AddTags": fifty}))


def test_tags_are_listed_by_key_and_value() -> None:
    assert tag_list({"a": "1"}) == tags(("a", "1"))
