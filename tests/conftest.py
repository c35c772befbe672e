"""Slim bindings for every test: what synthesises loads in a second, in each worker."""

from __future__ import annotations

from pathlib import Path

import slim_bindings

ROOT = Path(__file__).parents[1]

# Here rather than in a fixture: the bindings are imported when tests are collected.
slim_bindings.install(ROOT / "modules", ROOT / "tests", cache=ROOT / ".cache" / "slim_bindings")
