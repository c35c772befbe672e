"""Settings as plain data for tests: the least that loads, and how to change it."""

from __future__ import annotations

from typing import Any

from modules.settings import SettingsError, parse

Path = tuple[str | int, ...]
Values = dict[str, Any]

MISSING = object()
"""Set a value to this to leave it out."""

ROOT = "arn:aws:iam::123456789012:root"


def values() -> Values:
    """Return the least that describes one network and one project."""
    return {
        "region": "eu-west-1",
        "deployers": ("arn:aws:iam::123456789012:user/platform-deployer",),
        "networks": ({"name": "main", "vpc": {"name": "V"}, "route_tables": ({"name": "R"},)},),
        "projects": (project("vision"),),
    }


def project(name: str, **more: Any) -> Values:
    return {"name": name, "end_user_roles": ({"assumed_by": (ROOT,)},), **more}


def changed(path: Path, value: Any, base: Any = None) -> Any:
    """Return ``base`` (or the least values) with what is at ``path`` set to ``value``."""
    base = values() if base is None else base
    if not path:
        return value
    if isinstance(path[0], int):
        items = list(base)
        items[path[0]] = changed(path[1:], value, items[path[0]])
        return tuple(items)
    inner = changed(path[1:], value, base.get(path[0], {}))
    rest = {key: item for key, item in base.items() if key != path[0]}
    return rest if inner is MISSING else {**rest, path[0]: inner}


def faults(given: Values) -> tuple[str, ...]:
    """Return what is wrong with the values: nothing if they load."""
    try:
        parse(given)
    except SettingsError as error:
        return error.problems
    return ()
