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
from tests.running_sandbox import heard, told

ROOT = Path(__file__).parents[1]
STARTED = "SANDBOX_OF_ALL_WORKERS"
LONGEST = (
    "integration/test_deployment",  # deploys, for all
    "integration/test_accounts",
    "integration/test_slim_bindings",
    "integration/test_builder_function",
    "integration/test_plan_workflow",
    "integration/test_bucket_policy",
    "unit/scripts/test_doctor",
    "unit/scripts/test_post_apply_faults",
    "integration/test_destroy",
    "integration/test_drift",
    "integration/test_launch",
    "integration/test_drift_role",
    "integration/test_rights",
    "integration/test_plan_review",
    "integration/test_post_apply",
    "unit/modules/notebook_builder/test_histories",
    "unit/scripts/test_post_apply",
    "unit/scripts/test_post_apply_removal",
    "unit/scripts/test_demo",
    "unit/slim_bindings/test_kernel",
    "unit/tools/bench_post_apply/test_main",
    "unit/tools/bench_post_apply/test_run",
)
"""Files whose tests take half a minute or more; the first ones do not wait for the deployment."""
MEMORY_OF_A_WORKER = 2 << 30
"""Bytes, with the Terraform, provider and sandboxes that its tests start."""
_run = ExitStack()
"""Ends what the controller of the workers started."""

# Here rather than in a fixture: the bindings are imported when tests are collected.
slim_bindings.install(ROOT / "modules", ROOT / "tests", cache=ROOT / ".cache" / "slim_bindings")

# Until tests are collected: nearly all that is made stays, and looking for what does not takes a
# fifth of the time.
gc.disable()

# Terraform and its provider live for seconds: collecting garbage is a fifth of their work.
os.environ.setdefault("GOGC", "400")

# Reading the services' models is most of what a session costs: once for all of them.
botocore.loaders.create_loader = functools.cache(botocore.loaders.create_loader)


def pytest_xdist_auto_num_workers() -> int:
    """Three workers a core: most of the time goes by in waiting for Terraform's provider.

    Fewer where there is no memory for them: six take 10 GB with all that they start.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(3 * (os.cpu_count() or 1), memory // MEMORY_OF_A_WORKER))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes long begin first: whoever ends last is not waited for long then."""
    names = [f"{name}.py" for name in LONGEST]
    order = {ROOT / "tests" / name: position for position, name in enumerate(names)}
    assert all(path.exists() for path in order), "a file among the longest is not there"
    others = len(order)
    items.sort(
        key=lambda item: order.get(item.path, others + ("integration" not in item.path.parts))
    )


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay: no collector need look at them again."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_xdist_setupnodes() -> None:
    """Start one sandbox before there are workers, to which the environment leads them.

    Starting one takes 1.6 seconds of a processor, and copying it a twentieth of one.
    """
    log = Path(_run.enter_context(tempfile.TemporaryDirectory()), "sandbox.log")
    sandbox = _run.enter_context(Sandbox.start(log=log.open("w+b")))
    os.environ[STARTED] = json.dumps([told(sandbox), str(log)])


def pytest_unconfigure() -> None:
    _run.close()


@pytest.fixture(scope="session")
def pristine() -> Iterator[Sandbox]:
    """The account as found. Not to be changed: fork it."""
    if STARTED not in os.environ:
        with Sandbox.start() as sandbox:
            yield sandbox
        return
    text, path = json.loads(os.environ[STARTED])
    with Path(path).open("rb") as log:
        yield heard(text, log)
