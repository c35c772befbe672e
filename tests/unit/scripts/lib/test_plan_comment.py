"""The one comment, against a server that behaves as GitHub does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.errors import InputError, ToolError
from scripts.lib.github import Comment, GitHub, GitHubError
from scripts.lib.plan_comment import (
    MOST_CHARACTERS,
    ROUNDS,
    author_of,
    fingerprint_in,
    intend,
    own_comments,
    put,
    read_review,
    reviewed_fingerprint,
)
from scripts.lib.plan_review.markdown import MARKER, to_markdown
from scripts.lib.plan_review.model import Review, ScriptPlan
from tests.unit.scripts.github_comments import (
    JOB,
    JOB_TOKEN,
    PERSON,
    PERSON_TOKEN,
    REPOSITORY,
    Asked,
    FakeGitHub,
    Fault,
    github_server,
)

OLD, NEW = f"{MARKER}\n### old\n", f"{MARKER}\n### new\n"
DIGEST = f"sha256:{'0123456789abcdef' * 4}"
FOOTER = f"<sub>Fingerprint: Plan `{DIGEST}`. Another plan is refused when it is applied.</sub>"
PULL_REQUEST = 7


@pytest.fixture(scope="module")
def _served() -> Iterator[FakeGitHub]:
    with github_server() as github:
        yield github


@pytest.fixture
def server(_served: FakeGitHub) -> FakeGitHub:
    """The server as if it were new."""
    url = _served.url
    _served.__dict__.update(FakeGitHub(url).__dict__)
    return _served


@pytest.fixture
def pauses() -> list[float]:
    return []


def client(server: FakeGitHub, pauses: list[float], token: str = JOB_TOKEN) -> GitHub:
    return GitHub(server.url, token, REPOSITORY, pause=pauses.append)


def run_put(
    server: FakeGitHub, body: str = NEW, *, token: str = JOB_TOKEN, author: str = JOB
) -> tuple[str, ...]:
    pauses: list[float] = []
    return put(client(server, pauses, token), PULL_REQUEST, author, body, pause=pauses.append)


def test_creates_the_comment_once(server: FakeGitHub) -> None:
    assert run_put(server) == ("created comment 101",)
    assert run_put(server) == ("found the comment",)
    assert (server.bodies(), server.writes()) == ([NEW], ["POST"])


def test_updates_it_in_place(server: FakeGitHub) -> None:
    server.add("LGTM", PERSON)
    server.add(OLD)
    server.add("Thanks", PERSON)
    assert run_put(server) == ("updated comment 102",)
    assert server.bodies() == ["LGTM", NEW, "Thanks"]


def test_finds_it_on_a_later_page(server: FakeGitHub) -> None:
    for number in range(250):
        server.add(f"comment {number}", PERSON)
    found = server.add(OLD)
    assert run_put(server) == (f"updated comment {found}",)
    assert server.writes() == ["PATCH"]


@pytest.mark.parametrize("author", [PERSON, "github-actions", "Github-Actions[bot]", None])
def test_a_stranger_who_pastes_the_marker_is_left_alone(
    server: FakeGitHub, author: str | None
) -> None:
    theirs = f"{MARKER}\n### 🟢 Nothing to see here. {FOOTER}\n"
    server.add(theirs, author)
    assert run_put(server) == ("created comment 102",)
    assert server.bodies() == [theirs, NEW]


@pytest.mark.parametrize("body", [f"> {MARKER}\n{OLD}", f"see {MARKER}", f"\n{MARKER}\n", "", "x"])
def test_a_comment_that_only_quotes_the_marker_is_none(server: FakeGitHub, body: str) -> None:
    server.add(body)
    assert run_put(server) == ("created comment 102",)
    assert server.bodies() == [body, NEW]


@pytest.mark.parametrize("kept", [NEW.replace("\n", "\r\n"), NEW.rstrip(), NEW + "\n\n"])
def test_what_differs_in_line_ends_alone_is_the_same(server: FakeGitHub, kept: str) -> None:
    server.add(kept)
    assert run_put(server) == ("found the comment",)
    assert server.writes() == []


def test_surplus_comments_are_deleted_and_the_oldest_stays(server: FakeGitHub) -> None:
    server.add(OLD)
    server.add(NEW)
    server.add(OLD, PERSON)
    server.add(OLD)
    assert run_put(server) == ("updated comment 101", "deleted comment 102", "deleted comment 104")
    assert server.bodies() == [NEW, OLD]


def test_one_deleted_while_it_is_updated_is_made_anew(server: FakeGitHub) -> None:
    found = server.add(OLD)
    server.before = lambda asked: server.remove(found) if asked.method == "PATCH" else None
    assert run_put(server) == ("created comment 102",)
    assert server.bodies() == [NEW]


def test_what_is_gone_is_not_asked_for_again_if_a_list_still_shows_it(server: FakeGitHub) -> None:
    server.ghosts = [
        {"id": number, "body": body, "user": {"login": JOB}}
        for number, body in ((1, OLD), (200, NEW))
    ]
    server.add(OLD)
    assert run_put(server) == ("updated comment 101",)
    assert server.bodies() == [NEW]
    assert server.writes() == ["PATCH", "PATCH", "DELETE"]


def test_the_next_one_stays_if_the_oldest_is_deleted_meanwhile(server: FakeGitHub) -> None:
    found = server.add(OLD)
    server.add(OLD)
    server.before = lambda asked: server.remove(found) if asked.method == "PATCH" else None
    assert run_put(server) == ("updated comment 102",)
    assert server.bodies() == [NEW]


def test_a_text_that_is_kept_otherwise_is_given_once(server: FakeGitHub) -> None:
    server.keep = lambda body: body.replace("new", "NEW")
    server.add(OLD)
    assert run_put(server) == ("updated comment 101",)
    assert server.writes() == ["PATCH"]


def test_a_surplus_one_that_somebody_deletes_meanwhile_is_no_fault(server: FakeGitHub) -> None:
    server.add(NEW)
    surplus = server.add(NEW)
    server.before = lambda asked: server.remove(surplus) if asked.method == "DELETE" else None
    assert run_put(server) == ("found the comment",)
    assert server.bodies() == [NEW]


def test_another_run_that_was_first_keeps_its_comment(server: FakeGitHub) -> None:
    def other(asked: Asked) -> None:
        if asked.method == "POST" and not server.comments[PULL_REQUEST]:
            server.add(OLD)

    server.before = other
    done = run_put(server)
    assert done == ("created comment 102", "updated comment 101", "deleted comment 102")
    assert server.bodies() == [NEW]


def test_another_run_that_was_first_and_says_the_same_keeps_its_comment(
    server: FakeGitHub,
) -> None:
    def other(asked: Asked) -> None:
        if asked.method == "POST" and not server.comments[PULL_REQUEST]:
            server.add(NEW)

    server.before = other
    assert run_put(server) == ("created comment 102", "deleted comment 102")
    assert server.bodies() == [NEW]


def test_another_run_that_updates_it_meanwhile_is_not_fought(server: FakeGitHub) -> None:
    found = server.add(OLD)

    def other(asked: Asked) -> None:
        comment = server.find(found)
        if asked.method == "GET" and comment and comment["body"] == NEW:
            comment["body"] = f"{MARKER}\nby the other run"

    server.before = other
    assert run_put(server) == (f"updated comment {found}",)
    assert server.writes() == ["PATCH"]


@pytest.mark.parametrize("_turn", range(5))
def test_two_runs_at_once_leave_one_comment(server: FakeGitHub, _turn: int) -> None:
    both = threading.Barrier(2)
    first: set[int] = set()

    def together(asked: Asked) -> None:
        thread = int(json.loads(asked.body["body"].splitlines()[1])) if asked.body else 0
        if asked.method == "POST" and thread not in first:
            first.add(thread)
            both.wait(5)

    server.before = together
    bodies = [f"{MARKER}\n{number}" for number in (1, 2)]
    threads = [threading.Thread(target=run_put, args=(server, body)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(server.bodies()) == 1
    assert server.bodies()[0] in bodies


def test_a_list_that_lags_behind_makes_no_second_comment(server: FakeGitHub) -> None:
    server.hidden = {101}
    assert run_put(server) == ("created comment 101",)
    assert server.bodies() == [NEW]


def test_an_answer_that_is_lost_makes_no_second_comment(server: FakeGitHub) -> None:
    server.faults = [Fault("POST", 0, after=True)]
    assert run_put(server) == ("found the comment",)
    assert server.bodies() == [NEW]


@pytest.mark.parametrize("status", [0, 500, 502, 503])
def test_a_fault_while_creating_is_tried_again(server: FakeGitHub, status: int) -> None:
    server.faults = [Fault("POST", status, times=2)]
    assert run_put(server) == ("created comment 101",)
    assert server.bodies() == [NEW]


def test_a_fault_that_stays_is_told_as_it_was(server: FakeGitHub) -> None:
    server.faults = [Fault("POST", 502, times=100)]
    with pytest.raises(GitHubError, match=r"POST .*/issues/7/comments: 502: a fault"):
        run_put(server)
    assert server.writes() == ["POST"] * ROUNDS


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        (Fault("GET", 429, {"Retry-After": "7"}), 7.0),
        (Fault("POST", 429, {"Retry-After": "7"}), 7.0),
        (Fault("POST", 403, {"Retry-After": "60"}), 60.0),  # a secondary rate limit
        (Fault("POST", 429), 1.0),
    ],
)
def test_a_rate_limit_is_waited_for(
    server: FakeGitHub, pauses: list[float], fault: Fault, pause: float
) -> None:
    server.faults = [replace(fault)]
    put(client(server, pauses), PULL_REQUEST, JOB, NEW, pause=pauses.append)
    assert pauses == [pause]
    assert server.bodies() == [NEW]


@pytest.mark.parametrize("status", [403, 422, 404])
def test_a_refusal_to_create_is_not_tried_again(server: FakeGitHub, status: int) -> None:
    server.faults = [Fault("POST", status, times=9)]
    with pytest.raises(GitHubError) as caught:
        run_put(server)
    assert (caught.value.status, server.writes()) == (status, ["POST"])


@pytest.mark.parametrize(("method", "own"), [("PATCH", [OLD]), ("DELETE", [NEW, NEW])])
def test_a_refusal_to_change_is_an_error(server: FakeGitHub, method: str, own: list[str]) -> None:
    for body in own:
        server.add(body)
    server.faults = [Fault(method, 403)]
    with pytest.raises(GitHubError, match="403"):
        run_put(server)
    assert server.bodies() == own


def test_comments_that_do_not_come_to_rest_are_an_error(server: FakeGitHub) -> None:
    def other(asked: Asked) -> None:
        if asked.method == "GET":
            server.add(OLD)

    server.before = other
    with pytest.raises(GitHubError, match=f"pull request 7 changed {ROUNDS} times"):
        run_put(server)


def test_whoever_the_token_is_of_finds_the_comment_again(server: FakeGitHub) -> None:
    server.add(OLD, "reviews[bot]")
    done = run_put(server, token="ghs_app", author=JOB)
    assert done == ("created comment 102", "updated comment 101", "deleted comment 102")
    assert server.bodies() == [NEW]


@pytest.mark.parametrize(
    ("token", "author"), [(JOB_TOKEN, JOB), (PERSON_TOKEN, PERSON), ("ghs_app", JOB)]
)
def test_the_author_is_the_token_s_owner(
    server: FakeGitHub, pauses: list[float], token: str, author: str
) -> None:
    assert author_of(client(server, pauses, token)) == author


def test_fails_when_the_token_is_not_valid(server: FakeGitHub, pauses: list[float]) -> None:
    with pytest.raises(GitHubError, match="401: Bad credentials") as caught:
        author_of(client(server, pauses, "ghp_revoked-token"))
    assert "ghp_revoked-token" not in str(caught.value)


comments = st.builds(
    Comment,
    id=st.integers(1, 50),
    body=st.sampled_from([OLD, NEW, MARKER, "text", f"text\n{MARKER}\n"]),
    author=st.sampled_from([JOB, PERSON, ""]),
)


@given(st.lists(comments, unique_by=lambda item: item.id))
@settings(derandomize=True, max_examples=150)
def test_no_comment_of_others_is_ever_touched(given_ones: list[Comment]) -> None:
    intent = intend(given_ones, JOB, NEW)
    touched = [*intent.surplus, *([intent.comment] if intent.comment else [])]
    assert all(item.author == JOB and item.body.startswith(MARKER) for item in touched)
    assert sorted(touched, key=lambda item: item.id) == list(own_comments(given_ones, JOB))
    assert intent.comment is None or all(intent.comment.id < item.id for item in intent.surplus)
    assert intent.is_done == (not intent.steps)


def test_a_review_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "review.md").write_text(NEW, encoding="utf-8")
    assert read_review(tmp_path / "review.md") == NEW


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"# Some other text\n", "is no Markdown of plan_review"),
        (b"", "is no Markdown of plan_review"),
        (MARKER.encode()[:-1], "is no Markdown of plan_review"),
        (f"{MARKER}\n".encode() + b"\xff", "cannot be read: it is no UTF-8"),
        (f"{MARKER}\n".encode() + b"x" * MOST_CHARACTERS, "allowed: 65536 at most"),
    ],
)
def test_fails_when_the_file_is_no_review(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "review.md").write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_review(tmp_path / "review.md")


def test_fails_when_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_review(tmp_path / "review.md")


@pytest.mark.parametrize("limit", [65_536, 2_000])
@pytest.mark.parametrize("script", [None, ScriptPlan("123456789012", "eu-west-1", DIGEST, ())])
def test_the_fingerprint_is_found_in_what_a_review_writes(
    script: ScriptPlan | None, limit: int
) -> None:
    written = to_markdown(Review((), script, fingerprint=f"sha256:{'f' * 64}"), limit=limit)
    assert fingerprint_in(written) == f"sha256:{'f' * 64}"
    assert fingerprint_in(written.replace("\n", "\r\n")) == f"sha256:{'f' * 64}"


@pytest.mark.parametrize(
    "body",
    [
        "",
        MARKER,
        f"{MARKER}\n{FOOTER}\nsomebody's text",
        f"{MARKER}\n{FOOTER.replace('sha256:0', 'sha256:O')}",
        f"{MARKER}\n{FOOTER.replace('</sub>', '</sub> more')}",
        f"{MARKER}\n`{DIGEST}`",
        f"{MARKER}\n{FOOTER.replace('. Another', chr(10))}",
    ],
)
def test_fails_when_the_last_line_names_no_fingerprint(body: str) -> None:
    with pytest.raises(ToolError, match="no fingerprint in its last line"):
        fingerprint_in(body)


def test_the_fingerprint_is_that_of_one_s_own_comment(
    server: FakeGitHub, pauses: list[float]
) -> None:
    server.add(f"{NEW}{FOOTER.replace('0', '1')}\n", PERSON)
    server.add(f"{NEW}{FOOTER}\n")
    assert reviewed_fingerprint(client(server, pauses), PULL_REQUEST, JOB) == DIGEST


@pytest.mark.parametrize("own", [0, 2])
def test_fails_when_it_is_not_clear_which_comment_was_read(
    server: FakeGitHub, pauses: list[float], own: int
) -> None:
    server.add(f"{NEW}{FOOTER}\n", PERSON)
    for _ in range(own):
        server.add(f"{NEW}{FOOTER}\n")
    with pytest.raises(ToolError, match=f"pull request 7 has {own} comments of github-actions"):
        reviewed_fingerprint(client(server, pauses), PULL_REQUEST, JOB)
