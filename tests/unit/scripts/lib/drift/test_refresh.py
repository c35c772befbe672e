"""Running the refresh: what is asked, what is left behind, and what is said when it fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.lib.drift.refresh import (
    NoStateError,
    RefreshError,
    StateChangedError,
    StateIdentity,
    planned_state,
    refresh,
    state_identity,
)
from tests.unit.scripts.lib.drift.terraform_stub import EMPTY, Stub, state


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stub:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    return Stub(tmp_path / "stub")


def left_behind(stub: Stub) -> list[Path]:
    return list((stub.root.parent / "temporary").iterdir())


def test_it_only_refreshes_and_takes_no_lock(stub: Stub) -> None:
    assert refresh(stub.directory, stub.environment) == EMPTY
    plan, show, pull = stub.calls
    *options, out = plan.split()
    assert " ".join(options) == "plan -refresh-only -lock=false -input=false -no-color -json"
    assert out.startswith("-out=")
    assert show.startswith("show -json ")
    assert pull == "state pull"


def test_the_plan_is_for_the_owner_alone_and_is_removed(stub: Stub) -> None:
    stub.body('cat "$R/planned" > "${7#-out=}"')
    refresh(stub.directory, stub.environment)
    assert (stub.root / "mode").read_text().startswith("-rw-------")
    assert left_behind(stub) == []


@pytest.mark.parametrize("plan", ["exit 1", "kill -9 $$", "sleep 60"])
def test_nothing_is_left_behind_by_a_failure(stub: Stub, plan: str) -> None:
    stub.body(plan)
    with pytest.raises(RefreshError):
        refresh(stub.directory, stub.environment, limit=0.5)
    assert left_behind(stub) == []


def test_an_interrupt_leaves_nothing_behind(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scripts.lib.drift.refresh.run_json", interrupt)
    with pytest.raises(KeyboardInterrupt):
        refresh(stub.directory, stub.environment)
    assert left_behind(stub) == []


def test_a_failure_is_told_from_the_messages(stub: Stub) -> None:
    found = {"severity": "error", "summary": "x", "detail": "api error ExpiredToken: no"}
    stub.body(f"echo '{json.dumps({'diagnostic': found})}'; exit 1")
    with pytest.raises(RefreshError, match="credentials have expired"):
        refresh(stub.directory, stub.environment)


def test_one_that_says_nothing_is_told_too(stub: Stub) -> None:
    stub.body("exit 7")
    with pytest.raises(RefreshError, match=r"^terraform plan failed with exit code 7$"):
        refresh(stub.directory, stub.environment)


def test_what_takes_too_long_is_given_up(stub: Stub) -> None:
    stub.body("exec sleep 60")
    with pytest.raises(RefreshError, match=r"^terraform plan took longer than 0.2 s$"):
        refresh(stub.directory, stub.environment, limit=0.2)


def test_terraform_has_to_be_there(stub: Stub) -> None:
    with pytest.raises(RefreshError, match="cannot run terraform"):
        refresh(stub.directory, {"PATH": "/nonexistent"})


def test_a_directory_that_is_not_there_is_synthesised_first(stub: Stub) -> None:
    with pytest.raises(RefreshError, match="run: npx cdktf synth"):
        refresh(stub.root / "nothing", stub.environment)


def test_what_is_no_json_is_told(stub: Stub) -> None:
    stub.shows("Error")
    with pytest.raises(RefreshError, match="printed no JSON"):
        refresh(stub.directory, stub.environment)


@pytest.mark.parametrize("now", [state(4), state(3, "other")])
def test_a_state_that_was_written_meanwhile_is_told(stub: Stub, now: str) -> None:
    stub.body('cat "$R/planned" > "${7#-out=}"')
    stub.pulls(now)
    with pytest.raises(StateChangedError):
        refresh(stub.directory, stub.environment)


def test_without_a_state_there_is_nothing_to_drift(stub: Stub) -> None:
    stub.pulls("")
    with pytest.raises(NoStateError, match="no state of web: deploy it first"):
        refresh(stub.directory, stub.environment)


def test_init_is_run_only_if_asked_for_and_keeps_the_lock_file(stub: Stub) -> None:
    refresh(stub.directory, stub.environment, init=True)
    assert stub.calls[0] == "init -input=false -no-color"
    (stub.directory / ".terraform.lock.hcl").touch()
    refresh(stub.directory, stub.environment, init=True)
    assert stub.calls[4] == "init -input=false -no-color -lockfile=readonly"


def test_terraforms_own_log_is_switched_off(stub: Stub) -> None:
    stub.body('echo "$TF_LOG$TF_LOG_PATH" > "$R/log"; cat "$R/planned" > "${7#-out=}"')
    refresh(stub.directory, {**stub.environment, "TF_LOG": "trace", "TF_LOG_PATH": "x"})
    assert (stub.root / "log").read_text() == "\n"


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", "{broken", '{"serial": 1}', '{"serial":"1","lineage":"a"}']
)
def test_what_is_no_state_has_no_identity(text: str) -> None:
    assert state_identity(text) is None


def test_a_plan_file_of_another_form_does_not_tell(tmp_path: Path) -> None:
    path = tmp_path / "plan"
    path.write_text("no archive")
    assert planned_state(path) is None
    assert planned_state(tmp_path / "missing") is None
    assert state_identity(state(3)) == StateIdentity("abc", 3)
