"""One applied deployment, shared: a test gets a fork of the server and a copy of the state."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from modules.settings import load
from modules.stacks import build_app
from scripts.lib.terraform import Cdktf, Plan, Terraform, project_directory, terraform_environment
from scripts.sandbox import Sandbox
from tests.integration.running_provider import installed_provider, running_provider
from tests.running_sandbox import heard, told

PROJECT = project_directory()
SANDBOX_SETTINGS = (PROJECT / "examples/sandbox.tfvars").read_text(encoding="utf-8")


@dataclass
class Deployment:
    """A directory with settings, ``cdktf.out`` and local state, and the account behind it."""

    directory: Path
    sandbox: Sandbox
    settings: str
    running: ExitStack
    """Ends the provider, once a command has started it."""
    attached: dict[str, str] | None = None
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Outputs that were read since the last command that could change them."""

    @property
    def environment(self) -> dict[str, str]:
        environment = self.sandbox.process_environment(os.environ)
        return terraform_environment(environment, self.directory)

    def synth(self, settings: str | None = None) -> None:
        """Synthesise in this process: the bindings are loaded once for all tests."""
        self.settings = settings or self.settings
        path = self.directory / "settings.tfvars"
        path.write_text(self.settings, encoding="utf-8")
        app = App(outdir=str(self.directory / "cdktf.out"))
        build_app(load(path), app).synth()

    def copy_of(self, other: Deployment) -> None:
        """Take over what another one synthesised and its state."""
        shutil.copytree(other.directory, self.directory, symlinks=True, dirs_exist_ok=True)
        self.known = other.known

    def replace(self, *replacements: tuple[str, str]) -> None:
        """Change the settings and synthesise; each text to replace must be there exactly once."""
        text = self.settings
        for old, new in replacements:
            assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in the settings"
            text = text.replace(old, new)
        self.synth(text)

    def terraform(self, stack: str) -> Terraform:
        """Return Terraform in an initialised stack, with a provider that is running already."""
        self.known = {}
        directory = self._stack(stack)
        if self.attached is None:
            provider = running_provider(installed_provider(directory), self.environment)
            self.attached = self.running.enter_context(provider)
        return Terraform(directory, self.attached, self._log)

    def own_terraform(self, stack: str) -> Terraform:
        """Return Terraform that starts the provider itself: to install it, or for two at once."""
        self.known = {}
        return Terraform(self._stack(stack), self.environment, self._log)

    @property
    def _log(self) -> Path:
        return self.directory / "terraform.log"

    def _stack(self, stack: str) -> Path:
        return self.directory / "cdktf.out/stacks" / stack

    def init(self, *stacks: str) -> None:
        for stack in stacks:
            self.own_terraform(stack).init()

    def plan(self, stack: str) -> Plan:
        """Plan as a person would, with a refresh."""
        return self.terraform(stack).plan()

    def change(self, stack: str) -> Plan:
        """Plan what the settings change, apply just that and return the plan."""
        terraform = self.terraform(stack)
        plan = terraform.plan(refresh=False)
        terraform.apply()
        return plan

    def apply(self, stack: str) -> None:
        """Apply what the settings change, whatever it is: showing a plan takes half of its time."""
        terraform = self.terraform(stack)
        terraform.save_plan(refresh=False)
        terraform.apply()

    def output(self, stack: str, name: str) -> Any:
        return self.outputs(stack)[name]["value"]

    def outputs(self, stack: str) -> dict[str, Any]:
        """Return a stack's outputs as Terraform gives them, asking it once."""
        known = self.known
        if stack not in known:
            known[stack] = self.own_terraform(stack).outputs()
            self.known = known
        return known[stack]

    def client(self, service: str) -> Any:
        return self.sandbox.client(service)


@pytest.fixture(scope="session")
def applied(tmp_path_factory: pytest.TempPathFactory, pristine: Sandbox) -> Iterator[Deployment]:
    """The example of the sandbox, deployed by the real ``cdktf deploy``.

    The account's policies are in force, for the deployer and in every fork. The first worker that
    needs it deploys, for all: nothing is to be changed, and no plan be made, but in a copy.
    """
    directory = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        directory = directory.parent
    deployed_into = directory / "applied.json"
    with (directory / "applied.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not deployed_into.exists():
            deployed_into.write_text(told(_deploy(directory / "applied", pristine)))
    with ExitStack() as running, tempfile.TemporaryFile() as log:
        sandbox = heard(deployed_into.read_text(), log)
        yield Deployment(directory / "applied", sandbox, SANDBOX_SETTINGS, running)


def _deploy(directory: Path, pristine: Sandbox) -> Sandbox:
    """Deploy into a copy of the account, which ends with what it is a copy of."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    sandbox = pristine.fork()
    sandbox.enforce(True)
    settings = directory / "settings.tfvars"
    settings.write_text(SANDBOX_SETTINGS, encoding="utf-8")
    with ExitStack() as running:
        deployment = Deployment(directory, sandbox, SANDBOX_SETTINGS, running)
        cdktf = Cdktf(PROJECT, Path(sys.executable), settings, directory, deployment.environment)
        cdktf.deploy()
    return sandbox


@contextmanager
def copied(applied: Deployment, directory: Path) -> Iterator[Deployment]:
    """Yield a deployment of one's own: a snapshot of the account and a copy of the state."""
    with ExitStack() as running, applied.sandbox.fork() as sandbox:
        deployment = Deployment(directory / "deployment", sandbox, applied.settings, running)
        deployment.copy_of(applied)
        yield deployment


@pytest.fixture
def deployed(applied: Deployment, tmp_path: Path) -> Iterator[Deployment]:
    """A deployment of one test's own."""
    with copied(applied, tmp_path) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def unchanged(
    applied: Deployment, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """A deployment of one file's own, to plan in. Not to be changed."""
    with copied(applied, tmp_path_factory.mktemp("unchanged")) as deployment:
        yield deployment


@pytest.fixture
def found(pristine: Sandbox, tmp_path: Path) -> Iterator[Callable[[str], Deployment]]:
    """Make a deployment with settings of one's own in an account as found."""
    with ExitStack() as running, pristine.fork() as sandbox:

        def make(settings: str) -> Deployment:
            deployment = Deployment(tmp_path, sandbox, settings, running)
            deployment.synth()
            return deployment

        yield make
