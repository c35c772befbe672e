from typing import Any

from scripts.lib.launch.paging import pages


def test_every_page_is_asked_for_with_the_token_of_the_one_before() -> None:
    asked: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = [{"NextPageToken": "b"}, {"NextPageToken": "c"}, {"Last": True}]

    def operation(**arguments: Any) -> dict[str, Any]:
        asked.append(arguments)
        return answers[len(asked) - 1]

    assert list(pages(operation, Id="x")) == answers
    assert asked == [{"Id": "x"}, {"Id": "x", "PageToken": "b"}, {"Id": "x", "PageToken": "c"}]


def test_empty_token_is_none() -> None:
    assert list(pages(lambda: {"NextPageToken": ""})) == [{"NextPageToken": ""}]
