"""What no workflow may do, whoever opens the pull request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github/actions").glob("*/action.yml"))
USES = re.compile(r"^\s*(?:- )?uses: (.*)$", re.MULTILINE)
PINNED = re.compile(r"([\w-]+/[\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)")
WRITES = {
    ("plan", "plan"): {"id-token"},
    ("plan", "comment"): {"pull-requests"},
    ("plan", "code-scanning"): {"security-events"},
    ("apply", "apply"): {"id-token"},
    ("drift", "check"): {"id-token", "issues"},
}
"""What each job may write; all others nothing."""


def load(path: Path) -> dict[Any, Any]:
    document: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return document


def triggers(path: Path) -> set[str]:
    """Return the events of a workflow; YAML 1.1 takes the key ``on`` for true."""
    return set(load(path)[True])


def jobs() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path.stem, name, body) for path in WORKFLOWS for name, body in load(path)["jobs"].items()
    ]


def steps() -> list[dict[str, Any]]:
    own = [step for path in ACTIONS for step in load(path)["runs"]["steps"]]
    return own + [step for _, _, body in jobs() for step in body["steps"]]


def test_every_action_is_pinned_to_a_commit_and_all_to_the_same_one() -> None:
    pins: dict[str, set[tuple[str, str]]] = {}
    for path in (*WORKFLOWS, *ACTIONS):
        for used in USES.findall(path.read_text("utf-8")):
            if used.startswith("./"):
                assert (ROOT / used / "action.yml").is_file(), used
                continue
            pinned = PINNED.fullmatch(used)
            assert pinned is not None, f"{path.name}: {used} is not pinned"
            pins.setdefault(pinned[1], set()).add((pinned[2], pinned[3]))
    assert len(pins) >= 8
    assert {name: found for name, found in pins.items() if len(found) > 1} == {}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_workflow_lends_its_rights_to_strangers(path: Path) -> None:
    assert triggers(path) <= {"push", "pull_request", "schedule", "workflow_dispatch"}
    assert load(path)["permissions"] in ({}, {"contents": "read"})
    assert "secrets." not in path.read_text("utf-8")


def test_each_job_writes_what_it_must_and_no_more() -> None:
    for workflow, name, body in jobs():
        given = body.get("permissions", {})
        assert set(given.values()) <= {"read", "write"}
        writes = {what for what, how in given.items() if how == "write"}
        assert writes == WRITES.get((workflow, name), set()), (workflow, name)


def test_nothing_that_others_write_is_put_into_a_script() -> None:
    assert [step["run"] for step in steps() if "${{" in step.get("run", "")] == []


def test_no_checkout_leaves_its_token_behind() -> None:
    checkouts = [step for step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) >= 5
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_the_token_is_in_the_environment_of_the_steps_that_ask_github_alone() -> None:
    asking = ("scripts.plan_comment", "scripts.drift_issues")
    for _, _, body in jobs():
        assert "GITHUB_TOKEN" not in body.get("env", {})
    for step in steps():
        assert ("GITHUB_TOKEN" in step.get("env", {})) == any(
            command in step.get("run", "") for command in asking
        ), step


def test_reports_alone_are_kept() -> None:
    """A plan, as a file or as JSON, holds every secret that the state holds."""
    uploads = [step for step in steps() if step.get("uses", "").startswith("actions/upload-")]
    kept = {step["with"]["path"] for step in uploads}
    assert "review" in kept
    assert all(re.fullmatch(r"review|drift[a-z-]*", path) for path in kept), kept


def test_what_may_write_to_a_pull_request_never_runs_its_code() -> None:
    for workflow, name, body in jobs():
        if "pull-requests" in WRITES.get((workflow, name), ()):
            (checkout,) = [
                step
                for step in body["steps"]
                if step.get("uses", "").startswith("actions/checkout")
            ]
            assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"


def test_forks_are_not_planned_but_told() -> None:
    planning = load(ROOT / ".github/workflows/plan.yml")["jobs"]
    same = "github.event.pull_request.head.repo.full_name == github.repository"
    assert same in planning["plan"]["if"]
    assert same.replace("==", "!=") in planning["skipped"]["if"]
    assert "::notice" in planning["skipped"]["steps"][0]["run"]


def test_one_plan_for_a_pull_request_and_one_apply_at_a_time() -> None:
    plan, apply = (load(ROOT / f".github/workflows/{name}.yml") for name in ("plan", "apply"))
    assert plan["concurrency"]["group"] == "plan-${{ github.event.pull_request.number }}"
    assert apply["concurrency"] == {"group": "apply", "cancel-in-progress": False}


def test_a_refusal_comes_before_anything_is_applied() -> None:
    (job,) = load(ROOT / ".github/workflows/apply.yml")["jobs"].values()
    names = [step.get("name") for step in job["steps"]]
    refusal = names.index("Refuse what was not reviewed")
    assert "--expect" in job["steps"][refusal]["run"]
    assert names[refusal + 1 :] == ["Apply", "Apply what Terraform cannot hold"]
    assert not any("apply -" in step.get("run", "") for step in job["steps"][: refusal + 1])
