"""Apps that are synthesised once, for all tests of the stacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.stacks.samples import FULL, LEAST
from tests.unit.modules.stacks.whole_app import WholeStack, synthesise


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("full")


@pytest.fixture(scope="session")
def app(directory: Path) -> dict[str, WholeStack]:
    return synthesise(FULL, directory)


@pytest.fixture(scope="session")
def least(tmp_path_factory: pytest.TempPathFactory) -> dict[str, WholeStack]:
    return synthesise(LEAST, tmp_path_factory.mktemp("least"))


@pytest.fixture(scope="session")
def manifest(app: dict[str, WholeStack], directory: Path) -> dict[str, Any]:
    assert app
    stacks: dict[str, Any] = json.loads((directory / "manifest.json").read_text())["stacks"]
    return stacks
