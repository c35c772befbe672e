"""Checks a call's parameters against the service's own model, as AWS does before anything else.

botocore checks only that required parameters are there; lengths, patterns and enumerations are in
the model and are left to the service, and moto checks few of them.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

_LIMITED = {"string": "length", "list": "length", "map": "length"}


def faults(shape: Shape | None, value: Any, path: str = "") -> Iterator[str]:
    """What in `value` breaks the constraints of `shape`, in AWS's words, one line each."""
    if shape is None or value is None:
        return
    yield from _own_faults(shape, value, path)
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield from faults(member, value.get(name), _join(path, name))
    elif isinstance(shape, ListShape):
        for index, item in enumerate(value, 1):
            yield from faults(shape.member, item, f"{path}.{index}.member")
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield from faults(shape.value, item, f"{path}.{key}.member")


def message(found: list[str]) -> str:
    """AWS's message for a list of faults."""
    plural = "s" if len(found) > 1 else ""
    return f"{len(found)} validation error{plural} detected: {'; '.join(found)}"


def _own_faults(shape: Shape, value: Any, path: str) -> Iterator[str]:
    for problem in (*_range_faults(shape, value), *_text_faults(shape, value)):
        yield f"Value '{value}' at '{path}' failed to satisfy constraint: {problem}"


def _range_faults(shape: Shape, value: Any) -> Iterator[str]:
    if shape.type_name not in (*_LIMITED, "integer", "long"):
        return
    sized = shape.type_name in _LIMITED
    size = len(value) if sized else int(value)
    what = "Member must have length" if sized else "Member must have value"
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{what} greater than or equal to {least}"
    if most is not None and size > most:
        yield f"{what} less than or equal to {most}"


def _text_faults(shape: Shape, value: Any) -> Iterator[str]:
    if not isinstance(shape, StringShape):
        return
    pattern = shape.metadata.get("pattern")
    compiled = _compiled(pattern) if pattern else None
    if compiled and not compiled.fullmatch(value):
        yield f"Member must satisfy regular expression pattern: {pattern}"
    if shape.enum and value not in shape.enum:
        yield f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, or nothing if it needs what Python's expressions lack (`\\p{L}`)."""
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _join(path: str, name: str) -> str:
    member = name[:1].lower() + name[1:]
    return f"{path}.{member}" if path else member
