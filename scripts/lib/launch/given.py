"""Values of parameters as people give them: on the command line, or in a JSON file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scripts.lib.errors import InputError

EXPECTED = 'expected an object of names and values, such as {"VolumeSizeInGB": 50}'


def read_given(pairs: Iterable[str], file: Path | None = None) -> Mapping[str, str]:
    """Return the values given; those of the command line win over those of the file.

    Raises InputError for a pair that is not ``Name=Value``, a name given twice, or a file that
    cannot be used.
    """
    values = _read_file(file) if file else {}
    return values | _read_pairs(pairs)


def _read_pairs(pairs: Iterable[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            # Not the text itself: a value that lost its name may be a secret.
            raise InputError("--parameter: expected Name=Value, such as VolumeSizeInGB=50")
        if name in values:
            raise InputError(f"--parameter: {name} is given twice")
        values[name] = value
    return values


def _read_file(file: Path) -> dict[str, str]:
    subject = f"parameters file {file}"
    try:
        document = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=_unique)
    except OSError as exc:
        raise InputError(f"{subject}: {exc.strerror}") from exc
    except InputError as exc:
        raise InputError(f"{subject}: {exc}") from exc
    except (ValueError, RecursionError) as exc:
        raise InputError(f"{subject}: not JSON: {exc}") from exc
    if not isinstance(document, dict):
        raise InputError(f"{subject}: {EXPECTED}")
    return {name: _value(f"{subject}: {name}", value) for name, value in document.items()}


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise InputError(f"{name} is given twice")
        values[name] = value
    return values


def _value(subject: str, value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return json.dumps(value)
        case list() if all(isinstance(item, str) and "," not in item for item in value):
            return ",".join(value)
    raise InputError(
        f"{subject}: expected a string, a number, true, false or a list of strings without commas"
    )
