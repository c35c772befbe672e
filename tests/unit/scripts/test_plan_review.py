"""The real command, in a process of its own, on plans that Terraform made."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from scripts.lib.clients import Account
from scripts.lib.jumpstart.plan import AssociateRole
from scripts.lib.plan_file import write_plan
from tests.unit.scripts.commands import ROOT, run_command

PLANS = ROOT / "tests/golden/plans"
EVERYDAY, NOTHING = PLANS / "everyday/plan.json", PLANS / "nothing/plan.json"
ACCOUNT = Account("123456789012", "aws", "eu-west-1")
PASS = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": "/usr/bin:/bin", "COLUMNS": "120", **environment}
    return run_command("scripts.plan_review", tuple(map(str, arguments)), given)


def fingerprint(*arguments: object) -> str:
    document = json.loads(run(*arguments, "--format", "json").stdout)
    return str(document["fingerprint"])


@pytest.fixture
def dangerous(tmp_path: Path) -> Path:
    """A plan by which a policy gains PassRole on everything."""
    after = {"name": "p", "policy": json.dumps({"Version": "2012-10-17", "Statement": [PASS]})}
    entry = {
        "address": "aws_iam_policy.P",
        "mode": "managed",
        "type": "aws_iam_policy",
        "name": "P",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {"actions": ["create"], "before": None, "after": after},
    }
    path = tmp_path / "dangerous.json"
    path.write_text(json.dumps({"format_version": "1.2", "resource_changes": [entry]}))
    return path


def test_nothing_to_do_is_one_line_and_exit_code_0() -> None:
    done = run(NOTHING)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Nothing to do in 1 stack.\n", "")


@pytest.mark.parametrize("name", sorted(path.parent.name for path in PLANS.glob("*/plan.json")))
@pytest.mark.parametrize("form", ["text", "markdown", "json", "sarif"])
def test_plans_of_all_kinds_are_reviewed_in_all_forms(name: str, form: str) -> None:
    done = run(PLANS / name / "plan.json", "--format", form)
    assert done.returncode in (0, 2), done.stderr
    assert done.stderr == ""
    if form in ("json", "sarif"):
        json.loads(done.stdout)


def test_changes_are_exit_code_2_and_several_stacks_one_review() -> None:
    done = run(EVERYDAY, NOTHING, f"again={EVERYDAY}")
    assert done.returncode == 2
    assert " in 2 of 3" in done.stdout.splitlines()[0]
    assert "again" in done.stdout


def test_files_are_written_by_their_suffix_and_nothing_is_printed(tmp_path: Path) -> None:
    names = {".md": "<!-- ", ".json": "{", ".sarif": "{", ".txt": "3 to destroy"}
    options = [word for suffix in names for word in ("--out", tmp_path / f"review{suffix}")]
    done = run(EVERYDAY, *options)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")
    for suffix, beginning in names.items():
        assert (tmp_path / f"review{suffix}").read_text().startswith(beginning), suffix


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument 'PLAN...'."),
        (("none.json",), "plan none.json"),
        ((EVERYDAY, "--out", "review.html"), "--out review.html: allowed is a name with .txt, "),
        ((EVERYDAY, "--format", "html"), "Invalid value for '--format': Value error, 'html'"),
        ((EVERYDAY, "--own-account", "1"), "--own-account is 1, allowed: twelve digits"),
        ((EVERYDAY, "--acknowledge", "none.toml"), "none.toml: cannot be read: No such file"),
        ((EVERYDAY, "--script-plan", "none.json"), "plan file none.json cannot be read"),
        ((EVERYDAY, "--links"), "no repository and commit: GITHUB_REPOSITORY and GITHUB_SHA"),
        ((EVERYDAY, "--fail-on", "severe"), "Invalid value for '--fail-on': Value error, 'sev"),
        ((EVERYDAY, "--out", "/none/there.md"), "--out /none/there.md cannot be written: No such"),
    ],
)
def test_fails_with_one_line(arguments: tuple[object, ...], message: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: {message}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("version", ["2.0", "0.2", "x"])
def test_fails_for_a_format_that_is_not_known(tmp_path: Path, version: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"format_version": version, "resource_changes": []}))
    done = run(path)
    assert (done.returncode, done.stdout) == (1, "")
    assert version in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_risk_that_nobody_accepted_fails_with_the_review_written(
    dangerous: Path, tmp_path: Path
) -> None:
    out = tmp_path / "review.md"
    done = run(dangerous, "--fail-on", "high", "--out", out)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "of high risk or worse" in done.stderr
    assert "pass-role" in done.stderr
    assert "iam:PassRole" in out.read_text()
    assert run(PLANS / "imported/plan.json", "--fail-on", "high").returncode == 2


@pytest.mark.parametrize(("expires", "code"), [("2999-01-01", 2), ("2020-01-01", 1)])
def test_what_is_accepted_passes_until_it_expires(
    dangerous: Path, tmp_path: Path, expires: str, code: int
) -> None:
    file = tmp_path / "accepted.toml"
    document = json.loads(run(dangerous, "--format", "json").stdout)
    rules = [
        finding["rule"]
        for change in document["stacks"][0]["changes"]
        for finding in change["findings"]
    ]
    assert rules
    file.write_text(
        "".join(
            f'[[acknowledge]]\nrule = "{rule}"\nreason = "agreed"\nexpires = {expires}\n'
            for rule in rules
        )
    )
    done = run(dangerous, "--fail-on", "low", "--acknowledge", file)
    assert done.returncode == code, done.stderr
    assert ("agreed" in done.stdout) is True


def test_the_plan_that_was_reviewed_is_told_from_another_one(dangerous: Path) -> None:
    reviewed = fingerprint(dangerous)
    assert run(dangerous, "--expect", reviewed).returncode == 2
    done = run(EVERYDAY, "--expect", reviewed)
    assert done.returncode == 1
    assert done.stderr == (
        f"error: the plan is not the one that was reviewed: {reviewed} was expected, "
        f"this is {fingerprint(EVERYDAY)}\n"
    )


def test_the_scripts_plan_is_in_the_same_review(tmp_path: Path) -> None:
    role = "arn:aws:iam::123456789012:role/Ben"
    plan = tmp_path / "post-apply.json"
    change = AssociateRole(role_arn=role, portfolio_id="port-1", reasons=("user ben",))
    digest = write_plan(plan, ACCOUNT, (change,))
    done = run(NOTHING, "--script-plan", plan, "--format", "markdown")
    assert done.returncode == 2
    assert "role/Ben" in done.stdout
    assert digest in done.stdout
    assert fingerprint(NOTHING, "--script-plan", plan) != fingerprint(NOTHING)


def test_links_lead_to_the_commit_of_the_job(tmp_path: Path) -> None:
    sources = {"construct": "web/Updated", "frames": ["modules/web.py:7"]}
    elements = {"terraform_data.updated": sources}
    (tmp_path / "everyday").mkdir()
    (tmp_path / "everyday/sources.json").write_text(
        json.dumps({"version": 1, "elements": elements})
    )
    arguments = (EVERYDAY, "--sources", tmp_path, "--links", "--prefix", "sagemaker")
    job = {"GITHUB_REPOSITORY": "owner/name", "GITHUB_SHA": "0123abc" * 5}
    done = run(*arguments, "--format", "markdown", **job)
    assert (
        f"https://github.com/owner/name/blob/{'0123abc' * 5}/sagemaker/modules/web.py#L7"
        in done.stdout
    )


def test_it_fits_a_comment_and_says_where_the_rest_is(tmp_path: Path) -> None:
    document = json.loads(EVERYDAY.read_text())
    (created,) = (
        entry
        for entry in document["resource_changes"]
        if entry["address"] == "terraform_data.created"
    )
    document["resource_changes"] = [
        created | {"address": f"terraform_data.created[{number}]"} for number in range(3000)
    ]
    path = tmp_path / "many.json"
    path.write_text(json.dumps(document))
    done = run(path, "--format", "markdown", "--details", "https://example.com/all")
    assert len(done.stdout.encode()) <= 65_536
    assert "https://example.com/all" in done.stdout
