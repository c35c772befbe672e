"""Plans as they are given to the command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scripts.lib.errors import InputError
from scripts.lib.plan_review.plans import planned_stacks
from scripts.lib.process import CommandError

PLAN = Path(__file__).resolve().parents[4] / "golden/plans/everyday/plan.json"
SOURCES = {
    "version": 1,
    "elements": {
        "terraform_data.updated": {"construct": "web/Updated", "frames": ["modules/web.py:7"]}
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A stack's folder with a plan and where its resources come from."""
    path = tmp_path / "stacks/web"
    path.mkdir(parents=True)
    shutil.copy(PLAN, path / "plan.json")
    (path / "sources.json").write_text(json.dumps(SOURCES))
    return path


def test_the_folder_names_the_stack_and_says_where_it_comes_from(folder: Path) -> None:
    (stack,) = planned_stacks([str(folder / "plan.json")], None)
    assert stack.plan.stack == "web"
    assert stack.origins["terraform_data.updated"].construct == "web/Updated"


def test_a_name_before_the_path_names_the_stack(folder: Path, tmp_path: Path) -> None:
    (stack,) = planned_stacks([f"shop={folder / 'plan.json'}"], None)
    assert stack.plan.stack == "shop"
    (stack,) = planned_stacks([f"web={PLAN}"], tmp_path / "stacks")
    assert stack.origins["terraform_data.updated"].construct == "web/Updated"


def test_a_path_may_hold_an_equals_sign(folder: Path) -> None:
    odd = folder / "a=b.json"
    (folder / "plan.json").rename(odd)
    (stack,) = planned_stacks([str(odd)], None)
    assert stack.plan.stack == "a=b"


def test_stacks_keep_their_order(folder: Path) -> None:
    stacks = planned_stacks([f"{name}={folder / 'plan.json'}" for name in "cab"], None)
    assert [stack.plan.stack for stack in stacks] == ["c", "a", "b"]


def test_fails_for_two_plans_of_one_stack(folder: Path) -> None:
    plan = str(folder / "plan.json")
    with pytest.raises(InputError) as caught:
        planned_stacks([plan, plan], None)
    assert str(caught.value) == f"two plans are of stack web: name them, as NAME={plan}"


@pytest.mark.parametrize("given", ["=plan.json", "a/b=plan.json"])
def test_fails_for_a_name_that_cannot_be(given: str) -> None:
    with pytest.raises(InputError) as caught:
        planned_stacks([given], None)
    assert str(caught.value) == f"plan {given}: expected PATH or STACK=PATH"


def test_fails_for_a_plan_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        planned_stacks([str(tmp_path / "none.json")], None)


def test_fails_for_a_corrupt_file_of_sources(folder: Path) -> None:
    (folder / "sources.json").write_text("{")
    with pytest.raises(InputError, match="is not valid JSON"):
        planned_stacks([str(folder / "plan.json")], None)


def test_a_plan_file_is_shown_by_terraform_where_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real one is asked in the integration tests; here it is a script that says what it got."""
    terraform = folder.parent / "terraform"
    terraform.write_text(f'#!/bin/sh\n[ "$*" = "show -json x.tfplan" ] && cat "{PLAN}"\n')
    terraform.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder.parent), prepend=":")
    (folder / "x.tfplan").write_bytes(b"PK\x03\x04")
    (stack,) = planned_stacks([str(folder / "x.tfplan")], None)
    (same,) = planned_stacks([f"x={folder / 'plan.json'}"], None)
    assert stack.plan == same.plan


def test_fails_with_what_terraform_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terraform = folder.parent / "terraform"
    terraform.write_text("#!/bin/sh\necho Error: Inconsistent dependency lock file >&2; exit 1\n")
    terraform.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder.parent), prepend=":")
    (folder / "x.tfplan").write_bytes(b"PK\x03\x04")
    with pytest.raises(CommandError, match="Inconsistent dependency lock file"):
        planned_stacks([str(folder / "x.tfplan")], None)
