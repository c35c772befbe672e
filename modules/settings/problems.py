"""Problems of settings, and their wording: one line each, whatever the values hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Loc = tuple[str | int, ...]
"""The way to a setting: keys, and indices in lists."""

VALUE_LIMIT = 80
NAME_LIMIT = 40

_SECRET = re.compile(r"secret|passw|token|credential|(?:private|access|api)[_-]?key", re.IGNORECASE)
_IDENTIFIER = re.compile(r"[A-Za-z_][\w-]{0,60}", re.ASCII)


class SettingsError(Exception):
    """The settings cannot be used; ``problems`` says why, a line each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(*self.problems)

    def __str__(self) -> str:
        return "\n".join(self.problems)


@dataclass(frozen=True)
class Problem:
    """One fault of one setting; ``text`` follows the setting's path."""

    loc: Loc
    text: str
    line: int | None = None


def unfit(loc: Loc, value: Any, allowed: str) -> Problem:
    """Return the problem of a value that is there but not allowed."""
    return Problem(loc, f"got {show(value, loc)}; must be {allowed}")


def missing(loc: Loc, allowed: str) -> Problem:
    return Problem(loc, f"is not set; must be {allowed}")


def show(value: Any, loc: Loc = ()) -> str:
    """Return a value as HCL writes it: on one line, shortened, secrets hidden."""
    if any(isinstance(part, str) and _SECRET.search(part) for part in loc):
        return "(hidden)"
    shown = printable(json.dumps(_without_secrets(value), ensure_ascii=False, default=repr))
    return shown if len(shown) <= VALUE_LIMIT else f"{shown[: VALUE_LIMIT - 1]}…"


def printable(words: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in words)


def dotted(loc: Loc, values: Mapping[str, Any]) -> str:
    """Return a setting's path; an item of a list carries its name, where it has one."""
    path = ""
    value: Any = values
    for part in loc:
        value = _at(value, part)
        if isinstance(part, int):
            path += f"[{part}]{_named(value)}"
        elif _IDENTIFIER.fullmatch(part):
            path += f".{part}" if path else part
        else:
            path += f"[{show(part)}]"
    return path


def _named(value: Any) -> str:
    name = value.get("name") if isinstance(value, Mapping) else None
    if isinstance(name, str) and name.isprintable() and 0 < len(name) <= NAME_LIMIT:
        return f" ({name})"
    return ""


def _at(value: Any, part: str | int) -> Any:
    try:
        return value[part]
    except (KeyError, IndexError, TypeError):
        return None


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: "(hidden)" if _SECRET.search(str(key)) else _without_secrets(inner)
            for key, inner in value.items()
        }
    if isinstance(value, tuple | list):
        return [_without_secrets(item) for item in value]
    return value
