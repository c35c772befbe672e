"""The workflows of pull requests: steps as they stand, with real Terraform in the sandbox."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from scripts.lib.terraform import Terraform, terraform_environment
from scripts.sandbox import Sandbox
from tests.integration.running_provider import installed_provider, running_provider
from tests.integration.workflow_jobs import PROJECT, Done, Jobs
from tests.unit.scripts.github_comments import JOB_TOKEN, PERSON, FakeGitHub, github_server

MARKER = "<!-- sagemaker-plan-review -->"
COMMIT = "c0ffee" * 6 + "beef"
SETTINGS = """
region    = "eu-west-1"
deployers = ["arn:aws:iam::123456789012:user/platform-deployer"]
projects  = []
networks = [
  {
    name           = "main"
    vpc            = { name = "ProSM-VPC" }
    subnet         = { name = "ProSM-ResourceSubnet" }
    security_group = { name = "ProSM-ResourceSG" }
    route_tables   = [{ name = "ProSM-RouteTable" }]
  },
]
"""
OTHER_SETTINGS = SETTINGS.replace("  },", '    extra_buckets = ["another"]\n  },')
AWS = """#!/bin/sh
# As much of the AWS command line as keeps the ledger.
[ "$1 $2" = "s3 sync" ] || exit 252
local_path() { case "$1" in s3://*) echo "$BUCKETS/${1#s3://}" ;; *) echo "$1" ;; esac; }
from=$(local_path "$3") to=$(local_path "$4")
mkdir -p "$from" "$to" && cp -R "$from/." "$to"
"""
KNOWN = {
    "github.event.pull_request.base.sha": "0" * 40,
    "github.event.pull_request.head.repo.full_name": "acme/platform",
    "github.ref": "refs/heads/main",
    "github.repository": "acme/platform",
    "github.run_id": "99",
    "github.server_url": "https://github.com",
    "github.token": JOB_TOKEN,
    "inputs.fingerprint": "",
    "vars.APPLY_ROLE_ARN": "arn:aws:iam::123456789012:role/apply",
    "vars.PLAN_ROLE_ARN": "arn:aws:iam::123456789012:role/plan",
    "vars.AWS_REGION": "eu-west-1",
    "vars.PLAN_SARIF": "true",
    "vars.POST_APPLY": "true",
    "vars.POST_APPLY_LEDGER": "s3://ledgers/platform",
}


@pytest.fixture
def server() -> Iterator[FakeGitHub]:
    with github_server() as github:
        yield github


@pytest.fixture
def sandbox(pristine: Sandbox) -> Iterator[Sandbox]:
    with pristine.fork() as sandbox:
        yield sandbox


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a job checks out and installs."""
    directory = tmp_path / "checkout"
    directory.mkdir()
    shutil.copy2(PROJECT / "main.py", directory)  # it takes the folder of its file for the project
    for name in (".cache", ".venv", "modules", "scripts", "slim_bindings"):
        (directory / name).symlink_to(PROJECT / name)
    return directory


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    """The code that is merged already, of which the comment's job needs the scripts alone."""
    directory = tmp_path / "merged"
    directory.mkdir()
    for name in (".venv", "scripts"):
        (directory / name).symlink_to(PROJECT / name)
    return directory


@pytest.fixture
def jobs(sandbox: Sandbox, server: FakeGitHub, tmp_path: Path) -> Iterator[Jobs]:
    """A job's environment in the sandbox, beside a provider that is running already."""
    environment = terraform_environment(sandbox.process_environment(), tmp_path)
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "aws").write_text(AWS, encoding="utf-8")
    (commands / "aws").chmod(0o755)
    provider = tmp_path / "provider"
    provider.mkdir()
    required = {"aws": {"source": "hashicorp/aws"}}
    configuration = {"terraform": {"required_providers": required}}
    (provider / "main.tf.json").write_text(json.dumps(configuration), encoding="utf-8")
    Terraform(provider, environment, tmp_path / "terraform.log").init()
    with ExitStack() as running:
        attached = running.enter_context(
            running_provider(installed_provider(provider), environment)
        )
        variables = {
            "BUCKETS": str(tmp_path / "buckets"),
            "GITHUB_API_URL": server.url,
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_REPOSITORY": "acme/platform",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": COMMIT,
            "PATH": f"{commands}:{environment['PATH']}",
        }
        yield Jobs({**attached, **variables}, dict(KNOWN), tmp_path / "artifacts")


def succeeded(done: Done) -> bool:
    assert done.succeeded, (done.outcomes, done.errors[-3000:])
    return True


def test_a_pull_request_is_planned_reviewed_merged_and_applied(
    jobs: Jobs, checkout: Path, merged: Path, server: FakeGitHub, sandbox: Sandbox
) -> None:
    settings = checkout / "settings.tfvars"
    settings.write_text(SETTINGS, encoding="utf-8")
    server.add(f"{MARKER}\nwhat a stranger says", PERSON)
    server.add(f"{MARKER}\nof the push before")

    planned = jobs.run("plan", "plan", checkout)
    assert succeeded(planned)
    assert planned.summary.startswith(MARKER)
    assert "The script's part" in planned.summary
    artifacts = sorted(path.name for path in (jobs.artifacts / "plan-review").iterdir())
    assert artifacts == ["review.json", "review.md", "review.sarif", "review.txt"]
    assert succeeded(jobs.run("plan", "comment", merged))
    assert server.bodies() == [f"{MARKER}\nwhat a stranger says", planned.summary]
    scanned = merged.with_name("scanned")
    scanned.mkdir()
    assert succeeded(jobs.run("plan", "code-scanning", scanned))

    server.pulls_of_commits[COMMIT] = [
        {"number": 7, "merged_at": "2026-01-01T00:00:00Z", "merge_commit_sha": COMMIT}
    ]
    settings.write_text(OTHER_SETTINGS, encoding="utf-8")
    refused = apply(jobs, checkout)
    assert not refused.succeeded
    last = refused.errors.splitlines()[-1]
    assert last.startswith("error: the plan is not the one that was reviewed: sha256:"), last
    assert refused.outcomes["Apply"] == "skipped"
    assert endpoints(sandbox) == 0

    settings.write_text(SETTINGS, encoding="utf-8")
    applied = apply(jobs, checkout)
    assert succeeded(applied)
    assert endpoints(sandbox) > 5
    ledger = Path(jobs.environment["BUCKETS"], "ledgers/platform")
    assert ".json" in [path.suffix for path in ledger.iterdir()]


@pytest.fixture
def reviewing(tmp_path: Path, checkout: Path, server: FakeGitHub) -> Jobs:
    """What the review's step needs, beside a plan with a finding of high risk."""
    stack = checkout / "cdktf.out/stacks/notebook"
    stack.mkdir(parents=True)
    shutil.copy(PROJECT / "tests/golden/plans/everyday/plan.json", stack / "review.tfplan")
    environment = {
        "GITHUB_API_URL": server.url,
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_REPOSITORY": "acme/platform",
        "GITHUB_SHA": COMMIT,
        "PATH": os.environ["PATH"],
    }
    known = {**KNOWN, "steps.aws.outputs.aws-account-id": "123456789012"}
    return Jobs(environment, known, tmp_path / "artifacts")


def test_a_finding_of_high_risk_fails_the_job_and_is_commented_all_the_same(
    reviewing: Jobs, checkout: Path, merged: Path, server: FakeGitHub
) -> None:
    done = reviewing.run("plan", "plan", checkout, start="Review")
    assert (done.succeeded, done.outcomes["Review"]) == (False, "failure")
    assert done.errors == (
        "error: 1 finding of high risk or worse not acknowledged: check-failed\n"
    )
    assert done.outputs == {"review": "4711"}
    assert succeeded(reviewing.run("plan", "comment", merged))
    assert server.bodies() == [done.summary]


def test_a_finding_that_is_accepted_fails_nothing(reviewing: Jobs, checkout: Path) -> None:
    (checkout / "plan-review.toml").write_text(
        '[[acknowledge]]\nrule = "check-failed"\nreason = "known"\nexpires = 9999-12-31\n'
    )
    assert succeeded(reviewing.run("plan", "plan", checkout, start="Review"))


def test_nothing_is_commented_if_nothing_could_be_reviewed(
    reviewing: Jobs, checkout: Path, merged: Path, server: FakeGitHub
) -> None:
    (checkout / "cdktf.out/stacks/notebook/review.tfplan").write_text("{}")
    done = reviewing.run("plan", "plan", checkout, start="Review")
    assert (done.succeeded, done.outputs) == (False, {"review": ""})
    assert reviewing.run("plan", "comment", merged).outcomes == {"job": "skipped"}
    assert server.asked == []


def test_a_fork_is_told_and_nothing_else(jobless: Jobs, checkout: Path) -> None:
    assert jobless.run("plan", "skipped", checkout).outcomes == {"job": "skipped"}
    jobless.known["github.event.pull_request.head.repo.full_name"] = "stranger/platform"
    told = jobless.run("plan", "skipped", checkout)
    assert told.printed.startswith("::notice title=Not planned::A fork has no access to AWS.")
    for job in ("plan", "comment", "code-scanning"):
        assert jobless.run("plan", job, checkout).outcomes == {"job": "skipped"}


def test_nothing_is_planned_or_applied_without_roles(jobless: Jobs, checkout: Path) -> None:
    jobless.known |= {"vars.PLAN_ROLE_ARN": "", "vars.APPLY_ROLE_ARN": ""}
    assert jobless.run("plan", "plan", checkout).outcomes == {"job": "skipped"}
    assert jobless.run("apply", "apply", checkout).outcomes == {"job": "skipped"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("sha256:of-yesterday", ["the plan is not the one that was reviewed: sha256:of-yesterday"]),
        ("", ["commit c0ffee", "the plan is not the one that was reviewed: none was expected"]),
    ],
    ids=["stale", "pushed"],
)
def test_what_nobody_reviewed_is_refused_and_shown(
    reviewing: Jobs, checkout: Path, given: str, said: list[str]
) -> None:
    reviewing.known["inputs.fingerprint"] = given
    done = reviewing.run("apply", "apply", checkout, start="Refuse what was not reviewed")
    assert not done.succeeded
    lines = done.errors.splitlines()
    assert [line.startswith(f"error: {text}") for line, text in zip(lines, said, strict=True)] == [
        True for _ in said
    ]
    assert done.outcomes["Apply"] == "skipped"
    assert lines[-1].rpartition(" ")[2] in done.summary


@pytest.fixture
def jobless(tmp_path: Path) -> Jobs:
    """Nothing that any step could work with."""
    return Jobs({"PATH": os.environ["PATH"]}, dict(KNOWN), tmp_path / "artifacts")


def apply(jobs: Jobs, checkout: Path) -> Done:
    """Run the job as if the runner were a new one; state and ledger are elsewhere."""
    for name in ("cdktf.out", "post-apply-ledger"):
        shutil.rmtree(checkout / name, ignore_errors=True)
    for name in ("review.md", "script-plan.json", "step-summary.md"):
        (checkout / name).unlink(missing_ok=True)
    return jobs.run("apply", "apply", checkout)


def endpoints(sandbox: Sandbox) -> int:
    return len(sandbox.client("ec2").describe_vpc_endpoints()["VpcEndpoints"])
