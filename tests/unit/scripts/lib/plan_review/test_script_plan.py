"""The post-apply script's plan, read to be shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.lib.clients import Account
from scripts.lib.errors import InputError
from scripts.lib.jumpstart.plan import AssociateRole, EnablePortfolio
from scripts.lib.plan_file import write_plan
from scripts.lib.plan_review.model import ScriptChange, ScriptPlan
from scripts.lib.plan_review.script_plan import read_script_plan

ACCOUNT = Account("123456789012", "aws", "eu-west-1")
ROLE = "arn:aws:iam::123456789012:role/Ben"
CHANGES = (
    EnablePortfolio(account_id=ACCOUNT.account_id, region=ACCOUNT.region, reasons=("nobody did",)),
    AssociateRole(role_arn=ROLE, portfolio_id="port-1", reasons=("ben of d-1",)),
)


def test_what_the_script_would_do_is_read(tmp_path: Path) -> None:
    digest = write_plan(tmp_path / "plan.json", ACCOUNT, CHANGES)
    assert read_script_plan(tmp_path / "plan.json") == ScriptPlan(
        "123456789012",
        "eu-west-1",
        f"sha256:{digest}",
        tuple(
            ScriptChange(change.action, change.subject, change.target, change.reasons)
            for change in CHANGES
        ),
    )


def test_fails_when_it_was_changed_since(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_plan(path, ACCOUNT, CHANGES)
    path.write_text(path.read_text().replace("role/Ben", "role/Eve"))
    with pytest.raises(InputError, match="was changed since it was written"):
        read_script_plan(path)


@pytest.mark.parametrize("content", ["", "{}", "[]", json.dumps({"format": 2}), "\x00"])
def test_fails_when_it_is_no_plan(tmp_path: Path, content: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(content)
    with pytest.raises(InputError, match=f"^plan file {path}"):
        read_script_plan(path)
