"""The real command against a server that behaves like GitHub's API."""

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.lib.drift.model import DriftReport
from scripts.lib.drift.report_json import write_document
from tests.unit.scripts.commands import run_command
from tests.unit.scripts.github_server import REPOSITORY, TOKEN, Fault, GitHubServer
from tests.unit.scripts.lib.drift.reports import CLEAN, FULL


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    with GitHubServer(page=2) as server:
        yield server


def issues(
    server: GitHubServer,
    folder: Path,
    report: DriftReport,
    *arguments: str,
    apply: bool = True,
    **more: str,
) -> "subprocess.CompletedProcess[str]":
    stream = io.StringIO()
    write_document(report, stream)
    (folder / "report.json").write_text(stream.getvalue())
    environment = {"GITHUB_API_URL": server.url, "GITHUB_TOKEN": TOKEN} | more
    given = ("--report", str(folder / "report.json"), "--repository", REPOSITORY)
    given += (*arguments, *(("--apply",) if apply else ()))
    return run_command("scripts.drift_issues", given, environment)


def test_issues_follow_the_reports(server: GitHubServer, tmp_path: Path) -> None:
    first = issues(server, tmp_path, FULL)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines() == [
        "open #1 stack notebook-alpha",
        "open #2 stack notebook-vision",
        "open #3 the account",
    ]
    assert issues(server, tmp_path, FULL).stdout == "nothing to do\n"
    closing = issues(server, tmp_path, CLEAN)
    assert closing.stdout.count("close #") == 3
    assert {issue["state"] for issue in server.issues} == {"closed"}
    assert len(server.comments) == 3
    assert issues(server, tmp_path, FULL).stdout.count("reopen #") == 3
    assert {issue["state"] for issue in server.issues} == {"open"}


def test_without_apply_it_only_reads(server: GitHubServer, tmp_path: Path) -> None:
    found = issues(server, tmp_path, FULL, apply=False)
    assert (found.returncode, found.stderr) == (2, "")
    assert "would open stack notebook-vision" in found.stdout
    assert server.writes() == []
    assert issues(server, tmp_path, CLEAN, apply=False).returncode == 0


def test_one_change_that_fails_does_not_keep_the_others_from_being_made(
    server: GitHubServer, tmp_path: Path
) -> None:
    server.faults = [Fault(422, method="POST")]
    found = issues(server, tmp_path, FULL)
    assert found.returncode == 1
    assert "422: a fault (1 of 3 changes failed)" in found.stderr
    assert len(server.issues) == 2


def test_fails_if_the_label_is_not_given(server: GitHubServer, tmp_path: Path) -> None:
    server.drops_labels = True
    found = issues(server, tmp_path, FULL)
    assert found.returncode == 1
    assert "did not get the label drift" in found.stderr


def test_fails_in_one_line_without_a_token_and_never_shows_one(
    server: GitHubServer, tmp_path: Path
) -> None:
    none = issues(server, tmp_path, FULL, GITHUB_TOKEN="")
    assert (none.returncode, none.stderr) == (1, "error: no token: set GITHUB_TOKEN\n")
    wrong = issues(server, tmp_path, FULL, GITHUB_TOKEN="a-secret-token")
    assert wrong.returncode == 1
    assert "401" in wrong.stderr
    assert "a-secret-token" not in wrong.stderr + wrong.stdout


def test_fails_for_a_file_that_is_no_report(server: GitHubServer, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("[]")
    found = run_command(
        "scripts.drift_issues",
        ("--report", str(tmp_path / "other.json"), "--repository", REPOSITORY),
        {"GITHUB_API_URL": server.url, "GITHUB_TOKEN": TOKEN},
    )
    assert found.returncode == 1
    assert "is no drift report" in found.stderr
