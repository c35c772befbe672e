from __future__ import annotations

import json
import socket

import pytest

from modules.notebook_builder import answer
from modules.notebook_builder.answer import NotDeliveredError, body, put
from tests.unit.modules.notebook_builder.conftest import Answers
from tests.unit.modules.notebook_builder.world import event


def test_is_put_once_with_the_headers_that_the_url_is_signed_for(answers: Answers) -> None:
    put(answers.url, b'{"a": 1}')
    assert answers.only == {"a": 1}
    assert answers.headers[0]["Content-Type"] == ""
    assert answers.headers[0]["Content-Length"] == "8"


def test_is_tried_again_after_a_fault_of_the_server(answers: Answers) -> None:
    answers.statuses = [500, 503]
    pauses: list[float] = []
    put(answers.url, b"{}", sleep=pauses.append)
    assert len(answers.puts) == 3
    assert pauses == [answer.PAUSE_SECONDS] * 2


def test_gives_up_after_the_last_attempt(answers: Answers) -> None:
    answers.statuses = [500] * 9
    with pytest.raises(NotDeliveredError, match="HTTP 500"):
        put(answers.url, b"{}", sleep=lambda _: None)
    assert len(answers.puts) == answer.ATTEMPTS


def test_a_refusal_is_not_tried_again(answers: Answers) -> None:
    answers.statuses = [403]
    with pytest.raises(NotDeliveredError, match="HTTP 403"):
        put(answers.url, b"{}", sleep=lambda _: None)
    assert len(answers.puts) == 1


def test_nobody_listening_is_an_error_without_the_url() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/?Signature=secret"
        with pytest.raises(NotDeliveredError) as raised:
            put(url, b"{}", sleep=lambda _: None)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://h/x", "", "secret"])
def test_only_http_is_spoken(url: str) -> None:
    with pytest.raises(NotDeliveredError) as raised:
        put(url, b"{}")
    assert str(raised.value) == "the response URL is not an http(s) URL"


@pytest.mark.parametrize("reason", ["x" * 9999, "\u2603" * 9999, '"\\\n' * 9999, "\x00" * 9999])
def test_fits_cloudformations_limit_whatever_the_reason(reason: str) -> None:
    content = body(event(), "FAILED", physical_id="p" * 1024, reason=reason, data={})
    assert len(content) <= 4096
    kept = json.loads(content)["Reason"]
    assert kept
    assert reason.startswith(kept)


def test_a_short_reason_is_kept_whole() -> None:
    content = body(event(), "FAILED", physical_id="p", reason="because", data={"A": "b"})
    assert json.loads(content) == {
        "Status": "FAILED",
        "Reason": "because",
        "PhysicalResourceId": "p",
        "StackId": event()["StackId"],
        "RequestId": "request-1",
        "LogicalResourceId": "Notebook",
        "Data": {"A": "b"},
    }
