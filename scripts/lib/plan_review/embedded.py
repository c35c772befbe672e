"""JSON inside strings, such as policies: Terraform hands it over as the provider wrote it."""

from __future__ import annotations

import json
from typing import Any

_BEGINNINGS = ("{", "[", " ", "\t", "\r", "\n")


def parsed(value: Any) -> Any:
    """Return the object or list that a string holds as JSON, or None.

    JSON that names a member twice says different things to different readers: None.
    """
    if not isinstance(value, str) or not value.startswith(_BEGINNINGS):
        return None
    if not value.lstrip(" \t\r\n").startswith(("{", "[")):
        return None
    try:
        return _DECODER.decode(value)
    except (ValueError, RecursionError):
        return None


def quoted(value: str) -> str | None:
    """Return the string that a string holds as JSON, or None."""
    if not value.startswith('"') or not value.endswith('"'):
        return None
    try:
        inside = json.loads(value)
    except ValueError:
        return None
    return inside if isinstance(inside, str) else None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a member is named twice")
    return result


def _no_constants(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_without_duplicates, parse_constant=_no_constants)
