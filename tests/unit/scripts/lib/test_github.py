"""GitHub's API spoken to: pages, faults that pass and faults that do not, and a token kept."""

import socket
from collections.abc import Iterator

import pytest

from scripts.lib.errors import InputError
from scripts.lib.github import ATTEMPTS, Comment, GitHub, GitHubError, Issue
from tests.unit.scripts.github_server import REPOSITORY, TOKEN, Fault, GitHubServer


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    with GitHubServer(page=2) as server:
        yield server


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def github(server: GitHubServer, pauses: list[float]) -> GitHub:
    return GitHub(server.url, TOKEN, REPOSITORY, pause=pauses.append)


def test_a_comment_is_made_found_and_updated(github: GitHub) -> None:
    made = github.create_comment(7, "one")
    github.create_comment(8, "of another")
    assert github.update_comment(made.id, "two") == Comment(made.id, "two", "bot")
    assert github.issue_comments(7) == (Comment(made.id, "two", "bot"),)


def test_all_pages_are_read(server: GitHubServer, github: GitHub) -> None:
    for number in range(5):
        github.create_comment(1, str(number))
    assert [each.body for each in github.issue_comments(1)] == ["0", "1", "2", "3", "4"]
    assert server.asked.count(("GET", f"/repos/{REPOSITORY}/issues/1/comments")) == 3


def test_an_issue_is_opened_found_by_its_label_and_closed(
    server: GitHubServer, github: GitHub
) -> None:
    server.add_issue("of others", labels=[{"name": "bug"}])
    server.add_issue("a pull request", labels=[{"name": "drift"}], pull_request={})
    made = github.create_issue("title", "body", ("drift",))
    assert made == Issue(3, "title", "body", "open", ("drift",))
    assert github.issues("drift") == (made,)
    closed = github.update_issue(3, state="closed")
    assert (closed.is_open, closed.title) == (False, "title")
    assert github.issues("drift", state="open") == ()


def test_what_github_leaves_out_or_sets_null_is_empty(server: GitHubServer, github: GitHub) -> None:
    server.add_issue("t", labels=[{"name": "drift"}])["body"] = None
    server.comments.append({"id": 1, "of": 1, "user": None})
    assert github.issues("drift")[0].body == ""
    assert github.issue_comments(1) == (Comment(1, "", ""),)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_fault_of_the_server_passes_for_what_may_be_repeated(
    server: GitHubServer, github: GitHub, pauses: list[float], status: int
) -> None:
    server.faults = [Fault(status), Fault(status)]
    assert github.issues("drift") == ()
    assert pauses == [1.0, 2.0]
    server.add_issue()
    server.faults = [Fault(status, after=True)]
    assert github.update_issue(1, title="new").title == "new"


def test_a_fault_of_the_server_may_have_made_the_issue_already(
    server: GitHubServer, github: GitHub, pauses: list[float]
) -> None:
    server.faults = [Fault(502, after=True)]
    with pytest.raises(GitHubError, match="POST /repos/owner/name/issues: 502: a fault"):
        github.create_issue("t", "b")
    assert (len(server.issues), pauses) == (1, [])


def test_faults_that_do_not_pass_end_it(
    server: GitHubServer, github: GitHub, pauses: list[float]
) -> None:
    server.faults = [Fault(500)] * (ATTEMPTS + 1)
    with pytest.raises(GitHubError, match="500"):
        github.issues("drift")
    assert pauses == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        (Fault(429), 1.0),
        (Fault(429, {"Retry-After": "17"}), 17.0),
        (Fault(429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), 1.0),
        (Fault(403, {"Retry-After": "5"}), 5.0),
        (Fault(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}), 1.0),
    ],
)
def test_a_rate_limit_is_waited_for_as_long_as_it_wants_and_did_nothing(
    server: GitHubServer, github: GitHub, pauses: list[float], fault: Fault, pause: float
) -> None:
    server.faults = [fault]
    github.create_issue("t", "b")
    assert (pauses, len(server.issues)) == ([pause], 1)


def test_a_rate_limit_of_an_hour_is_not_waited_for(
    server: GitHubServer, github: GitHub, pauses: list[float]
) -> None:
    server.faults = [Fault(429, {"Retry-After": "3600"})]
    with pytest.raises(GitHubError, match="it wants to be left for 3600 s"):
        github.issues("drift")
    assert pauses == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_refusals_are_told_in_github_s_words_and_not_repeated(
    server: GitHubServer, github: GitHub, pauses: list[float], status: int
) -> None:
    server.faults = [Fault(status, body=b'{"message": "No,\\nnever."}')]
    with pytest.raises(GitHubError, match=f"GET .*: {status}: No, never.$"):
        github.issues("drift")
    assert pauses == []


def test_a_redirect_is_not_followed_as_the_token_would_go_along(
    server: GitHubServer, github: GitHub
) -> None:
    with GitHubServer() as elsewhere:
        server.faults = [Fault(301, {"Location": f"{elsewhere.url}/repos/{REPOSITORY}/issues"})]
        with pytest.raises(GitHubError, match="another name or place"):
            github.issues("drift")
        assert elsewhere.asked == []


def test_a_next_page_elsewhere_is_not_followed(server: GitHubServer, github: GitHub) -> None:
    with GitHubServer() as elsewhere:
        link = f'<{elsewhere.url}/repos/{REPOSITORY}/issues>; rel="next"'
        server.faults = [Fault(200, {"Link": link}, b"[]")]
        with pytest.raises(GitHubError, match="another host"):
            github.issues("drift")
        assert elsewhere.asked == []


@pytest.mark.parametrize("body", [b"<html>", b"", b"{}", b"[1]", b'[{"title": "t"}]', b"[" * 9000])
def test_answers_that_make_no_sense_are_errors(
    server: GitHubServer, github: GitHub, body: bytes
) -> None:
    server.faults = [Fault(200, body=body)]
    with pytest.raises(GitHubError):
        github.issues("drift")


def test_a_server_that_is_not_there_is_an_error_after_some_tries(pauses: list[float]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(GitHubError, match="refused"):
        GitHub(url, TOKEN, REPOSITORY, pause=pauses.append).issues("drift")
    assert len(pauses) == ATTEMPTS - 1


def test_the_token_goes_into_the_header_alone(server: GitHubServer, github: GitHub) -> None:
    github.create_comment(1, "x")
    assert server.tokens == {f"Bearer {TOKEN}"}
    server.faults = [Fault(401)]
    with pytest.raises(GitHubError) as caught:
        github.issues("drift")
    assert TOKEN not in f"{caught.value!r} {github!r} {server.asked}"


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "ümlaut", "trailing\n"])
def test_fails_for_a_token_that_is_none_without_showing_it(token: str) -> None:
    with pytest.raises(InputError) as caught:
        GitHub("https://api.github.com", token, REPOSITORY)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "api.github.com", "http://api.github.com", "file:///etc/passwd", "https://"]
)
def test_fails_for_an_api_that_would_get_the_token_in_the_clear(url: str) -> None:
    with pytest.raises(InputError, match="allowed: https://"):
        GitHub(url, TOKEN, REPOSITORY)


@pytest.mark.parametrize("name", ["", "name", "a/b/c", "../x", "owner/..", "o/n?x", "o/n\n"])
def test_fails_for_what_is_no_repository(name: str) -> None:
    with pytest.raises(InputError, match="allowed: owner/name"):
        GitHub("https://api.github.com", TOKEN, name)
