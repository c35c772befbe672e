"""The place where custom resources answer."""

import io
import threading
import time
from typing import Any

import pytest

from scripts.sandbox.backends.cloudformation.answers import PATH, Answers, Ticket
from tests.unit.scripts.sandbox.backends.cloudformation.stacks import Stacks, put


def call(answers: Answers, token: str, body: bytes = b"{}", **environ: Any) -> str:
    """Put a body; returns the HTTP status."""
    said: list[str] = []

    def start(status: str, _headers: Any, _fault: Any = None) -> Any:
        said.append(status)

    request: dict[str, Any] = {
        "REQUEST_METHOD": "PUT",
        "PATH_INFO": PATH + token,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **environ,
    }
    b"".join(answers.receive(request, start))
    return said[0]


def waited(ticket: Ticket, limit: float = 0) -> bytes | None:
    return ticket.wait(limit, threading.Event())


def test_an_answer_reaches_whoever_waits() -> None:
    answers = Answers()
    ticket = answers.expect()
    threading.Timer(0.1, call, (answers, ticket.token, b"yes")).start()
    began = time.monotonic()
    assert waited(ticket, 10) == b"yes"
    assert time.monotonic() - began < 5


def test_what_comes_second_is_accepted_and_ignored(caplog: pytest.LogCaptureFixture) -> None:
    answers = Answers()
    ticket = answers.expect()
    assert call(answers, ticket.token, b"first") == "200 OK"
    assert caplog.records == []
    assert call(answers, ticket.token, b"second") == "200 OK"
    assert waited(ticket) == b"first"
    assert "second answer" in caplog.text


def test_each_ticket_has_an_answer_of_its_own() -> None:
    answers = Answers()
    one, two = answers.expect(), answers.expect()
    call(answers, two.token, b"two")
    assert (waited(one), waited(two)) == (None, b"two")
    assert one.token != two.token


@pytest.mark.parametrize(
    "change",
    [
        {"PATH_INFO": f"{PATH}nonsense"},
        {"PATH_INFO": PATH},
        {"REQUEST_METHOD": "GET"},
        {"REQUEST_METHOD": "POST"},
        {"CONTENT_TYPE": "application/json"},
        {"CONTENT_TYPE": "application/x-www-form-urlencoded"},
    ],
)
def test_refuses_what_the_url_was_not_signed_for(change: dict[str, str]) -> None:
    answers = Answers()
    ticket = answers.expect()
    assert call(answers, ticket.token, **change) == "403 Forbidden"
    assert waited(ticket) is None


def test_gives_up_at_the_limit() -> None:
    began = time.monotonic()
    assert waited(Ticket(), 0.2) is None
    assert 0.2 <= time.monotonic() - began < 2


def test_gives_up_when_cancelled() -> None:
    cancelled = threading.Event()
    threading.Timer(0.1, cancelled.set).start()
    began = time.monotonic()
    assert Ticket().wait(60, cancelled) is None
    assert time.monotonic() - began < 5


def test_an_answer_comes_before_the_cancellation() -> None:
    ticket, cancelled = Ticket(), threading.Event()
    ticket.put(b"made")
    cancelled.set()
    assert ticket.wait(60, cancelled) == b"made"


def test_no_more_is_read_than_could_be_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.sandbox.backends.cloudformation.answers.MOST_BYTES", 3)
    answers = Answers()
    ticket = answers.expect()
    call(answers, ticket.token, b"12345")
    assert waited(ticket) == b"123"


def test_the_server_answers_at_that_path(stacks: Stacks) -> None:
    assert put(f"{stacks.sandbox.endpoint}{PATH}nonsense", b"{}") == 403
