"""The review of real plans: made by Terraform in the sandbox, read by the command."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import PROJECT, Deployment, copied
from tests.integration.plan_edits import (
    SECRET,
    Edited,
    edit_key,
    edit_outputs,
    edit_resources,
    edit_rights,
)
from tests.unit.scripts.commands import run_command

STACK, OTHER = "notebook-quickstart", "notebook-vision"
EDITS = {STACK: (edit_rights, edit_resources, edit_outputs), OTHER: (edit_key,)}
GOLDEN = PROJECT / "tests/golden/plan_review"
IDS = re.compile(
    r"\b(vpce|vpc|subnet|sg|port|prod|cons|pa|d|rtb)-[0-9a-z]{8,17}\b"
    r"|\bA[A-Z]{2}A[A-Z0-9]{17}\b"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|sha256:[0-9a-f]{64}"
)

Review = Callable[..., "subprocess.CompletedProcess[str]"]


def stable(text: str) -> str:
    """``text`` with the ids that AWS assigns, and with what depends on them, numbered."""
    seen: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        kind = match[1] or ("sha256" if match[0].startswith("sha256") else "id")
        return seen.setdefault(match[0], f"{kind}-{len(seen) + 1}")

    return IDS.sub(number, text)


def assert_golden(name: str, text: str) -> None:
    """Compare with the golden file; UPDATE_GOLDEN=1 writes it anew, to be read in the diff."""
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(stable(text), encoding="utf-8")
    assert stable(text) == file.read_text("utf-8")


@pytest.fixture(scope="module")
def planned(applied: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Plans of what was changed in the code, and of what somebody changed by hand."""
    with copied(applied, tmp_path_factory.mktemp("planned")) as deployment:
        deployment.client("logs").create_log_group(logGroupName="/adopted")
        catalog = deployment.client("servicecatalog")
        portfolio = deployment.output(STACK, "portfolio_id")
        catalog.update_portfolio(Id=portfolio, Description="Changed by hand")
        for name, edits in EDITS.items():
            file = deployment.directory / "cdktf.out/stacks" / name / "cdk.tf.json"
            stack = Edited(json.loads(file.read_text()))
            for edit in edits:
                edit(stack)
            file.write_text(json.dumps(stack.document, indent=1))
            deployment.terraform(name).save_plan()
        deployment.terraform("network-main").save_plan()
        yield deployment


@pytest.fixture(scope="module")
def files(planned: Deployment) -> tuple[Path, Path]:
    """The plan files of both notebook stacks."""
    return tuple(planned.terraform(name).directory / "review.tfplan" for name in EDITS)


@pytest.fixture(scope="module")
def shown(planned: Deployment, files: tuple[Path, Path]) -> tuple[Path, Path]:
    """The same as Terraform shows them in JSON."""
    for file in files:
        done = subprocess.run(  # noqa: S603 - the file was just made
            ["terraform", "show", "-json", file.name],  # noqa: S607 - wherever it is
            cwd=file.parent,
            env=dict(planned.terraform(STACK).environment),
            capture_output=True,
            check=True,
        )
        file.with_name("plan.json").write_bytes(done.stdout)
    return tuple(file.with_name("plan.json") for file in files)


@pytest.fixture
def review(planned: Deployment) -> Review:
    """Run the command, with the environment in which Terraform plans."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        environment = dict(planned.terraform(STACK).environment)
        return run_command("scripts.plan_review", tuple(map(str, arguments)), environment)

    return run


def test_what_changed_stacks_mean(review: Review, shown: tuple[Path, Path], tmp_path: Path) -> None:
    outs = [tmp_path / f"review.{suffix}" for suffix in ("md", "txt", "sarif", "json")]
    options = [word for out in outs for word in ("--out", out)]
    done = review(*shown, "--own-account", "123456789012", *options)
    assert (done.returncode, done.stderr) == (2, "")
    for out in outs:
        text = out.read_text("utf-8")
        assert SECRET not in text
        assert_golden(f"changed{out.suffix}", text)


def test_a_plan_file_is_shown_by_terraform_and_says_the_same(
    review: Review, files: tuple[Path, Path], shown: tuple[Path, Path]
) -> None:
    from_files, from_json = review(*files), review(*shown)
    assert (from_files.returncode, from_files.stderr) == (2, "")
    assert from_files.stdout == from_json.stdout


def test_nothing_to_do_is_one_line(review: Review, planned: Deployment) -> None:
    file = planned.terraform("network-main").directory / "review.tfplan"
    done = review(file)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "Nothing to do in 1 stack."
