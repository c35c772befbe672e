"""Asking Terraform what differs from its state, without changing anything.

A plan that only refreshes: a plan of the whole configuration ends with the first failing condition
and then says less than it saw, and mixes in settings that are not applied yet. With
``-lock=false`` nobody's apply is ever held up; the price is that the state may change meanwhile,
which is found out by its serial number.
https://developer.hashicorp.com/terraform/cli/commands/plan#refresh-only
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.lib.drift.failures import reason
from scripts.lib.errors import ToolError, one_line
from scripts.lib.process import CommandError, TimeLimitError, run, run_json, run_text

LIMIT = 900.0
"""Seconds for each command of Terraform."""


class RefreshError(ToolError):
    """It could not be seen what differs; the text is one line."""


class NoStateError(RefreshError):
    """There is no state: nothing was deployed that could drift."""


@dataclass(frozen=True, slots=True)
class StateIdentity:
    """Which state it is, and how often it was written."""

    lineage: str
    serial: int


class StateChangedError(RefreshError):
    """Somebody applied meanwhile: what was seen may be half of it."""


def refresh(
    directory: Path, environment: Mapping[str, str], *, init: bool = False, limit: float = LIMIT
) -> Mapping[str, Any]:
    """Return what a refresh sees, as ``terraform show -json`` prints it; nothing is changed.

    Args:
        directory: a stack's, as ``cdktf synth`` writes it, initialised.
        init: initialise it first: this downloads the provider and writes ``.terraform``.

    The plan file may hold secrets: it is in a folder that nobody else may open, and it is removed
    whatever happens.

    Raises:
        NoStateError: nothing was ever deployed from there.
        StateChangedError: the state was written meanwhile.
        RefreshError: another reason, told in one line.
    """
    if not directory.is_dir():
        raise RefreshError(f"{directory} is not there; run: npx cdktf synth")
    with tempfile.TemporaryDirectory(prefix="drift-", ignore_cleanup_errors=True) as private:
        command = _Command(directory, environment, Path(private) / "terraform.log", limit)
        if init:
            command.init()
        plan = Path(private) / "plan"
        plan.touch(mode=0o600)
        command.plan(plan)
        before = planned_state(plan)
        document = command.show(plan)
        now = command.state()
    if now is None:
        raise NoStateError(f"there is no state of {directory.name}: deploy it first")
    if before is not None and before != now:
        raise StateChangedError("the state was written while it was looked at")
    return document


def planned_state(plan: Path) -> StateIdentity | None:
    """Return which state a plan file was made of; None if the file does not tell.

    The file is a ZIP archive; that the state is in it as ``tfstate-prev`` is not documented.
    """
    try:
        with zipfile.ZipFile(plan) as archive:
            return state_identity(archive.read("tfstate-prev").decode("utf-8"))
    except (OSError, zipfile.BadZipFile, KeyError, UnicodeDecodeError):
        return None


def state_identity(text: str) -> StateIdentity | None:
    """Return which state a text is; None if it is none."""
    try:
        state = json.loads(text)
    except ValueError:
        return None
    lineage, serial = (
        (state.get("lineage"), state.get("serial")) if isinstance(state, dict) else (None, None)
    )
    if isinstance(lineage, str) and lineage and isinstance(serial, int):
        return StateIdentity(lineage, serial)
    return None


@dataclass(frozen=True, slots=True)
class _Command:
    """Terraform in a directory; what it prints goes to a private log, and is told in one line."""

    directory: Path
    environment: Mapping[str, str]
    log: Path
    limit: float

    def init(self) -> None:
        locked = (self.directory / ".terraform.lock.hcl").is_file()
        options = ["-lockfile=readonly"] if locked else []
        self._run("init", "-input=false", "-no-color", *options)

    def plan(self, plan: Path) -> None:
        options = ("-refresh-only", "-lock=false", "-input=false", "-no-color", "-json")
        self._run("plan", *options, f"-out={plan}")

    def show(self, plan: Path) -> Mapping[str, Any]:
        try:
            shown: Mapping[str, Any] = run_json(
                ["terraform", "show", "-json", str(plan)],
                self.directory, self._environment(), self.log, limit=self.limit,
            )  # fmt: skip
        except CommandError as error:
            raise self._refused("show", error) from None
        except ValueError:
            raise RefreshError("terraform show printed no JSON") from None
        return shown

    def state(self) -> StateIdentity | None:
        try:
            pulled = run_text(
                ["terraform", "state", "pull"],
                self.directory, self._environment(), self.log, limit=self.limit,
            )  # fmt: skip
        except CommandError as error:
            raise self._refused("state pull", error) from None
        return state_identity(pulled)

    def _run(self, *arguments: str) -> None:
        try:
            run(
                ["terraform", *arguments],
                self.directory, self._environment(), self.log, limit=self.limit,
            )  # fmt: skip
        except CommandError as error:
            raise self._refused(arguments[0], error) from None

    def _environment(self) -> dict[str, str]:
        """Return the environment without Terraform's own log, which would hide its messages."""
        return {
            name: value for name, value in self.environment.items() if not name.startswith("TF_LOG")
        }

    def _refused(self, command: str, error: CommandError) -> RefreshError:
        if isinstance(error, TimeLimitError):
            return RefreshError(f"terraform {command} took longer than {self.limit:g} s")
        printed = self.log.read_text("utf-8", "replace") if self.log.is_file() else ""
        said = printed.rpartition("\n$ ")[2].partition("\n")[2]
        first = one_line(str(error).partition("\n")[0].rstrip(":"))
        if not said.strip():
            return RefreshError(first)
        return RefreshError(reason(said, directory=_shown(self.directory), fallback=first))


def _shown(directory: Path) -> str:
    """Return a directory as somebody at the project's top calls it."""
    relative = os.path.relpath(directory)
    return str(directory) if relative.startswith("..") else relative
