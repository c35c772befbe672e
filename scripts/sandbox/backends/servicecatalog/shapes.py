"""Requests and answers held against the shapes of botocore's service model."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.session import Session

from scripts.sandbox.backends.servicecatalog.errors import ValidationError

SERVICE = "servicecatalog"
model = Session().get_service_model(SERVICE)

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "structure": (Mapping,),
    "map": (Mapping,),
    "list": (list, tuple),
}


def check_request(operation: str, params: Mapping[str, Any]) -> None:
    """Refuse what the service's own front end refuses: type, presence, length, pattern, enum.

    Raises:
        ValidationError: worded as AWS words it; names the first faulty member.
    """
    shape = model.operation_model(operation).input_shape
    faults = list(violations(shape, params, "")) if shape else []
    if faults:
        plural = "error" if len(faults) == 1 else "errors"
        raise ValidationError(f"{len(faults)} validation {plural} detected: {'; '.join(faults)}")


def check_answer(operation: str, answer: Mapping[str, Any]) -> None:
    """Make sure that an answer is one that AWS could have given.

    Raises:
        TypeError: a member is unknown to the model, or not of its type.
    """
    shape = model.operation_model(operation).output_shape
    if shape is None:
        return
    faults = [*unknown_members(shape, answer, ""), *violations(shape, answer, "")]
    if faults:
        raise TypeError(f"{operation} answers {answer}: {'; '.join(faults)}")


def violations(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """What is wrong with the value, one line each."""
    expected = _TYPES.get(shape.type_name)
    if expected and (
        not isinstance(value, expected) or (shape.type_name == "integer" and value is True)
    ):
        yield f"Value '{value}' at '{path}' failed to satisfy constraint: Must be {shape.type_name}"
        return
    constraint = _constraint(shape, value)
    if constraint:
        yield f"Value '{value}' at '{path}' failed to satisfy constraint: {constraint}"
    for member, item, place in _children(shape, value, path):
        yield from violations(member, item, place)
    if isinstance(shape, StructureShape):
        for name in shape.required_members:
            if value.get(name) is None:
                yield (
                    f"Value null at '{_join(path, name)}' failed to satisfy constraint: "
                    "Member must not be null"
                )


def unknown_members(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Members that the model does not have."""
    if isinstance(shape, StructureShape):
        yield from (f"unknown member {_join(path, n)}" for n in value if n not in shape.members)
    for member, item, place in _children(shape, value, path):
        yield from unknown_members(member, item, place)


def _children(shape: Shape, value: Any, path: str) -> Iterator[tuple[Shape, Any, str]]:
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield member, value[name], _join(path, name)
    elif isinstance(shape, ListShape):
        for position, item in enumerate(value, start=1):
            yield shape.member, item, f"{path}.{position}.member"
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield shape.key, key, path
            yield shape.value, item, f"{path}.{key}"


def _join(path: str, name: str) -> str:
    camel = name[0].lower() + name[1:]
    return f"{path}.{camel}" if path else camel


def _constraint(shape: Shape, value: Any) -> str | None:
    """The constraint of the shape itself that the value breaks, in AWS's words."""
    limits = shape.metadata
    size, noun = (value, "value") if shape.type_name == "integer" else (None, "length")
    if shape.type_name in {"string", "list"}:
        size = len(value)
    if size is not None and size < limits.get("min", size):
        return f"Member must have {noun} greater than or equal to {limits['min']}"
    if size is not None and size > limits.get("max", size):
        return f"Member must have {noun} less than or equal to {limits['max']}"
    if "enum" in limits and value not in limits["enum"]:
        return f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"
    if "pattern" in limits and not _pattern(limits["pattern"]).fullmatch(value):
        return f"Member must satisfy regular expression pattern: {limits['pattern']}"
    return None


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    # The model's patterns are Java's; Python has no \p classes.
    for java, python in ((r"\p{L}", r"\w"), (r"\p{N}", r"\w"), (r"\p{Z}", r"\s")):
        pattern = pattern.replace(java, python)
    return re.compile(pattern)
