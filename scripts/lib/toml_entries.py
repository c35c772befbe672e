"""Files of TOML in which people write down what they accept: a list of entries, each with a
reason and the last day on which it holds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from scripts.lib.errors import InputError, one_line


@dataclass(frozen=True, slots=True)
class Form:
    """What an entry may hold: texts by their names, which of all are needed, and ``expires``."""

    name: str
    texts: tuple[str, ...]
    needed: tuple[str, ...]

    @property
    def known(self) -> tuple[str, ...]:
        return (*self.texts, "expires")


def read_entries(path: Path, form: Form) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return the entries of a file, each with where it is, for messages.

    Raises:
        InputError: it cannot be read, or an entry is wrong; the message says which.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as exc:
        raise InputError(f"{one_line(path)}: cannot be read: {exc.strerror}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise InputError(one_line(f"{path}: is not TOML: {exc}")) from exc
    name = form.name
    if strange := sorted(document.keys() - {name}):
        raise InputError(one_line(f"{path}: {strange[0]}: not known; allowed is [[{name}]] alone"))
    given = document.get(name, [])
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        raise InputError(one_line(f"{path}: {name}: must be a list, as [[{name}]]"))
    entries = []
    for number, entry in enumerate(given, 1):
        where = one_line(f"{path}: {name} {number}")
        _check(entry, where, form)
        entries.append((where, entry))
    return tuple(entries)


def _check(given: Mapping[str, Any], where: str, form: Form) -> None:
    for name, value in given.items():
        if name not in form.known:
            raise InputError(
                f"{where}: {one_line(name)}: not known; allowed are {', '.join(form.known)}"
            )
        if name in form.texts and not (isinstance(value, str) and value.strip()):
            raise InputError(f"{where}: {name}: is {_shown(value)}; must be a text")
    for name in form.needed:
        if name not in given:
            raise InputError(f"{where}: {name}: is missing; needed are {', '.join(form.needed)}")
    expires = given.get("expires")
    if expires is not None and (isinstance(expires, datetime) or not isinstance(expires, date)):
        raise InputError(
            f"{where}: expires: is {_shown(expires)}; must be a date without quotes, as 2027-01-31"
        )


def require_one_of(
    given: Mapping[str, Any], where: str, name: str, allowed: Collection[str]
) -> None:
    """Raise InputError unless the text ``name``, if it is given, is one that is allowed."""
    if name in given and given[name] not in allowed:
        known = ", ".join(sorted(allowed))
        raise InputError(f"{where}: {name}: is {_shown(given[name])}; allowed are {known}")


def matches(pattern: str, text: str) -> bool:
    """As a shell's patterns, but for brackets, which addresses have."""
    wanted = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wanted, text, re.DOTALL) is not None


def _shown(value: object) -> str:
    return one_line(repr(value), 60)
