"""A jsii assembly cut down to some submodules of its Python package.

A jsii package ships a tarball: ``.jsii`` describes its types (120 MB of JSON for the AWS
provider) and ``lib`` holds the JavaScript behind them. The jsii kernel, a Node.js process,
reads the whole of the first and runs the whole of the second whenever the package is
imported. The cut has the same name and version, and of both only what some submodules need.
"""

import gzip
import io
import json
import posixpath
import re
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_ROOT = "package/"
_DESCRIPTION = _ROOT + ".jsii"
_MANIFEST = _ROOT + "package.json"
# What the kernel never looks at; three quarters of the description.
_PROSE = frozenset({"docs", "locationInModule", "readme"})
# Of a description as jsii lays it out.
_TYPE_END = b"\n    }"
_NEXT_TYPE = _TYPE_END + b',\n    "'
_TYPE_NAME = re.compile(rb'([^"\\]+)": (?=\{\n)')
_NO_TYPES = b'\n  "types": {}'
_TYPES_BEGIN, _TYPES_END = b'\n  "types": {\n    "', _TYPE_END + b"\n  }"
_EXPORT = re.compile(rb"^exports\.(\w+) = .*require\(\"\./[^\"]+\"\)\)?;\s*$")
_REQUIRE = re.compile(rb"require\(\"(\.\.?/[^\"]*)\"\)")
_SOURCE_MAP = re.compile(rb"//# sourceMappingURL=\S*\s*\Z")
_PYTHON_TYPE = re.compile(r"""jsii_type=["']([^"']+)\.\w+["']""")

Text = bytes | memoryview


class CutError(Exception):
    """The assembly does not have the form that jsii gives a prebuilt provider."""


def cut(package: Path, tarball: Path, modules: frozenset[str]) -> bytes:
    """The tarball of ``package`` cut down to ``modules``; the same inputs make the same bytes.

    Args:
        package: folder of the installed Python package.
        tarball: its jsii assembly, ``NAME@VERSION.jsii.tgz``.
        modules: names of direct submodules of the package.

    Raises:
        CutError: the assembly has another form than expected.
        OSError, tarfile.TarError: it cannot be read.
    """
    with tarfile.open(tarball) as archive:
        files = {
            member.name: content.read()
            for member in archive
            if member.name in {_DESCRIPTION, _MANIFEST} or member.name.endswith(".js")
            if (content := archive.extractfile(member))
        }
    try:
        description, types = _read(files[_DESCRIPTION])
        entry = posixpath.normpath(_ROOT + json.loads(files[_MANIFEST])["main"])
        index = files[entry]
        name, submodules = description["name"], description["submodules"]
        namespaces = _closure(name, types, _namespaces(package, modules))
        description["types"] = {
            fqn: json.loads(bytes(text))
            for fqn, text in types.items()
            if _namespace(fqn) in namespaces
        }
        description["submodules"] = {
            fqn: value for fqn, value in submodules.items() if fqn in namespaces
        }
    except (KeyError, ValueError) as error:
        raise CutError(f"{tarball.name} has another form than expected: {error!r}") from error
    files[entry] = _cut_index(index, {each.removeprefix(f"{name}.") for each in namespaces})
    kept = _required(files, entry)
    return _tar(
        {
            _MANIFEST: files[_MANIFEST],
            _DESCRIPTION: json.dumps(_without_prose(description)).encode(),
            **{name: _without_source_map(files[name]) for name in sorted(kept)},
        }
    )


def dependencies(tarball: Path) -> frozenset[str]:
    """Names of the assemblies that the one in ``tarball`` builds on.

    Raises:
        OSError, tarfile.TarError, ValueError: it cannot be read.
    """
    with tarfile.open(tarball) as archive:
        for member in archive:
            if member.name == _MANIFEST and (content := archive.extractfile(member)):
                manifest = json.load(content)
                return frozenset(
                    {**manifest.get("dependencies", {}), **manifest.get("peerDependencies", {})}
                )
    return frozenset()


def _read(content: bytes) -> tuple[dict[str, Any], dict[str, Text]]:
    """A description, its types not yet chosen, and the JSON of each type by its name.

    Nearly all of it is types that nobody asks for. In what jsii writes, indented by two spaces,
    they are told apart without being parsed: within JSON, a line can begin nowhere but between
    two values. What is laid out otherwise is parsed.
    """
    begin = content.find(_TYPES_BEGIN)
    end = content.find(_TYPES_END, begin)
    if begin < 0 or end < 0:
        parsed = json.loads(content)
        return parsed, {fqn: json.dumps(type_).encode() for fqn, type_ in parsed["types"].items()}
    rest = content[:begin] + _NO_TYPES + content[end + len(_TYPES_END) :]
    whole = memoryview(content)
    found: dict[str, Text] = {}
    at = begin + len(_TYPES_BEGIN)
    while at < end:
        name = _TYPE_NAME.match(content, at)
        if name is None:
            raise ValueError(f"no type begins at {at}")
        next_type = content.find(_NEXT_TYPE, at, end)
        last = end if next_type < 0 else next_type
        found[name[1].decode()] = whole[name.end() : last + len(_TYPE_END)]
        at = last + len(_NEXT_TYPE)
    return json.loads(rest), found


def _namespaces(package: Path, modules: Iterable[str]) -> set[str]:
    """jsii's names of Python submodules: ``@cdktf/provider-aws.s3Bucket`` for ``s3_bucket``."""
    found: set[str] = set()
    for module in modules:
        names: set[str] = set()
        for source in (package / module).rglob("*.py"):
            names.update(_PYTHON_TYPE.findall(source.read_text(encoding="utf-8")))
        if not names:
            raise CutError(f"{package.name}.{module} defines no jsii type")
        found |= names
    return found


def _namespace(fqn: str) -> str:
    return fqn.rpartition(".")[0]


def _closure(assembly: str, types: dict[str, Text], namespaces: set[str]) -> set[str]:
    """The namespaces, and those that their types refer to."""
    reference = re.compile(rf'"({re.escape(assembly)}\.[\w.]+)\.\w+"'.encode())
    by_namespace: dict[str, list[Text]] = {}
    for fqn, text in types.items():
        by_namespace.setdefault(_namespace(fqn), []).append(text)
    closed: set[str] = set()
    waiting = set(namespaces)
    while waiting:
        closed |= waiting
        texts = [text for namespace in waiting for text in by_namespace.get(namespace, [])]
        found = {each.decode() for text in texts for each in reference.findall(text)}
        waiting = found & by_namespace.keys() - closed
    return closed


def _cut_index(index: bytes, namespaces: set[str]) -> bytes:
    """The package's entry without the exports of other namespaces, given relative to it."""
    wanted = {namespace.partition(".")[0] for namespace in namespaces}
    exported = set()
    lines = []
    for line in index.splitlines(keepends=True):
        if match := _EXPORT.match(line):
            name = match[1].decode()
            exported.add(name)
            if name not in wanted:
                continue
        lines.append(line)
    if missing := wanted - exported:
        raise CutError(f"the package does not export {', '.join(sorted(missing))}")
    return b"".join(lines)


def _required(files: dict[str, bytes], entry: str) -> set[str]:
    """The files that the entry loads, directly or not."""
    found: set[str] = set()
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for target in _REQUIRE.findall(files[name]):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target.decode()))
            for candidate in (path, path + ".js", path + "/index.js"):
                if candidate in files:
                    waiting.append(candidate)
                    break
            else:
                raise CutError(f"{name} requires {target.decode()}, which is not there")
    return found


def _without_prose(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_prose(v) for k, v in value.items() if k not in _PROSE}
    if isinstance(value, list):
        return [_without_prose(item) for item in value]
    return value


def _without_source_map(script: bytes) -> bytes:
    return _SOURCE_MAP.sub(b"", script)


def _tar(files: dict[str, bytes]) -> bytes:
    """The same bytes for the same files: no times, no owners."""
    content = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=content, mode="wb", mtime=0, filename="") as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return content.getvalue()
