"""The values of a template's parameters, checked as CloudFormation checks them.

Reference:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.templates import text

MASK = "****"
_LIST = re.compile(r"CommaDelimitedList|List<.+>")
_NUMBERS = ("Number", "List<Number>")
Specifications = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Given:
    """One parameter of a request: a value, or the wish to keep the previous one."""

    key: str
    value: str | None = None
    keep: bool = False


def resolve(
    specifications: Specifications, given: Iterable[Given], previous: Mapping[str, str]
) -> dict[str, str]:
    """The value of every parameter, as text.

    Args:
        specifications: the template's Parameters section.
        given: what the request says.
        previous: the stack's values before an update.

    Raises:
        ValidationError: a parameter is unknown, has no value, or breaks its constraints.
    """
    chosen: dict[str, str | None] = {}
    for item in given:
        if item.keep and item.value:
            raise ValidationError(
                f"Invalid input for parameter key {item.key}. Cannot specify usePreviousValue as"
                " true and non empty value for a parameter"
            )
        chosen[item.key] = previous.get(item.key) if item.keep else item.value
    unknown = [key for key in chosen if key not in specifications]
    if unknown:
        raise ValidationError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    values: dict[str, str] = {}
    for key, specification in specifications.items():
        default = specification.get("Default")
        value = chosen.get(key)
        if value is None and default is not None:
            value = text(default)
        if value is not None:
            values[key] = value
    missing = [key for key in specifications if key not in values]
    if missing:
        raise ValidationError(f"Parameters: [{', '.join(missing)}] must have values")
    for key, value in values.items():
        for fault in _faults(key, specifications[key], value):
            raise ValidationError(fault)
    return values


def as_references(
    specifications: Specifications, values: Mapping[str, str]
) -> dict[str, str | list[str]]:
    """What Ref of each parameter gives: a list for those of a list type."""
    return {
        key: _members(value) if _is_list(specifications[key]) else value
        for key, value in values.items()
    }


def is_secret(specification: Mapping[str, Any]) -> bool:
    """Whether the value may not be shown."""
    return text(specification.get("NoEcho", False)) == "true"


def _faults(key: str, specification: Mapping[str, Any], value: str) -> Iterator[str]:
    described = specification.get("ConstraintDescription")
    members = _members(value) if _is_list(specification) else [value]
    for member in members:
        for fault in _constraint_faults(specification, member):
            yield (
                f"Parameter {key} failed to satisfy constraint: {described}"
                if described
                else f"Parameter '{key}' must {fault}"
            )


def _constraint_faults(specification: Mapping[str, Any], value: str) -> Iterator[str]:
    allowed = specification.get("AllowedValues")
    if allowed is not None and value not in map(text, allowed):
        yield "be one of AllowedValues"
    pattern = specification.get("AllowedPattern")
    if pattern and not re.fullmatch(str(pattern), value):
        yield f"match pattern {pattern}"
    if specification["Type"] in _NUMBERS:
        yield from _number_faults(specification, value)
    else:
        yield from _length_faults(specification, value)


def _length_faults(specification: Mapping[str, Any], value: str) -> Iterator[str]:
    least, most = specification.get("MinLength"), specification.get("MaxLength")
    if least is not None and len(value) < int(least):
        yield f"contain at least {least} characters"
    if most is not None and len(value) > int(most):
        yield f"contain at most {most} characters"


def _number_faults(specification: Mapping[str, Any], value: str) -> Iterator[str]:
    if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)", value):
        yield "be a number"
        return
    least, most = specification.get("MinValue"), specification.get("MaxValue")
    if least is not None and float(value) < float(least):
        yield f"be a number not less than {least}"
    if most is not None and float(value) > float(most):
        yield f"be a number not greater than {most}"


def _is_list(specification: Mapping[str, Any]) -> bool:
    return _LIST.fullmatch(str(specification["Type"])) is not None


def _members(value: str) -> list[str]:
    return [member.strip() for member in value.split(",")]
