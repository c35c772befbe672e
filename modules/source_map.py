"""Which lines of Python made what is in a stack, written beside its Terraform JSON.

    with SourceMap(root) as sources:
        app = build_app(settings)
    app.synth()
    sources.write(app.outdir)

cdktf records no lines of Python: constructs are made by a process of Node.js, whose stack says
nothing of the caller. So ``jsii.create``, which every construct in Python ends in, is watched
while the app is built. The stacks' JSON is only read. Paths are relative to the project and
nothing tells of the machine or the time, so the same settings give the same bytes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Self

import jsii
from constructs import Construct

FILE_NAME = "sources.json"
"""In the folder of each stack. Terraform reads ``*.tf`` and ``*.tf.json`` alone."""
VERSION = 1
"""Of the file's form."""

_KINDS = {"resource": "", "data": "data."}
_INSTALLED = frozenset({"site-packages", "dist-packages"})


class SourceMap:
    """Watches which lines make constructs, from ``with`` to its end.

    Of each construct the frames are kept that lie in ``root``, the innermost first: the line
    that made it, who called that, and so on out to the ``with``. Installed packages and
    hidden folders, such as ``.venv``, are not the project's.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._root = os.path.realpath(root)
        self._files: dict[str, str | None] = {}
        self._paths: dict[str, str] = {}  # by jsii's reference: objects come and go
        self._frames: dict[str, tuple[str, ...]] = {}  # by construct path
        self._create: Any = None
        self._outermost: FrameType | None = None

    def __enter__(self) -> Self:
        self._create, self._outermost = jsii.create, sys._getframe(1)  # noqa: SLF001
        jsii.create = self._create_and_record
        return self

    def __exit__(self, *_: object) -> None:
        jsii.create = self._create
        self._outermost = None

    def write(self, output: str | os.PathLike[str]) -> None:
        """Write ``sources.json`` beside each stack that was synthesised into ``output``.

        What was made unseen, by Node.js itself as a rule, gets the lines of what is around it.

        Raises:
            OSError: a file cannot be read or written.
        """
        manifest = json.loads(Path(output, "manifest.json").read_text(encoding="utf-8"))
        for stack in manifest["stacks"].values():
            path = Path(output, stack["synthesizedStackPath"])
            if path.suffix != ".json":  # cdktf can write HCL, which holds no construct paths
                continue
            content = json.loads(path.read_text(encoding="utf-8"))
            elements = {
                address: {"construct": construct, "frames": self._nearest(construct)}
                for address, construct in _elements(content)
            }
            text = json.dumps({"version": VERSION, "elements": elements}, indent=1, sort_keys=True)
            path.with_name(FILE_NAME).write_text(text + "\n", encoding="utf-8", newline="\n")

    def _create_and_record(self, klass: Any, obj: Any, args: Sequence[Any] | None = None) -> Any:
        reference = self._create(klass, obj, args)
        if isinstance(obj, Construct) and args is not None and len(args) > 1:
            scope, id_ = args[:2]
            if isinstance(scope, Construct) and isinstance(id_, str):
                # As in constructs: the separator cannot be part of an id.
                path = "/".join(filter(None, (self._path_of(scope), id_.replace("/", "--"))))
                self._paths[reference.ref] = path
                self._frames[path] = tuple(self._project_frames(sys._getframe(1)))  # noqa: SLF001
        return reference

    def _path_of(self, scope: Construct) -> str:
        """Ask Node.js only of what was not seen being made: the app, as a rule."""
        reference: str = scope.__jsii_ref__.ref  # type: ignore[attr-defined]
        if reference not in self._paths:
            self._paths[reference] = scope.node.path
        return self._paths[reference]

    def _project_frames(self, innermost: FrameType) -> Iterator[str]:
        frame: FrameType | None = innermost
        last = ""
        while frame is not None:
            file = self._project_file(frame.f_code.co_filename)
            line = f"{file}:{frame.f_lineno}"
            if file is not None and line != last:  # a comprehension is a frame of its own
                yield line
                last = line
            frame = None if frame is self._outermost else frame.f_back

    def _project_file(self, name: str) -> str | None:
        """The file's path within the project, or None if it is none of the project's."""
        if name not in self._files:
            self._files[name] = self._within_root(os.path.realpath(name))
        return self._files[name]

    def _within_root(self, path: str) -> str | None:
        try:
            parts = Path(path).relative_to(self._root).parts
        except ValueError:
            return None
        if any(part in _INSTALLED or part.startswith((".", "<")) for part in parts):
            return None  # "<string>" and the like are no files
        return "/".join(parts)

    def _nearest(self, path: str) -> tuple[str, ...]:
        while path and path not in self._frames:
            path = path.rpartition("/")[0]
        return self._frames.get(path, ())


def _elements(stack: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the address and the construct path of all that has both, in a stack's JSON."""
    for kind, prefix in _KINDS.items():
        for type_, named in stack.get(kind, {}).items():
            yield from _named(f"{prefix}{type_}.", named)
    yield from _named("module.", stack.get("module", {}))
    yield from _outputs(stack.get("//", {}).get("outputs", {}))


def _named(prefix: str, named: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, body in named.items():
        match body:  # an override can add what has no construct
            case {"//": {"metadata": {"path": str(path)}}}:
                yield prefix + name, path


def _outputs(tree: Mapping[str, Any], *above: str) -> Iterator[tuple[str, str]]:
    """Outputs say no path; the stack's metadata has a tree of ids with their names."""
    for id_, below in tree.items():
        if isinstance(below, str):
            yield f"output.{below}", "/".join((*above, id_))
        else:
            yield from _outputs(below, *above, id_)
