"""Packages as jsii makes them: copies of the null provider, and some made by hand."""

from __future__ import annotations

import importlib.util
import io
import json
import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NULL = "cdktf_cdktf_provider_null"


def installed(name: str) -> Path:
    """Return the folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def tarball_of(package: Path) -> Path:
    (tarball,) = (package / "_jsii").glob("*.jsii.tgz")
    return tarball


def copy_of_null(directory: Path) -> Path:
    """Copy the null provider, as it is before its first import; return the copy's folder."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(installed(NULL), directory / NULL, ignore=ignored))


def read(tarball: Path) -> dict[str, bytes]:
    with tarfile.open(tarball) as archive:
        contents = {member.name: archive.extractfile(member) for member in archive}
        return {name: content.read() for name, content in contents.items() if content}


def write(tarball: Path, files: Mapping[str, bytes]) -> None:
    with tarfile.open(tarball, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def description(tarball: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(read(tarball)["package/.jsii"])
    return content


TOY = "@toys/provider-toy"


def class_(fqn: str, *referred: str) -> dict[str, Any]:
    """Describe a type with a property of each of the referred types."""
    return {
        "assembly": TOY,
        "docs": {"summary": "A toy."},
        "fqn": fqn,
        "kind": "class",
        "locationInModule": {"filename": "src/index.ts", "line": 1},
        "name": fqn.rpartition(".")[2],
        "properties": [
            {"name": f"p{n}", "type": {"fqn": each}, "docs": {"summary": "Another."}}
            for n, each in enumerate(referred)
        ],
    }


def toy_files(references: Mapping[str, tuple[str, ...]]) -> dict[str, bytes]:
    """The files of an assembly with these modules, whose classes refer to those of others."""
    types = [
        class_(f"{TOY}.{module}.Toy", *(f"{TOY}.{each}.Toy" for each in referred))
        for module, referred in references.items()
    ]
    index = ['"use strict";', "exports.a = exports.b = void 0;"]
    index += [f'exports.{module} = require("./{module}");' for module in references]
    return {
        "package/package.json": json.dumps(
            {"name": TOY, "version": "1.0.0", "main": "lib/index.js"}
        ).encode(),
        "package/.jsii": json.dumps(
            {
                "name": TOY,
                "readme": {"markdown": "# Toys"},
                "submodules": {f"{TOY}.{module}": {"symbolId": module} for module in references},
                "types": {type_["fqn"]: type_ for type_ in types},
                "version": "1.0.0",
            }
        ).encode(),
        "package/lib/index.js": "\n".join(index).encode(),
        **{
            f"package/lib/{module}/index.js": f"exports.Toy = class {{}}; // {module}\n".encode()
            for module in references
        },
        "package/lib/index.d.ts": b"export {};",
        "package/LICENSE": b"free",
    }


def toy(
    directory: Path, references: Mapping[str, tuple[str, ...]], **changes: bytes | None
) -> Path:
    """Make a package of a toy assembly; a change is a file of ``lib``, or None to leave it out.

    A file's name has ``__`` for a slash and ``_`` for a dot: ``a__index_js``.
    """
    package = directory / "cdktf_cdktf_provider_toy"
    for module in references:
        (package / module).mkdir(parents=True, exist_ok=True)
        source = f'class Toy(metaclass=jsii.JSIIMeta, jsii_type="{TOY}.{module}.Toy"): pass\n'
        (package / module / "__init__.py").write_text(source, encoding="utf-8")
    files = toy_files(references)
    for key, content in changes.items():
        name = f"package/lib/{key.replace('__', '/').replace('_', '.')}"
        files.pop(name, None)
        if content is not None:
            files[name] = content
    (package / "_jsii").mkdir(exist_ok=True)
    write(package / "_jsii/provider-toy@1.0.0.jsii.tgz", files)
    return package


THIRD_PARTY = "toys-of-others"
_THIRD_PARTY_SCRIPT = """
const provider = require("@cdktf/provider-null");
const Data = provider.dataNullDataSource.DataNullDataSource;
class Toy extends provider.resource.Resource {
  constructor(scope, id) {
    super(scope, id, { triggers: { made: "by others" } });
    new Data(scope, id + "-data", {});
  }
}
exports.Toy = Toy;
Toy[Symbol.for("jsii.rtti")] = { fqn: "toys-of-others.Toy", version: "1.0.0" };
"""
_THIRD_PARTY_ASSEMBLY = f"""
import jsii
import cdktf_cdktf_provider_null._jsii
jsii.JSIIAssembly.load("{THIRD_PARTY}", "1.0.0", __name__[:-6], "{THIRD_PARTY}@1.0.0.jsii.tgz")
"""
_THIRD_PARTY_MODULE = f"""
import jsii
from ._jsii import *
from cdktf_cdktf_provider_null.resource import Resource
class Toy(Resource, metaclass=jsii.JSIIMeta, jsii_type="{THIRD_PARTY}.Toy"):
    def __init__(self, scope, id_):
        jsii.create(self.__class__, self, [scope, id_])
"""


def third_party(directory: Path) -> Path:
    """Make ``toys_of_others``, whose JavaScript uses a module of the null provider by itself.

    Its construct is a resource of the provider; Python never imports the data source.
    """
    package = directory / THIRD_PARTY.replace("-", "_")
    (package / "_jsii").mkdir(parents=True)
    (package / "__init__.py").write_text(_THIRD_PARTY_MODULE, encoding="utf-8")
    (package / "_jsii/__init__.py").write_text(_THIRD_PARTY_ASSEMBLY, encoding="utf-8")
    null = description(tarball_of(installed(NULL)))
    parameters = [
        {"name": "scope", "type": {"fqn": "constructs.Construct"}},
        {"name": "id", "type": {"primitive": "string"}},
    ]
    needed = {**null["dependencies"], "@cdktf/provider-null": f"^{null['version']}"}
    described = {
        **{key: null[key] for key in ("schema", "jsiiVersion", "author", "license")},
        "name": THIRD_PARTY,
        "version": "1.0.0",
        "dependencies": needed,
        "targets": {"python": {"module": package.name}},
        "fingerprint": "none",
        "types": {
            f"{THIRD_PARTY}.Toy": {
                "assembly": THIRD_PARTY,
                "base": "@cdktf/provider-null.resource.Resource",
                "fqn": f"{THIRD_PARTY}.Toy",
                "initializer": {"parameters": parameters},
                "kind": "class",
                "name": "Toy",
            }
        },
    }
    manifest = {
        "name": THIRD_PARTY,
        "version": "1.0.0",
        "main": "index.js",
        "jsii": {},
        "peerDependencies": needed,
    }
    files = {
        "package/.jsii": json.dumps(described).encode(),
        "package/package.json": json.dumps(manifest).encode(),
        "package/index.js": _THIRD_PARTY_SCRIPT.encode(),
    }
    write(package / f"_jsii/{THIRD_PARTY}@1.0.0.jsii.tgz", files)
    return package
