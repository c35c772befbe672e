"""An account as a customer has it, served by the sandbox; each test has a copy of its own."""

from collections.abc import Iterator

import pytest

from scripts.lib.clients import Clients, open_session
from scripts.sandbox import Sandbox


@pytest.fixture(scope="session")
def seeded() -> Iterator[Sandbox]:
    """The sandbox that all copies are made of: not to be written to. Its notebooks are quick."""
    with Sandbox.start(notebook_seconds=0) as sandbox:
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
