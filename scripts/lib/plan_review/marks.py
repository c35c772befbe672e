"""Terraform's marks put into the values that they are of, and secrets taken out again.

Terraform gives values and marks as trees of the same shape: ``true`` in ``after_unknown`` or
``before_sensitive`` is about the value at the same place, and all that is in it
(https://developer.hashicorp.com/terraform/internals/json-format#change-representation).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from scripts.lib.plan_review.embedded import parsed, quoted
from scripts.lib.plan_review.secrets import HIDDEN, is_secret, is_secret_name, redact

SENSITIVE = "(sensitive)"
"""Stands for a value that Terraform marks, or that is called like a secret or looks like one."""
UNKNOWN_TEXT = "(known after apply)"

_VALUE_KEYS = frozenset({"value", "values", "string_value", "stringValue", "plaintext", "default"})
_NAME_KEYS = ("name", "key", "Name", "Key", "parameter_name", "ParameterKey", "parameter_key")
_SECRET_FIELDS = frozenset({"data", "stringData", "string_data", "binaryData", "binary_data"})


class Special(Enum):
    """What stands where JSON has no value."""

    UNKNOWN = "known only when it is applied"
    MISSING = "not there"


UNKNOWN, MISSING = Special.UNKNOWN, Special.MISSING


@dataclass(frozen=True, slots=True)
class Hidden:
    """A value that Terraform marks as sensitive; equal to another one that has the same value."""

    value: Any


to_json = json.JSONEncoder(ensure_ascii=False).encode
"""Writes plain JSON as people read it."""


def marked(value: Any, unknown: Any, sensitive: Any) -> Any:
    """Return ``value`` with UNKNOWN and Hidden where the marks say so; unmarked parts as they are.

    A mark whose shape does not fit the value's hides all of the value.
    """
    if sensitive and not isinstance(sensitive, dict | list):
        return Hidden(UNKNOWN if unknown is True else value)
    if unknown is True:
        return UNKNOWN
    if not _has_mark(sensitive) and not _has_mark(unknown):
        return value
    if isinstance(value, list) or isinstance(unknown, list):
        return _marked_list(value, unknown, sensitive)
    if isinstance(value, dict) or isinstance(unknown, dict):
        return _marked_object(value, unknown, sensitive)
    return Hidden(value) if value is not None and _has_mark(sensitive) else value


def _marked_object(value: Any, unknown: Any, sensitive: Any) -> Any:
    if isinstance(sensitive, list) and _has_mark(sensitive):
        return Hidden(value)
    if not isinstance(value, dict | None):
        return Hidden(value) if _has_mark(sensitive) else value
    marks = unknown if isinstance(unknown, dict) else {}
    hides = sensitive if isinstance(sensitive, dict) else {}
    result = dict(value or {})
    for key in {**marks, **hides}:
        # What is marked unknown is left out of the values.
        if key in result or _has_mark(marks.get(key)):
            result[key] = marked(result.get(key), marks.get(key), hides.get(key))
    return result if result or isinstance(value, dict) else value


def _marked_list(value: Any, unknown: Any, sensitive: Any) -> Any:
    if isinstance(sensitive, dict) and _has_mark(sensitive):
        return Hidden(value)
    if not isinstance(value, list | None):
        return Hidden(value) if _has_mark(sensitive) else value
    marks = unknown if isinstance(unknown, list) else []
    hides = sensitive if isinstance(sensitive, list) else []
    items = list(value or [])
    items.extend([None] * (len(marks) - len(items)))
    if not items:
        return value
    return [
        marked(
            item,
            marks[index] if index < len(marks) else False,
            hides[index] if index < len(hides) else False,
        )
        for index, item in enumerate(items)
    ]


def _has_mark(mark: Any) -> bool:
    if not mark:
        return False
    if isinstance(mark, dict):
        return any(map(_has_mark, mark.values()))
    if isinstance(mark, list):
        return any(map(_has_mark, mark))
    return True


def members(value: Mapping[str, Any], name: str) -> Iterator[tuple[str, str, Any]]:
    """Yield key, what the member is called, and the member, of each in an object.

    In ``{"name": "DB_PASSWORD", "value": "x"}`` the value is called ``DB_PASSWORD``. What a
    Secret of Kubernetes holds is Hidden, whatever it is called.
    """
    is_secret_object = value.get("kind") == "Secret"
    if not is_secret_object and _VALUE_KEYS.isdisjoint(value):
        for key, item in value.items():
            yield key, key, item
        return
    pair = ""
    for key in _NAME_KEYS:
        if isinstance(value.get(key), str):
            pair = value[key]
            break
    for key, item in value.items():
        if is_secret_object and key in _SECRET_FIELDS and item and not isinstance(item, Hidden):
            yield key, key, Hidden(item)
        else:
            yield key, (pair or name) if key in _VALUE_KEYS else key, item


def masked(value: Any, name: str) -> Any:  # noqa: PLR0911  one for each kind of value
    """Return ``value`` with secrets, Terraform's and our own, replaced by words: plain JSON."""
    match value:
        case str():
            return masked_text(value, name)
        case dict():
            return {key: masked(item, called) for key, called, item in members(value, name)}
        case list():
            return [masked(item, name) for item in value]
        case Hidden():
            return SENSITIVE
        case Special():
            return UNKNOWN_TEXT
        case int() | float() if not isinstance(value, bool) and is_secret_name(name):
            return SENSITIVE
    return value


def masked_text(value: str, name: str) -> str:
    """Return a string called ``name`` without its secrets; ``(sensitive)`` if it is one.

    JSON is taken apart, so that the names in it count, and comes back without its layout.
    """
    if is_secret(value, name):
        return SENSITIVE
    inside = parsed(value)
    if inside is None:
        inside = quoted(value)
    if inside is None:
        return redact(value)
    return to_json(masked(inside, name))


def has_hidden_part(text: str) -> bool:
    """Tell whether something was taken out of a text."""
    return HIDDEN in text or SENSITIVE in text
