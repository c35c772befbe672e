"""Pydantic's errors in the words of these settings; what the model allows, in words."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from modules.settings.problems import Loc, Problem, missing, unfit
from modules.settings.rules import Rule


def problems_of(
    error: ValidationError, model: type[BaseModel], values: Mapping[str, Any]
) -> Iterator[Problem]:
    """Yield one problem for each error."""
    for details in error.errors(include_url=False):
        kind = details["type"]
        if kind == "default_factory_not_called" or (kind == "too_short" and details["input"]):
            continue  # follows from another error (pydantic counts the valid items alone)
        loc = details["loc"]
        if kind == "extra_forbidden":
            yield _unknown(loc, model)
        elif loc[-1] == "[key]":
            allowed = _allowed(details, loc[:-1], model)
            yield Problem(loc[:-1], f"is no key for this map; must be {allowed}")
        elif is_set(loc, values):
            yield unfit(loc, details["input"], _allowed(details, loc, model))
        else:
            yield missing(loc, _allowed(details, loc, model))


def is_set(loc: Loc, values: Any) -> bool:
    for part in loc:
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _allowed(details: ErrorDetails, loc: Loc, model: type[BaseModel]) -> str:
    context = details.get("ctx", {})
    match details["type"]:
        case "refused":
            return str(context["allowed"])
        case "too_short":
            return "a list of at least one"
        case "too_long":
            return f"a map of at most {context['max_length']}"
        case _:
            return describe(annotation_at(loc, model))


def _unknown(loc: Loc, model: type[BaseModel]) -> Problem:
    """Name the setting that was probably meant, or all that there are."""
    key = str(loc[-1])
    owner = model_in(annotation_at(loc[:-1], model)) or model
    fields = list(owner.model_fields)
    for name, field in owner.model_fields.items():
        inner = model_in(_annotation(field))
        if inner is not None and key in inner.model_fields:
            return Problem(loc, f"is no setting; did you mean {name}.{key}?")
    close = difflib.get_close_matches(key.lower(), fields, n=1)
    if close:
        return Problem(loc, f"is no setting; did you mean {close[0]}?")
    return Problem(loc, f"is no setting; must be one of {', '.join(fields)}")


def annotation_at(loc: Loc, model: type[BaseModel]) -> Any:
    """Return the annotation of the setting at ``loc``."""
    annotation: Any = model
    for part in loc:
        owner = model_in(annotation)
        if owner is not None:
            field = owner.model_fields.get(str(part))
            annotation = _annotation(field) if field is not None else None
        else:
            annotation = _item(annotation)
    return annotation


def describe(annotation: Any) -> str:
    """Say in words what may stand where ``annotation`` is expected."""
    bare, metadata = _parts(annotation)
    for rule in metadata:
        if isinstance(rule, Rule):
            return rule.allowed
    if bare is bool:
        return "true or false"
    if get_origin(bare) is Literal:
        return " or ".join(f'"{choice}"' for choice in get_args(bare))
    if get_origin(bare) is tuple:
        some = (
            "a list of at least one" if any(isinstance(m, MinLen) for m in metadata) else "a list"
        )
        return f"{some}, each item {describe(_item(annotation))}"
    if get_origin(bare) is not None and issubclass(get_origin(bare), Mapping):
        key, value = get_args(bare)
        size = "".join(f" of at most {m.max_length}" for m in metadata if isinstance(m, MaxLen))
        return f"a map{size}; each key {describe(key)}; each value {describe(value)}"
    return "an object ({ ... })"


def model_in(annotation: Any) -> type[BaseModel] | None:
    bare, _ = _parts(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def _item(annotation: Any) -> Any:
    arguments = get_args(_parts(annotation)[0])
    if not arguments:
        return None
    return arguments[1] if len(arguments) > 1 and arguments[1] is not ... else arguments[0]


def _annotation(field: FieldInfo) -> Any:
    return Annotated[field.annotation, None, *field.metadata]


def _parts(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return an annotation without None and metadata, and its metadata."""
    metadata: tuple[Any, ...] = ()
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            metadata += tuple(more)
        elif type(None) in get_args(annotation):
            annotation = next(a for a in get_args(annotation) if a is not type(None))
        else:
            return annotation, metadata
