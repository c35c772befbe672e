"""What ``docs/settings.md`` and ``examples/settings.tfvars`` must say, from the model."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from modules.settings import Settings
from modules.settings.rules import DocumentedDefault
from modules.settings.wording import annotation_at, describe, model_in


def sections(
    model: type[BaseModel] = Settings, path: str = ""
) -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield every object of the settings with its path; lists end in ``[]``."""
    yield path, model
    for name in model.model_fields:
        annotation = annotation_at((name,), model)
        suffix, inner = "", model_in(annotation)
        if inner is None:
            suffix, inner = "[]", model_in(annotation_at((name, 0), model))
        if inner is not None and inner.__name__ != "Selector":
            yield from sections(inner, f"{path}.{name}{suffix}".lstrip("."))


def rows(model: type[BaseModel]) -> Iterator[tuple[str, str, str, str]]:
    """Yield a setting's name, meaning, default and allowed values."""
    meanings = _meanings(model)
    for name, field in model.model_fields.items():
        yield f"`{name}`", meanings.get(name, ""), _default(field), _allowed(name, model)


def _meanings(model: type[BaseModel]) -> dict[str, str]:
    """The text below each attribute. pydantic can read it too, but at every start of the app."""
    (definition,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for attribute, text in pairwise(definition.body):
        match attribute, text:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(meaning))),
            ):
                found[name] = " ".join(meaning.split())
    return found


def table() -> Iterator[str]:
    for path, model in sections():
        title = f"`{path}`" if path else "At the top"
        yield f"\n## {title}\n"
        yield "| setting | meaning | default | allowed |"
        yield "| --- | --- | --- | --- |"
        yield from (f"| {' | '.join(row)} |" for row in rows(model))


def _default(field: FieldInfo) -> str:
    for item in field.metadata:
        if isinstance(item, DocumentedDefault):
            return item.words
    default: Any = field.default
    if default is PydanticUndefined:
        return "required"
    if default is None or default in ((), {}):
        return "none"
    if isinstance(default, BaseModel):
        return _object(default)
    if isinstance(default, tuple) and isinstance(default[0], BaseModel):
        return f"one: {_object(default[0])}"
    return f"`{json.dumps(default)}`"


def _object(value: BaseModel) -> str:
    given = value.model_dump(exclude_unset=True)
    shown = ", ".join(f"{key} = {json.dumps(item)}" for key, item in given.items())
    return f"`{{ {shown} }}`" if shown else "its defaults"


def _allowed(name: str, model: type[BaseModel]) -> str:
    annotation = annotation_at((name,), model)
    owner, item = model_in(annotation), model_in(annotation_at((name, 0), model))
    if owner is not None:
        return _kind(owner)
    if item is not None and get_origin(get_args(annotation)[0]) is tuple:
        return describe(annotation).partition(",")[0] + f", each {_kind(item)}"
    return describe(annotation).replace("|", "\\|")


def _kind(model: type[BaseModel]) -> str:
    return "a [selector](#selector)" if model.__name__ == "Selector" else "an object, see below"
