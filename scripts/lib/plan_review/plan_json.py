"""The JSON document of a plan in a file, and what else a file may hold instead."""

from __future__ import annotations

import codecs
import gc
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.lib.errors import InputError, one_line

SHOW = "terraform show -json PLANFILE"
SUPPORTED_MAJOR = 1

_ZIP = b"PK\x03\x04"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BIG = 1_000_000
_EVENT = re.compile(r'\s*\{.{0,400}?"@(?:level|message|module|timestamp)"\s*:', re.DOTALL)
_VERSION = re.compile(r"([0-9]{1,9})(?:\.[0-9]{1,9})*")
_PLAN_MEMBERS = frozenset(
    {"resource_changes", "planned_values", "output_changes", "configuration", "prior_state"}
)
_OTHERS = {
    "@level": "the log of `terraform plan -json`",
    "values": "Terraform's state, not a plan",
    "lineage": "Terraform's state file",
    "provider_schemas": "the schemas of providers",
    "diagnostics": "what `terraform validate -json` found",
    "terraform": "a configuration of Terraform",
    "resource": "a configuration of Terraform",
}
"""Members of other documents that Terraform writes or reads, and what those are."""


class BinaryPlan(InputError):  # noqa: N818  it is no error, if one asks Terraform
    """A plan file as Terraform itself reads it: ``terraform show -json`` makes JSON of it."""


def load_document(path: Path) -> Mapping[str, Any]:
    """Return the plan in a file of JSON: UTF-8, or what PowerShell's ``>`` makes of it.

    Raises:
        BinaryPlan: it is a plan file that is not JSON.
        InputError: it cannot be read, or is no plan; the message names the file.
    """
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise InputError(one_line(f"plan {path} cannot be read: {exc.strerror}")) from exc
    if content.startswith(_ZIP):
        raise BinaryPlan(f"plan {one_line(path)} is not JSON: {SHOW}")
    try:
        text = _decode(content)
        del content
        return check_document(_parse(text))
    except InputError as exc:
        raise InputError(f"plan {one_line(path)}: {exc}") from exc


def check_document(document: object) -> Mapping[str, Any]:
    """Return ``document`` if it is a plan of a format that is known, else raise InputError.

    Known is every 1.x. Those before, 0.1 and 0.2 of Terraform 0.12 to 1.0, do not mark what is
    sensitive, or not all of it, and are refused as later majors are.
    """
    if not isinstance(document, dict):
        raise InputError(f"the JSON is no object, expected: the output of {SHOW}")
    version = document.get("format_version")
    if version is None or not _PLAN_MEMBERS.intersection(document):
        _refuse_others(document)
    match = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if match is None or int(match[1]) != SUPPORTED_MAJOR:
        raise InputError(one_line(f"format_version is {version!r}, allowed: {SUPPORTED_MAJOR}.x"))
    return document


def _refuse_others(document: dict[str, Any]) -> None:
    for member, what in _OTHERS.items():
        if member in document:
            raise InputError(f"it is {what}, expected: the output of {SHOW}")
    if "format_version" not in document:
        raise InputError(f"format_version is missing, expected: the output of {SHOW}")
    if set(document) <= {"format_version", "terraform_version"}:
        raise InputError(f"it is an empty state of Terraform, expected: the output of {SHOW}")


def _decode(content: bytes) -> str:
    encoding = "utf-16" if content.startswith(_UTF16) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as exc:
        raise InputError(f"it is no text in UTF-8 (byte {exc.start:,}): {SHOW}") from exc
    if not text or text.isspace():
        raise InputError("it is empty")
    return text


def _parse(text: str) -> object:
    try:
        with _without_collector():
            document: object = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as exc:
        raise InputError(_what_instead(text, exc)) from exc
    except RecursionError as exc:
        raise InputError("the JSON is nested too deeply") from exc
    except ValueError as exc:
        # A number of more digits than Python turns into one.
        raise InputError(one_line(f"the JSON cannot be read: {exc}")) from exc
    if len(text) > _BIG:
        # What was read stays to the end; it need not be looked through again and again.
        gc.freeze()
    return document


def _what_instead(text: str, exc: json.JSONDecodeError) -> str:
    if _EVENT.match(text):
        return f"it is the log of `terraform plan -json`, expected: the output of {SHOW}"
    if not text.lstrip().startswith(("{", "[")):
        return f"it is text, not JSON, expected: the output of {SHOW}"
    if exc.pos >= len(text.rstrip()) or exc.msg.startswith("Unterminated"):
        return f"the JSON is cut off (line {exc.lineno:,}, column {exc.colno:,})"
    return one_line(f"the JSON is broken: {exc.msg} (line {exc.lineno:,}, column {exc.colno:,})")


def _refuse_constant(constant: str) -> float:
    raise InputError(f"{constant} is no JSON, expected: a number")


@contextmanager
def _without_collector() -> Iterator[None]:
    """Without the garbage collector, which would walk through all that was read, again and again.

    Nothing that is parsed refers to itself, so there is nothing for it to find.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
