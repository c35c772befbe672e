"""What makes every test faster: slim bindings, one sandbox to copy, enough workers."""

from __future__ import annotations

import functools
import gc
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import botocore.loaders
import pytest

import slim_bindings
from scripts.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
STARTED = "SANDBOX_OF_ALL_WORKERS"
_run = ExitStack()
"""Ends what the controller of the workers started."""

# Here rather than in a fixture: the bindings are imported when tests are collected.
slim_bindings.install(ROOT / "modules", ROOT / "tests", cache=ROOT / ".cache" / "slim_bindings")

# Reading the services' models is most of what a session costs: once for all of them.
botocore.loaders.create_loader = functools.cache(botocore.loaders.create_loader)


def pytest_xdist_auto_num_workers() -> int:
    """Two workers a core: a third of the time goes by in waiting for Terraform's provider."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay: no collector need look at them again."""
    gc.collect()
    gc.freeze()


def pytest_xdist_setupnodes() -> None:
    """Start one sandbox before there are workers, to which the environment leads them.

    Starting one takes three seconds of a processor, and copying it a twentieth of one.
    """
    log = Path(_run.enter_context(tempfile.TemporaryDirectory()), "sandbox.log")
    sandbox = _run.enter_context(Sandbox.start(log=log.open("w+b")))
    os.environ[STARTED] = json.dumps([sandbox.port, sandbox.pid, sandbox.keys, str(log)])


def pytest_unconfigure() -> None:
    _run.close()


@pytest.fixture(scope="session")
def pristine() -> Iterator[Sandbox]:
    """The account as found. Not to be changed: fork it."""
    if STARTED not in os.environ:
        with Sandbox.start() as sandbox:
            yield sandbox
        return
    port, pid, keys, path = json.loads(os.environ[STARTED])
    with Path(path).open("rb") as log:
        yield Sandbox(port, pid, tuple(keys), log)
