"""A copy of the seeded account, shared by a module: each test deploys functions of its own."""

from collections.abc import Iterator

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.backends.awslambda.functions import Functions


@pytest.fixture(scope="module")
def functions(seeded: Sandbox) -> Iterator[Functions]:
    with seeded.fork() as copy:
        yield Functions(copy)
