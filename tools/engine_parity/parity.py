"""The whole comparison: copy, rename, synthesise on both engines, compare."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.engine_parity.compare import Comparison, Expected, compare
from tools.engine_parity.synthesis import (
    SLIM_BINDINGS,
    Renamed,
    copy_project,
    rename_imports,
    synthesise,
)

logger = logging.getLogger(__name__)

PINNED, OTHER = "pinned", "other"
"""Folders of the two sides; what the app says is told with them."""


@dataclass(frozen=True)
class Slim:
    """The other engine's output with fast loading against that without.

    A warning says that fast loading was not used; then the comparison says nothing of it.
    """

    comparison: Comparison
    warnings: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return self.comparison.is_equal and not self.warnings


@dataclass(frozen=True)
class Result:
    """What came of it; ``slim`` is None if the project has no fast loading."""

    stacks: tuple[str, ...]
    renamed: Renamed
    comparison: Comparison
    slim: Slim | None

    @property
    def holds(self) -> bool:
        return self.comparison.is_equal and (self.slim is None or self.slim.holds)


@dataclass(frozen=True)
class Sides:
    """The interpreters of the two engines; the other one is made when it is needed."""

    pinned: Path
    other: Callable[[], Path]
    names: Mapping[str, str]
    expected: Sequence[Expected]


def find_differences(
    project: Path,
    settings: Path,
    scratch: Path,
    environment: Mapping[str, str],
    sides: Sides,
) -> Result:
    """Synthesise ``project`` with ``settings`` on both engines, all in ``scratch``.

    Raises:
        ToolError: a file cannot be read, the other engine cannot be had, or a synthesis fails.
    """
    confined = _confined(environment, scratch)
    copy_project(project, settings, scratch / PINNED)
    shutil.copytree(scratch / PINNED, scratch / OTHER)  # of the copy: the project may change
    renamed = rename_imports(scratch / OTHER, sides.names)
    logger.info("Synthesising with the pinned engine")
    pinned = synthesise(sides.pinned, scratch / PINNED, environment, scratch / "pinned.log").files
    logger.info("Installing the other engine into a throw-away environment")
    python = sides.other()
    logger.info("Synthesising with the other engine")
    other = synthesise(python, scratch / OTHER, confined, scratch / "other.log").files
    slim = None
    if (scratch / OTHER / SLIM_BINDINGS).is_dir():
        logger.info("Synthesising with the other engine and slim bindings")
        fast = synthesise(python, scratch / OTHER, confined, scratch / "slim.log", slim=True)
        slim = Slim(compare(other, fast.files), fast.warnings)
    return Result(
        stacks=tuple(sorted(json.loads(pinned["manifest.json"])["stacks"])),
        renamed=renamed,
        comparison=compare(pinned, other, sides.expected),
        slim=slim,
    )


def _confined(environment: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """``environment`` with what jsii unpacks of the other engine kept in ``scratch``."""
    temporary = scratch / "tmp"
    temporary.mkdir(exist_ok=True)
    cache = scratch / "jsii"
    return {
        **environment,
        "TMPDIR": str(temporary),
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(cache),
    }
