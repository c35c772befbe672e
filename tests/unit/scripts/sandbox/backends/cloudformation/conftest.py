"""A copy of the seeded account for each module: its tests make stacks of their own."""

from collections.abc import Iterator

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.backends.cloudformation.stacks import Provider, Stacks


@pytest.fixture(scope="module")
def stacks(seeded: Sandbox) -> Iterator[Stacks]:
    """Notebooks are quick here."""
    with seeded.fork() as copy:
        copy.pace_notebooks(0.1)
        copy.clear_journal()
        yield Stacks(copy)


@pytest.fixture
def provider(stacks: Stacks) -> Iterator[Provider]:
    """A provider of custom resources; nothing has been asked of it."""
    made = Provider(stacks.sandbox)
    yield made
    made.close()
