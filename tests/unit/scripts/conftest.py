"""An account as a customer has it, served by the sandbox; each test has a copy of its own."""

from collections.abc import Iterator

import pytest

from scripts.lib.clients import Clients, open_session
from scripts.sandbox import Sandbox
from tests.unit.scripts.launchable import Launchable


@pytest.fixture(scope="session")
def seeded(pristine: Sandbox) -> Iterator[Sandbox]:
    """The sandbox that all copies are made of: not to be written to. Its notebooks are quick."""
    with pristine.fork() as sandbox:
        sandbox.pace_notebooks(0)
        yield sandbox


@pytest.fixture
def account(seeded: Sandbox) -> Iterator[Sandbox]:
    """A copy of the seeded account, to be written to; its journal begins empty."""
    with seeded.fork() as copy:
        copy.clear_journal()
        yield copy


@pytest.fixture
def clients(account: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Clients:
    """The scripts' own clients, working in ``account``."""
    for name, value in account.environment().items():
        monkeypatch.setenv(name, value)
    return Clients(open_session())


@pytest.fixture(scope="session")
def stocked(seeded: Sandbox) -> Iterator[Launchable]:
    """The account with a product that can be launched: not to be written to."""
    with seeded.fork() as sandbox:
        yield Launchable.stock(sandbox)


@pytest.fixture
def shop(stocked: Launchable, monkeypatch: pytest.MonkeyPatch) -> Iterator[Launchable]:
    """A copy to be written to, which the environment leads to; its journal begins empty."""
    with stocked.sandbox.fork() as sandbox:
        sandbox.clear_journal()
        for name, value in sandbox.environment().items():
            monkeypatch.setenv(name, value)
        # Notebooks of the sandbox are quick: look as often.
        monkeypatch.setattr("scripts.lib.launch.following.PAUSES", (0.1,))
        yield stocked.at(sandbox)
