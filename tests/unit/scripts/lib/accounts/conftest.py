"""Two further accounts beside the sandbox's own."""

from collections.abc import Iterator

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.lib.accounts.estate import FIRST, SECOND, settle


@pytest.fixture(scope="session")
def settled(seeded: Sandbox) -> Iterator[Sandbox]:
    """The sandbox with two further accounts: not to be written to."""
    with seeded.fork() as sandbox:
        for account_id in (FIRST, SECOND):
            settle(sandbox, account_id)
        yield sandbox


@pytest.fixture
def estate(settled: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A copy to be written to, which the environment leads to; its journal begins empty."""
    with settled.fork() as copy:
        copy.clear_journal()
        for name, value in copy.environment().items():
            monkeypatch.setenv(name, value)
        yield copy
