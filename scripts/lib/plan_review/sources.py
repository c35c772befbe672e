"""Where the resources of a plan come from: the file that synthesis writes beside each stack.

The file may come from anywhere, as a pull request's may. What it says ends up in links, so a
path that could lead out of the repository is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.lib.errors import InputError, one_line
from scripts.lib.plan_review.model import Source

FILE_NAME = "sources.json"
VERSION = 1
SIZE_LIMIT = 16_000_000
"""In bytes; the file of a stack of 5,000 resources has about 2 MB."""
FRAME_LIMIT = 50
LENGTH_LIMIT = 1000
"""Of a path or a construct path, in characters."""

_KEY = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')
_FRAME = re.compile(r"(.+):([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class Origin:
    """What made a resource: its construct's path, and the lines, innermost first."""

    construct: str
    frames: tuple[Source, ...]


class Origins(Mapping[str, Origin]):
    """Origins by address. Constructs know neither keys nor what is within a module.

    So ``aws_iam_role.R["a"]`` is found as ``aws_iam_role.R``, and all that is within
    ``module.vpc`` as that. Only the addresses of the file are counted and iterated over.
    """

    def __init__(self, origins: Mapping[str, Origin]) -> None:
        self._origins = dict(origins)

    def __getitem__(self, address: str) -> Origin:
        for candidate in _candidates(address):
            if candidate in self._origins:
                return self._origins[candidate]
        raise KeyError(address)

    def __iter__(self) -> Iterator[str]:
        return iter(self._origins)

    def __len__(self) -> int:
        return len(self._origins)


def read_sources(path: Path) -> Origins:
    """Read the file at ``path``, or that of the stack's folder ``path``; none if there is none.

    An origin, or a line of one, that makes no sense is left out.

    Raises:
        InputError: the file cannot be read, or is none of synthesis.
    """
    if path.is_dir():
        path = path / FILE_NAME
    if not path.exists():
        return Origins({})
    return Origins(
        {
            address: origin
            for address, given in _elements(path).items()
            if (origin := _origin(given)) is not None
        }
    )


def _elements(path: Path) -> dict[str, Any]:
    content = _bounded(path)
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(one_line(f"{path}: is not valid JSON: {error}")) from error
    match data:
        case {"version": int(version), "elements": dict(elements)}:
            if version == VERSION:
                return elements
            raise InputError(one_line(f"{path}: has version {version}; must be {VERSION}"))
    raise InputError(one_line(f"{path}: is no {FILE_NAME} of synthesis"))


def _bounded(path: Path) -> bytes:
    if not path.is_file():  # a pipe would keep us waiting
        raise InputError(one_line(f"{path}: is not a file; must be a {FILE_NAME}"))
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise InputError(one_line(f"{path}: cannot be read: {error.strerror}")) from error
    if len(content) > SIZE_LIMIT:
        raise InputError(one_line(f"{path}: is too large; at most {SIZE_LIMIT:,} bytes are read"))
    return content


def _origin(given: object) -> Origin | None:
    match given:
        case {"construct": str(construct), "frames": list(frames)} if (
            len(construct) <= LENGTH_LIMIT
        ):
            found = (_source(frame) for frame in frames[:FRAME_LIMIT])
            return Origin(construct, tuple(source for source in found if source is not None))
    return None


def _source(frame: object) -> Source | None:
    if not isinstance(frame, str) or not (match := _FRAME.fullmatch(frame)):
        return None
    return Source(match[1], int(match[2])) if is_within(match[1]) else None


def is_within(path: str) -> bool:
    """Tell whether a path, relative and with /, stays where it begins, on any system."""
    return (
        len(path) <= LENGTH_LIMIT
        and path.isprintable()
        and not set(path) & set("\\:")
        and not {"", ".", ".."} & set(path.split("/"))
    )


def _candidates(address: str) -> Iterator[str]:
    yield address
    without_keys = _KEY.sub("", address)
    yield without_keys
    match without_keys.split("."):
        case ["module", name, _, *_]:
            yield f"module.{name}"
