"""The nightly job: what it may do, whom it trusts, and its shell, run as it stands."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from scripts import drift, drift_issues

FILE = Path(__file__).parents[2] / ".github/workflows/drift.yml"
TEXT = FILE.read_text(encoding="utf-8")
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
JOB: dict[str, Any] = WORKFLOW["jobs"]["check"]
STEPS: dict[str, dict[str, Any]] = {
    step.get("name", step.get("uses", "")): step for step in JOB["steps"]
}
STUB = """#!/bin/bash
printf '%s\\n' "$@" >>asked
while [ $# -gt 0 ]; do
  [ "$1" = --out ] && [ -n "$WRITES" ] && echo written >"$2"
  shift
done
exit "$CODE"
"""
"""In place of Python: writes down what is asked, and the files, and ends with a code."""


def run(folder: Path, step: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a step's script as GitHub does."""
    python = folder / ".venv/bin/python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(STUB)
    python.chmod(0o755)
    given = dict.fromkeys(STEPS[step].get("env", {}), "") | environment
    files = {name: str(folder / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    return subprocess.run(  # noqa: S603 - the workflow's own script
        ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **files, **given},
        capture_output=True,
        text=True,
        check=False,
    )


def asked(folder: Path) -> list[str]:
    return (folder / "asked").read_text().splitlines()


def test_it_may_do_no_more_than_it_has_to() -> None:
    assert WORKFLOW["permissions"] == {}
    assert JOB["permissions"] == {"contents": "read", "id-token": "write", "issues": "write"}
    assert JOB["timeout-minutes"] <= 60
    assert WORKFLOW["concurrency"] == {"group": "drift", "cancel-in-progress": False}
    triggers = WORKFLOW[True]  # YAML reads "on" as true
    assert set(triggers) == {"schedule", "workflow_dispatch"}


def test_it_runs_nothing_that_can_change_under_it_and_nothing_that_others_wrote() -> None:
    for line in re.findall(r"uses: (.*)", TEXT):
        assert re.fullmatch(r"\./\S+|[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    for step in JOB["steps"]:
        assert "${{" not in step.get("run", "")
    assert STEPS["actions/checkout@d23441a48e516b6c34aea4fa41551a30e30af803"]["with"] == {
        "persist-credentials": False
    }


def test_the_token_is_given_to_the_issues_alone() -> None:
    with_token = [step.get("name") for step in JOB["steps"] if "github.token" in str(step)]
    assert with_token == ["Keep the issues"]
    assert TEXT.count("secrets.") == 0


@pytest.mark.parametrize("script", [drift, drift_issues])
def test_every_option_that_is_given_is_one_of_the_command_s(script: Any) -> None:
    known = {
        name
        for option in typer.main.get_command(script.app).params
        for name in (*option.opts, *option.secondary_opts)
    }
    name = "Check" if script is drift else "Keep the issues"
    given = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", STEPS[name]["run"]))
    assert given
    assert given <= known


@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_check_always_ends_and_hands_its_code_on(tmp_path: Path, code: int) -> None:
    done = run(tmp_path, "Check", CODE=str(code), WRITES="yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "GITHUB_OUTPUT").read_text() == f"code={code}\n"
    assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text() == "written\n"
    assert {path.name for path in (tmp_path / "drift-report").iterdir()} == {
        "report.json",
        "report.md",
        "report.html",
    }
    assert len(list((tmp_path / "drift-history").glob("*.json"))) == 1
    assert "--ledger" not in asked(tmp_path)
    assert "--ignore" not in asked(tmp_path)


def test_what_the_repository_has_is_given(tmp_path: Path) -> None:
    run(tmp_path, "Check", CODE="0", LEDGER="my ledger", IGNORE="ignore.toml")
    given = asked(tmp_path)
    assert given[given.index("--ledger") + 1] == "my ledger"
    assert given[given.index("--ignore") + 1] == "ignore.toml"


def test_old_reports_make_room(tmp_path: Path) -> None:
    history = tmp_path / "drift-history"
    history.mkdir()
    for number in range(405):
        (history / f"20260101T{number:06}Z.json").touch()
    run(tmp_path, "Check", CODE="0", WRITES="yes")
    left = sorted(path.name for path in history.iterdir())
    assert len(left) == 400
    assert left[0] == "20260101T000006Z.json"


def test_a_run_without_a_report_touches_no_issue(tmp_path: Path) -> None:
    assert run(tmp_path, "Keep the issues", CODE="1").returncode == 0
    assert not (tmp_path / "asked").exists()
    (tmp_path / "drift-report").mkdir()
    (tmp_path / "drift-report/report.json").touch()
    assert run(tmp_path, "Keep the issues", CODE="1").returncode == 1
    assert asked(tmp_path) == [
        "-m",
        "scripts.drift_issues",
        "--apply",
        "--report",
        "drift-report/report.json",
    ]


@pytest.mark.parametrize(("code", "fails"), [("0", False), ("2", False), ("1", True), ("", True)])
def test_the_job_fails_if_something_could_not_be_checked(
    tmp_path: Path, code: str, fails: bool
) -> None:
    name = "Fail if something could not be checked"
    assert bool(run(tmp_path, name, CODE=code).returncode) is fails
    assert STEPS[name]["if"] == "${{ !cancelled() }}"
