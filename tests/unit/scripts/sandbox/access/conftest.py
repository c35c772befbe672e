"""An account with its policies in force, one for each module of tests."""

from collections.abc import Iterator

import pytest

from scripts.sandbox import Sandbox


@pytest.fixture(scope="module")
def enforced(seeded: Sandbox) -> Iterator[Sandbox]:
    with seeded.fork() as copy:
        copy.enforce(True)
        yield copy
