"""The settings: the only reader of ``.tfvars`` files; typed, frozen, checked.

``load`` reads a file, ``parse`` takes plain data. Both find all faults at once. Where each
thing lives: ``model``, ``network`` and ``notebook`` hold the settings, ``rules`` what a value
may be, ``relations`` what settings must be to one another, ``reader`` the file format,
``problems`` and ``wording`` the messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from modules.settings.model import (
    AuditSettings,
    CatalogSettings,
    EndUserRole,
    JumpStartSettings,
    NamesSettings,
    ProjectSettings,
    Settings,
    StateSettings,
    VersionSettings,
)
from modules.settings.network import NetworkSettings, Selector
from modules.settings.notebook import NotebookSettings
from modules.settings.problems import Problem, SettingsError, dotted
from modules.settings.reader import Source, read
from modules.settings.relations import relations
from modules.settings.wording import problems_of

__all__ = [
    "AuditSettings",
    "CatalogSettings",
    "EndUserRole",
    "JumpStartSettings",
    "NamesSettings",
    "NetworkSettings",
    "NotebookSettings",
    "ProjectSettings",
    "Selector",
    "Settings",
    "SettingsError",
    "StateSettings",
    "VersionSettings",
    "load",
    "parse",
]


def load(path: str | Path) -> Settings:
    """Read a settings file (``.tfvars``); raises SettingsError with every fault in it."""
    return _checked(read(Path(path)))


def parse(values: Mapping[str, Any]) -> Settings:
    """Make settings of plain data, lists being tuples; raises SettingsError as ``load``."""
    return _checked(Source(values=dict(values)))


def _checked(source: Source) -> Settings:
    values = source.values
    problems: list[Problem] = []
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        problems += problems_of(error, Settings, values)
    problems += relations(values)
    problems = [*source.problems, *(p for p in problems if p.loc not in source.unreadable)]
    if settings is None or problems:
        raise SettingsError(_lines(problems, source))
    return settings


def _lines(problems: list[Problem], source: Source) -> list[str]:
    """Word the problems, in the file's order."""
    placed = sorted(
        ((_line_of(problem, source), problem) for problem in problems), key=lambda pair: pair[0]
    )
    lines = (
        f"{dotted(problem.loc, source.values)}: {problem.text}"
        + (f" (line {line})" if line else "")
        for line, problem in placed
    )
    return list(dict.fromkeys(lines))


def _line_of(problem: Problem, source: Source) -> int:
    """Return the line of a setting, or of what it would be part of; 0 if there is none."""
    if problem.line is not None:
        return problem.line
    for length in range(len(problem.loc), 0, -1):
        line = source.lines.get(problem.loc[:length])
        if line is not None:
            return line
    return 0
