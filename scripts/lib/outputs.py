"""What ``terraform output -json`` printed, typed: all that scripts know of the stacks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from scripts.lib.errors import InputError, one_line

Guidance = Literal["DEFAULT", "DEPRECATED"]


class _Outputs(BaseModel):
    """Outputs that a script does not read are none of its business, hence ``ignore``."""

    model_config = ConfigDict(frozen=True, extra="ignore")


Kind = TypeVar("Kind", bound=_Outputs)


class Version(_Outputs):
    """A version of a notebook product, as the settings want it."""

    name: str
    guidance: Guidance
    active: bool


class NotebookOutputs(_Outputs):
    """Outputs of a notebook stack. ``first_version`` is what Terraform cannot hold itself; the
    key and the role are those of every notebook of the project."""

    project_name: str
    project_id: str
    product_id: str
    product_name: str
    first_version: Version
    key_arn: str | None = None
    execution_role_arn: str | None = None


class JumpStartOutputs(_Outputs):
    """Outputs of the ``jumpstart`` stack: its service roles, by the settings' name for them."""

    service_role_arns: dict[str, str]


def read_outputs(path: Path) -> dict[str, object]:
    """Return the values in a file made by ``terraform output -json``, by output name.

    Raises InputError if the file cannot be read, or is something else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise InputError(f"outputs file {path}: {exc.strerror}") from exc
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as exc:
        raise InputError(f"outputs file {path}: not JSON: {one_line(exc)}") from exc
    expected = "expected the object that `terraform output -json` prints"
    if not isinstance(document, dict):
        raise InputError(f"outputs file {path}: got a JSON {type(document).__name__}, {expected}")
    values: dict[str, object] = {}
    for name, output in document.items():
        if not isinstance(output, dict) or "value" not in output:
            raise InputError(f"outputs file {path}: {one_line(name)} has no value, {expected}")
        values[name] = output["value"]
    return values


def is_jumpstart(path: Path) -> bool:
    """Tell whether a file holds the ``jumpstart`` stack's outputs; raise as ``read_outputs``."""
    return "service_role_arns" in read_outputs(path)


def read_notebook_outputs(path: Path) -> NotebookOutputs:
    """Return the outputs of a notebook stack from a file of ``terraform output -json``.

    Raises InputError that names the file and every output that is missing or ill-formed.
    """
    return _read(path, NotebookOutputs, "a notebook stack")


def read_jumpstart_outputs(path: Path) -> JumpStartOutputs:
    """Return the outputs of the ``jumpstart`` stack; raise as ``read_notebook_outputs``."""
    return _read(path, JumpStartOutputs, "the jumpstart stack")


def notebook_outputs(values: Mapping[str, object], source: str) -> NotebookOutputs:
    """Return the outputs of a notebook stack from their values by name.

    Raises InputError that names ``source`` and every output that is missing or ill-formed.
    """
    return _validated(values, NotebookOutputs, source, "a notebook stack")


def _read(path: Path, kind: type[Kind], stack: str) -> Kind:
    return _validated(read_outputs(path), kind, f"outputs file {path}", stack)


def _validated(values: Mapping[str, object], kind: type[Kind], source: str, stack: str) -> Kind:
    try:
        return kind.model_validate(values)
    except ValidationError as exc:
        faults = "; ".join(_fault(error["loc"], error["msg"]) for error in exc.errors())
        raise InputError(f"{source}: not those of {stack}: {one_line(faults)}") from exc


def _fault(location: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(str(part) for part in location)}: {message}"
