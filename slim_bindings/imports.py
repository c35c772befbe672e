"""Which modules of a package a tree of Python sources imports, found without running them."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

EVERYTHING = "*"


def imported_modules(package: str, sources: Iterable[Path]) -> frozenset[str]:
    """Names of the direct submodules of ``package`` that the sources mention in their code.

    ``sources`` are Python files, or folders searched for them. A name is one that follows the
    package in an import, in an attribute (``import package as p; p.name``) or in a string that
    holds nothing else (``import_module("package.name")``); it need not exist. ``from package
    import *`` gives ``"*"``. Sources that are not valid Python are left to the interpreter to
    complain about.

    Raises:
        OSError: a source cannot be read.
    """
    marker = package.encode()
    found: set[str] = set()
    for path in _files(sources):
        content = path.read_bytes()
        if marker in content:
            try:
                tree = ast.parse(content, filename=str(path))
            except (SyntaxError, ValueError):
                continue
            found.update(_mentioned(package, tree))
    return frozenset(found)


def _files(sources: Iterable[Path]) -> Iterator[Path]:
    for source in sources:
        if source.is_dir():
            # Not a dangling link, such as an editor leaves beside an open file.
            yield from (path for path in source.rglob("*.py") if path.is_file())
        else:
            yield source


def _mentioned(package: str, tree: ast.AST) -> Iterator[str]:
    nodes = list(ast.walk(tree))
    bound = {name for node in nodes for name in _bound(package, node)}
    for node in nodes:
        match node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    yield from _below(package, alias.name)
            case ast.ImportFrom(module=str(module), names=aliases, level=0):
                if module == package:
                    yield from (alias.name for alias in aliases)
                yield from _below(package, module)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in bound:
                yield attribute
            case ast.Constant(value=str(text)) if text.replace(".", "_").isidentifier():
                yield from _below(package, text)


def _bound(package: str, node: ast.AST) -> Iterator[str]:
    """The names under which an import makes the package itself known."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name == package:
                yield alias.asname or package
            elif alias.asname is None and alias.name.startswith(package + "."):
                yield package


def _below(package: str, dotted: str) -> Iterator[str]:
    module = dotted.removeprefix(package + ".").partition(".")[0]
    if dotted.startswith(package + ".") and module:
        yield module
