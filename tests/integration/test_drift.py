"""Drift on Terraform's plane: nothing of a clean deployment, every change by hand exactly once."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from scripts.lib.drift.findings import Sight
from scripts.lib.drift.model import Checked, Drift, Plane
from scripts.lib.drift.terraform_plane import Terms, check_stack
from tests.integration.conftest import Deployment, copied
from tests.integration.drift.changes import CHANGES, Change, table
from tests.integration.drift.hands import Hands
from tests.unit.scripts.lib.drift.catalog_changes import CATALOG_CHANGES

STACKS = ("network-main", "notebook-quickstart", "notebook-vision", "jumpstart")
READING = ("Get", "List", "Describe", "Head", "AssumeRole")
README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- drift: made by tests/integration/test_drift.py -->\n", "<!-- drift end -->"


@pytest.fixture(scope="module")
def tampered(applied: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Everything changed by hand at once."""
    with copied(applied, tmp_path_factory.mktemp("drift")) as deployment:
        for change in CHANGES:
            change.act(Hands(deployment))
        yield deployment


@pytest.fixture(scope="module")
def reports(tampered: Deployment) -> dict[str, Checked]:
    """What the check of each stack says then."""
    return {stack: check(tampered, stack) for stack in STACKS}


def check(deployment: Deployment, stack: str) -> Checked:
    """Check a stack as the command does, with a provider that is running already."""
    terraform = deployment.terraform(stack)
    terms = Terms(
        Sight(own_accounts=frozenset({deployment.sandbox.account_id})),
        catalog=deployment.client("servicecatalog"),
    )
    return check_stack(terraform.directory, stack, terraform.environment, terms)


def found(reports: Mapping[str, Checked], change: Change) -> list[Drift]:
    return [
        drift
        for drift in reports[change.stack].drifts
        if drift.subject.startswith(change.subject) and drift.what == change.what
    ]


def files(directory: Path) -> dict[str, str]:
    """Return a digest of every file but the installed provider, which is a link."""
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in directory.rglob("*")
        if path.is_file() and "providers" not in path.parts
    }


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_is_said_of_a_clean_deployment(
    unchanged: Deployment, stack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is changed: no file, nothing in the account. `make bench-drift` runs it twenty
    times in a row."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    terraform = unchanged.terraform(stack)
    before, calls = files(unchanged.directory), len(unchanged.sandbox.journal())
    checked = check(unchanged, stack)
    assert checked.failures == ()
    assert checked.drifts == ()
    assert files(terraform.directory.parents[2]) == before
    written = [
        f"{call.service}:{call.operation}"
        for call in unchanged.sandbox.journal()[calls:]
        if not call.operation.startswith(READING)
    ]
    assert written == []
    assert list(tmp_path.iterdir()) == [], "a plan was left behind"


def test_it_is_still_clean_the_second_time(unchanged: Deployment) -> None:
    first, second = (check(unchanged, "network-main") for _ in range(2))
    assert first.drifts == second.drifts == ()
    assert first.noise == second.noise


@pytest.mark.parametrize(
    "change", [pytest.param(each, id=each.did) for each in CHANGES if each.what]
)
def test_a_change_is_told_once(reports: dict[str, Checked], change: Change) -> None:
    told = found(reports, change)
    assert len(told) == 1, [(each.subject, each.what) for each in reports[change.stack].drifts]
    assert told[0].plane is Plane.TERRAFORM
    assert told[0].stack == change.stack
    assert told[0].remedies[0].mend is change.mend
    assert told[0].remedies[0].command
    assert told[0].risk is change.risk
    assert told[0].expected != told[0].actual


@pytest.mark.parametrize(
    "change", [pytest.param(each, id=each.did) for each in CHANGES if not each.what]
)
def test_what_is_cosmetic_does_not_alarm(reports: dict[str, Checked], change: Change) -> None:
    told = [each.subject for each in reports[change.stack].drifts]
    assert not [subject for subject in told if subject.startswith(change.subject)]


def test_nothing_else_is_told(reports: dict[str, Checked]) -> None:
    assert not [failure for each in reports.values() for failure in each.failures]
    told = Counter(stack for stack, each in reports.items() for _ in each.drifts)
    assert told == Counter(change.stack for change in CHANGES if change.what)


def test_what_only_shows_a_cause_is_under_it(reports: dict[str, Checked]) -> None:
    folded = {drift.what: drift.folded for each in reports.values() for drift in each.drifts}
    (attachment,) = folded["The role was deleted."]
    assert attachment.startswith("aws_iam_role_policy_attachment.ServiceRoles_GlueRole")
    (mirror,) = folded["The bucket's lifecycle rules were changed."]
    assert mirror.endswith(".lifecycle_rule")
    (mirror,) = folded["The bucket's default encryption was changed."]
    assert mirror.endswith(".server_side_encryption_configuration")


def test_what_is_mended_by_an_apply_is_mended_by_one(
    tampered: Deployment, reports: dict[str, Checked]
) -> None:
    stack = "network-main"
    assert {drift.remedies[0].command for drift in reports[stack].drifts} == {
        f"npx cdktf deploy {stack}"
    }
    terraform = tampered.terraform(stack)
    terraform.save_plan()
    terraform.apply()
    assert check(tampered, stack).drifts == ()


def test_there_are_at_least_twenty_five_kinds() -> None:
    assert len({change.did for change in CHANGES}) == len(CHANGES) >= 25


def test_readme_shows_these_changes() -> None:
    """And those of the other planes, which tests/unit/scripts/lib/drift/test_catalog_changes.py
    makes. UPDATE_GOLDEN=1 writes the table anew, to be read in the diff."""
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    made = f"{before}{BEGIN}\n{table((*CHANGES, *CATALOG_CHANGES))}\n\n{END}{after}"
    if os.environ.get("UPDATE_GOLDEN"):
        README.write_text(made, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == made
