"""What makes every test faster: slim bindings, one reading of AWS's models, enough workers."""

from __future__ import annotations

import functools
import gc
import os
from pathlib import Path

import botocore.loaders

import slim_bindings

ROOT = Path(__file__).parents[1]

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
