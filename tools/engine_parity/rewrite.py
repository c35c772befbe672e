"""Renames imported packages in Python sources, and nothing else.

``import cdktf`` becomes ``import cdktn as cdktf``: what the statement binds keeps its name, so
the code that uses it stays as it is, whatever else is called ``cdktf`` there.

What is found comes from the syntax tree, so strings and comments that look like imports stay.
The one exception are the names that ``import_module`` and its like are given as literals.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

IMPORTERS = frozenset({"__import__", "find_spec", "import_module"})
"""Functions of the standard library that import what a string names."""

# The statement's first word, and what may stand between it and the name of the module.
_FROM = re.compile(rb"from(?:[ \t\f]|\\\r?\n)*")


@dataclass(frozen=True)
class Rewritten:
    """A source with its imports renamed; ``count`` is how many places that took."""

    source: str
    count: int


@dataclass(frozen=True)
class _Edit:
    """Put ``text`` in the place of the bytes from ``start`` to ``end``."""

    start: int
    end: int
    text: bytes


def rewrite(source: str, names: Mapping[str, str]) -> Rewritten:
    """Return ``source`` importing each package of ``names`` under its other name.

    Only whole names of top-level packages count: of ``cdktf`` neither ``cdktf_extra`` nor
    ``.cdktf`` is one.

    Raises:
        SyntaxError: the source is not valid Python.
    """
    text = _Text(source)
    edits = sorted(_edits(source, text, names), key=lambda edit: edit.start)
    parts = []
    done = 0
    for edit in edits:
        parts += [text.content[done : edit.start], edit.text]
        done = edit.end
    parts.append(text.content[done:])
    return Rewritten(b"".join(parts).decode(), len(edits))


class _Text:
    """A source as bytes, which is how the syntax tree counts columns."""

    def __init__(self, source: str) -> None:
        self.content = source.encode()
        self.starts = [0]  # of the lines
        for line in self.content.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def span(self, node: ast.expr | ast.stmt | ast.alias) -> tuple[int, int]:
        """Where the node begins and ends."""
        end_line = node.end_lineno or node.lineno
        end = self.starts[end_line - 1] + (node.end_col_offset or 0)
        return self.starts[node.lineno - 1] + node.col_offset, end


def _edits(source: str, text: _Text, names: Mapping[str, str]) -> Iterator[_Edit]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                yield from _import_edits(node, text, names)
            case ast.ImportFrom(module=str(module), level=0) if _package(module) in names:
                start, _ = text.span(node)
                if found := _FROM.match(text.content, start):
                    yield _rename(found.end(), _package(module), names)
            case ast.Call():
                yield from _call_edits(node, text, names)


def _import_edits(node: ast.Import, text: _Text, names: Mapping[str, str]) -> Iterator[_Edit]:
    for alias in node.names:
        if (package := _package(alias.name)) in names:
            yield _Edit(*text.span(alias), _clause(alias, names[package]).encode())


def _call_edits(node: ast.Call, text: _Text, names: Mapping[str, str]) -> Iterator[_Edit]:
    for literal, module in _imported_by_call(node):
        at = text.content.find(module.encode(), *text.span(literal))
        if _package(module) in names and at >= 0:
            yield _rename(at, _package(module), names)


def _rename(at: int, package: str, names: Mapping[str, str]) -> _Edit:
    return _Edit(at, at + len(package), names[package].encode())


def _clause(alias: ast.alias, new: str) -> str:
    """What to import instead of ``alias``, so that it binds the same name to the same thing."""
    old, dot, rest = alias.name.partition(".")
    clause = new + dot + rest
    if alias.asname:
        return f"{clause} as {alias.asname}"
    if dot:  # binds the package and not the submodule, which "as" would do
        return f"{clause}, {new} as {old}"
    return f"{clause} as {old}"


def _imported_by_call(call: ast.Call) -> Iterator[tuple[ast.Constant, str]]:
    match call.func:
        case ast.Name(id=function) | ast.Attribute(attr=function) if function in IMPORTERS:
            for given in [*call.args, *(keyword.value for keyword in call.keywords)]:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given, given.value


def _package(module: str) -> str:
    return module.partition(".")[0]
