"""A ``.tfvars`` file as plain data: literals only, each with its line, every fault at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hcl2
from lark import Token, Tree
from lark.exceptions import LarkError, UnexpectedInput

from modules.settings.problems import Loc, Problem, SettingsError, show

SIZE_LIMIT = 256 * 1024
"""In bytes; python-hcl2 reads that much in two seconds."""
DEPTH_LIMIT = 12
NUMBER_LIMIT = 40
"""In characters: no setting is near it."""

Node = Tree[Token]

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.?))", re.DOTALL)
_LEXEMES = re.compile(r'#[^\n]*|//[^\n]*|/\*[\s\S]*?\*/|"(?:[^"\\\n]|\\[^\n])*"|(?P<open>")')
_NOT_LITERAL = {
    "heredoc_template": "a text block (<<)",
    "heredoc_template_trim": "a text block (<<)",
    "function_call": "a function call",
    "identifier": "a reference, or a string without quotes",
    "interpolation": "an interpolation (${...})",
}


@dataclass
class Source:
    """What a file holds: lists as tuples, nulls left out; where; and what is wrong with it."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Loc, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unreadable: set[Loc] = field(default_factory=set)

    def refuse(self, loc: Loc, text: str, line: int) -> None:
        self.problems.append(Problem(loc, text, line))
        self.unreadable.add(loc)


class _NotALiteralError(Exception):
    """What was found where a literal should be."""


def read(path: Path) -> Source:
    """Read a settings file; raises SettingsError if there is no telling what it holds."""
    content = _content(path)
    try:
        tree = hcl2.parses_to_tree(content)
    except LarkError as error:
        raise SettingsError([f"{path}: {_syntax_fault(content, error)}"]) from None
    source = Source()
    body = tree.children[0]
    _read_entries(body, "attribute", (), source)
    for block in body.children:
        if not isinstance(block, Tree) or block.data != "block":
            continue
        name = str(next(block.scan_values(lambda _: True)))
        source.refuse((name,), f"is written as a block; must be {name} = ...", _line(block))
        if not source.values.get(name):
            source.values[name] = None
    if not source.values:
        raise SettingsError([f"{path}: holds no settings; must hold at least region and deployers"])
    return source


def _content(path: Path) -> str:
    try:
        if not path.is_file():
            fault = "is not a file" if path.exists() else "does not exist"
            raise SettingsError([f"{path}: {fault}; must be a settings file (.tfvars)"])
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise SettingsError([f"{path}: cannot be read: {error.strerror}"]) from None
    if len(content) > SIZE_LIMIT:
        raise SettingsError([f"{path}: is too large; must have at most {SIZE_LIMIT} bytes"])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError([f"{path}: line {line}: is not UTF-8 text"]) from None


def _syntax_fault(content: str, error: LarkError) -> str:
    for lexeme in _LEXEMES.finditer(content):
        if lexeme["open"]:
            line = content.count("\n", 0, lexeme.start()) + 1
            return f'line {line}: this string has no closing " on its line'
    if not isinstance(error, UnexpectedInput) or error.pos_in_stream is None:
        return "is not HCL"
    start = error.pos_in_stream
    found = re.compile(r"[ \t\r]*(\S|$|\n)").match(content, start)
    if found is None or not content[start:].strip():
        return f"line {len(content.rstrip().splitlines())}: unexpected end of the file"
    line = content.count("\n", 0, start) + 1
    what = "end of the line" if found[1] == "\n" else show(found[1])
    return f"line {line}: unexpected {what}"


def _read_entries(node: Node, kind: str, loc: Loc, source: Source) -> dict[str, Any]:
    """Read the ``key = value`` pairs of a body or an object."""
    values: dict[str, Any] = source.values if not loc else {}
    separated = True
    for child in node.children:
        if not isinstance(child, Tree) or child.data != kind:
            separated |= str(child) == "," if isinstance(child, Token) else True
            continue
        key = _key(child)
        here = (*loc, key)
        if not separated:
            source.refuse(here, "must be on a line of its own, or after a comma", _line(child))
        separated = False
        if here in source.lines:
            first = source.lines[here]
            source.refuse(here, f"is set twice, first in line {first}", _line(child))
            continue
        source.lines[here] = _line(child)
        value = _read_value(child.children[-1], here, source)
        if value is not None or here in source.unreadable:
            values[key] = value
    return values


def _read_value(node: Any, loc: Loc, source: Source) -> Any:
    """Return a value, or None where there is none to be had (null, or a problem)."""
    source.lines.setdefault(loc, _line(node))
    try:
        node = _inner(node)
        if node.data == "object":
            _keep_shallow(loc)
            return _read_entries(node, "object_elem", loc, source)
        if node.data == "tuple":
            _keep_shallow(loc)
            items = [child for child in node.children if _is_expression(child)]
            return tuple(
                _read_value(item, (*loc, index), source) for index, item in enumerate(items)
            )
        return _scalar(node)
    except _NotALiteralError as found:
        source.refuse(loc, f"is {found}; must be a plain value", source.lines[loc])
        return None


def _inner(node: Any) -> Node:
    """Unwrap what the grammar wraps around a value."""
    while isinstance(node, Tree) and node.data == "expr_term" and len(node.children) == 1:
        node = node.children[0]
    if not isinstance(node, Tree) or node.data == "expr_term":
        raise _NotALiteralError("an expression")
    return node


def _scalar(node: Node) -> str | int | float | bool | None:
    if node.data == "string":
        return "".join(_string_part(part) for part in node.children[1:-1])
    if node.data == "literal_value":
        return {"true": True, "false": False, "null": None}[str(node.children[0])]
    if node.data in ("int_lit", "float_lit"):
        return _number(str(node.children[0]))
    if node.data == "unary_op" and str(node.children[0]) == "-":
        operand = _inner(node.children[1])
        if operand.data in ("int_lit", "float_lit"):
            return -_number(str(operand.children[0]))
    raise _NotALiteralError(_NOT_LITERAL.get(str(node.data), "an expression"))


def _number(digits: str) -> int | float:
    """Return a number; HCL has one kind of them, so 20.0 is 20."""
    if len(digits) > NUMBER_LIMIT:
        raise _NotALiteralError(f"a number of more than {NUMBER_LIMIT} characters")
    number = float(digits)
    if "." not in digits and "e" not in digits.lower():
        return int(digits)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number  # noqa: PLR2004


def _string_part(part: Any) -> str:
    content = part.children[0]
    if isinstance(content, Tree):
        raise _NotALiteralError(_NOT_LITERAL.get(str(content.data), "a template (%{...})"))
    if "\n" in content:
        raise _NotALiteralError('a string without a closing " on its line')
    if content.type in ("ESCAPED_INTERPOLATION", "ESCAPED_DIRECTIVE"):
        if '"' in content:
            raise _NotALiteralError("a string with quotes inside $${...} or %%{...}")
        content = content[1:]
    return _ESCAPE.sub(_unescape, content)


def _unescape(match: re.Match[str]) -> str:
    short, long, other = match.groups()
    if other is not None:
        if other not in _ESCAPES:
            raise _NotALiteralError(f"a string with an unknown escape, {show(match.group())}")
        return _ESCAPES[other]
    code = int(short or long, 16)
    if code > 0x10FFFF or 0xD800 <= code < 0xE000:  # noqa: PLR2004 (the limits of Unicode)
        raise _NotALiteralError(f"a string with {match.group()}, which is no character")
    return chr(code)


def _key(entry: Node) -> str:
    """Return the key of a pair: a bare word, or a string in quotes."""
    key: Any = entry.children[0]
    if isinstance(key, Tree) and key.data == "object_elem_key":
        key = key.children[0]
    try:
        inner = _inner(key)
        if inner.data == "string":
            return str(_scalar(inner))
    except _NotALiteralError:
        pass
    return "".join(str(token) for token in _tokens(key))


def _tokens(node: Any) -> Iterator[Token]:
    if isinstance(node, Token):
        yield node
    else:
        yield from node.scan_values(lambda _: True)


def _is_expression(node: Any) -> bool:
    return isinstance(node, Tree) and node.data != "new_line_or_comment"


def _keep_shallow(loc: Loc) -> None:
    if len(loc) > DEPTH_LIMIT:
        raise _NotALiteralError("nested too deeply")


def _line(node: Any) -> int:
    line = node.line if isinstance(node, Token) else node.meta.line
    return int(line or 0)
