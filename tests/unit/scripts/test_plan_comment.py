"""The command: what it takes from a job's environment, what it says, and its exit codes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.lib.errors import InputError
from scripts.plan_comment import job_pull_request
from tests.unit.scripts.commands import run_command
from tests.unit.scripts.github_comments import JOB_TOKEN, REPOSITORY, FakeGitHub, github_server

MARKER = "<!-- sagemaker-plan-review -->"
DIGEST = f"sha256:{'0123456789abcdef' * 4}"
REVIEW = f"{MARKER}\n### 1 to create\n\n<sub>Fingerprint: Plan `{DIGEST}`. Another.</sub>\n"
COMMIT = "c0ffee" * 6 + "beef"

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def server() -> Iterator[FakeGitHub]:
    with github_server() as github:
        yield github


@pytest.fixture
def review(tmp_path: Path) -> Path:
    (tmp_path / "review.md").write_text(REVIEW, encoding="utf-8")
    return tmp_path / "review.md"


@pytest.fixture
def command(server: FakeGitHub) -> Command:
    """Run the command as in a job of pull request 7; keywords are variables, None is unset."""

    def run(*arguments: object, **variables: str | None) -> subprocess.CompletedProcess[str]:
        environment: dict[str, str | None] = {
            "GITHUB_API_URL": server.url,
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_TOKEN": JOB_TOKEN,
            **variables,
        }
        known = {name: value for name, value in environment.items() if value is not None}
        done = run_command("scripts.plan_comment", tuple(map(str, arguments)), known)
        assert JOB_TOKEN not in done.stdout + done.stderr
        return done

    return run


def test_says_what_it_would_do_then_does_it_then_has_nothing_to_do(
    command: Command, review: Path, server: FakeGitHub
) -> None:
    done = command(review)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout == "acme/platform#7: would create a comment; run again with --apply\n"
    assert server.writes() == []
    done = command(review, "--apply")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "acme/platform#7: created comment 101\n"
    assert server.bodies() == [REVIEW]
    for arguments in ((review,), (review, "--apply")):
        done = command(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "acme/platform#7: the comment says it already\n"
    assert server.writes() == ["POST"]


def test_names_the_comments_that_it_would_change(
    command: Command, review: Path, server: FakeGitHub
) -> None:
    server.add(f"{MARKER}\nold")
    server.add(f"{MARKER}\nolder")
    done = command(review)
    assert done.stdout == (
        "acme/platform#7: would update comment 101, delete comment 102; run again with --apply\n"
    )
    done = command(review, "--apply")
    assert done.stdout == "acme/platform#7: updated comment 101, deleted comment 102\n"


def test_outside_a_job_all_is_given(command: Command, review: Path, server: FakeGitHub) -> None:
    where = ("--pull-request", 7, "--repository", REPOSITORY, "--author", "github-actions[bot]")
    done = command(review, "--apply", *where, GITHUB_REF=None, GITHUB_REPOSITORY=None)
    assert (done.returncode, done.stderr) == (0, "")
    assert not [asked for asked in server.asked if asked.path == "/user"]


def test_a_server_of_one_s_own_has_a_path_too(
    command: Command, review: Path, server: FakeGitHub
) -> None:
    done = command(review, GITHUB_API_URL=f"{server.url}/api/v3/", GITHUB_TOKEN="none-of-theirs")
    assert done.returncode == 1
    assert {asked.path for asked in server.asked} == {"/api/v3/user"}


def test_the_fingerprint_is_printed_alone(command: Command, server: FakeGitHub) -> None:
    server.add(REVIEW)
    done = command("--show-fingerprint")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{DIGEST}\n", "")


def test_the_fingerprint_is_found_by_the_commit_of_the_merge(
    command: Command, server: FakeGitHub
) -> None:
    server.comments = {7: [], 8: []}
    server.add(REVIEW, number=8)
    server.pulls_of_commits[COMMIT] = [
        {"number": 7, "merged_at": None, "merge_commit_sha": COMMIT},
        {"number": 7, "merged_at": "2026-01-01T00:00:00Z", "merge_commit_sha": "0" * 40},
        {"number": 8, "merged_at": "2026-01-01T00:00:00Z", "merge_commit_sha": COMMIT},
    ]
    done = command("--show-fingerprint", "--commit", COMMIT, GITHUB_REF="refs/heads/main")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{DIGEST}\n", "")


def test_fails_when_the_commit_is_no_merge(command: Command) -> None:
    done = command("--show-fingerprint", "--commit", COMMIT)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: commit {COMMIT} is of 0 merged pull requests\n"


def test_fails_when_nobody_has_reviewed(command: Command) -> None:
    done = command("--show-fingerprint")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: pull request 7 has 0 comments of github-actions[bot]")


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        ((), {}, "expected either REVIEW.md or --show-fingerprint"),
        (("REVIEW", "--show-fingerprint"), {}, "expected either REVIEW.md or"),
        (("--show-fingerprint", "--apply"), {}, "which takes no --apply"),
        (("REVIEW", "--pull-request", "0"), {}, "--pull-request': Input should be greater"),
        (("REVIEW", "--pull-request", "7", "--commit", COMMIT), {}, "not both"),
        (("REVIEW", "--commit", "main"), {}, "--commit is main, allowed: a whole hash"),
        (("REVIEW", "--repository", "../x"), {}, "repository is '../x', allowed: owner/name"),
        (("REVIEW",), {"GITHUB_REPOSITORY": None}, "repository is '', allowed: owner/name"),
        (("REVIEW",), {"GITHUB_REF": "refs/heads/main"}, "GITHUB_REF is 'refs/heads/main'"),
        (("REVIEW",), {"GITHUB_TOKEN": None}, "GitHub's token is empty"),
        (("REVIEW",), {"GITHUB_API_URL": "http://github.example"}, "allowed: https://"),
        (("REVIEW", "--pull-request", "9"), {}, "/issues/9/comments: 404: Not Found"),
        (("missing.md",), {}, "review missing.md cannot be read"),
    ],
)
def test_fails_in_one_line(
    command: Command,
    review: Path,
    arguments: tuple[str, ...],
    variables: dict[str, str | None],
    message: str,
) -> None:
    given = [str(review) if word == "REVIEW" else word for word in arguments]
    done = command(*given, **variables)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert message in done.stderr


@pytest.mark.parametrize(
    ("ref", "number"), [("refs/pull/7/merge", 7), ("refs/pull/123456/head", 123456)]
)
def test_a_job_says_which_pull_request_it_is_of(ref: str, number: int) -> None:
    assert job_pull_request({"GITHUB_REF": ref}) == number


@pytest.mark.parametrize(
    "ref",
    ["", "refs/heads/main", "refs/pull/0/merge", "refs/pull/7/merge\n", "refs/pull/x/merge", "7"],
)
def test_fails_when_a_job_is_of_no_pull_request(ref: str) -> None:
    with pytest.raises(InputError, match=r"GITHUB_REF is .*, allowed: refs/pull/N/merge"):
        job_pull_request({"GITHUB_REF": ref})
