"""A whole app as Terraform reads it; what is in a stack is found by its construct path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cdktf import App

from modules.settings import parse
from modules.stacks import build_app
from modules.stacks.audit import AuditStack
from tests.unit.modules.stacks.samples import LEAST

_ENVIRONMENT = re.compile(r"\$\{data\.aws_(caller_identity|partition|region)\.\w+\.(\w+)\}")
_REFERENCE = re.compile(r"\$\{[^}]*?((?:data\.)?aws_\w+\.[\w-]+|local\.[\w-]+)")


@dataclass(frozen=True)
class Element:
    """A resource or data source."""

    type: str
    address: str
    path: str
    """Below the stack, such as ``Key/Resource``."""
    body: dict[str, Any]


class WholeStack:
    def __init__(self, synthesised: dict[str, Any]) -> None:
        self.json = synthesised
        self.name: str = synthesised["//"]["metadata"]["stackName"]
        self.elements = [*self._elements("resource", ""), *self._elements("data", "data.")]

    def _elements(self, kind: str, prefix: str) -> Iterator[Element]:
        for type_, named in self.json.get(kind, {}).items():
            for name, body in named.items():
                path = body["//"]["metadata"]["path"].removeprefix(f"{self.name}/")
                yield Element(type_, f"{prefix}{type_}.{name}", path, body)

    @property
    def outputs(self) -> dict[str, Any]:
        return {name: output["value"] for name, output in self.json.get("output", {}).items()}

    @property
    def text(self) -> str:
        return json.dumps(self.json)

    def all(self, *types: str) -> list[Element]:
        """Return the resources of these types, or all resources."""
        managed = [each for each in self.elements if not each.address.startswith("data.")]
        return [each for each in managed if not types or each.type in types]

    def at(self, path: str) -> Element:
        (found,) = (each for each in self.elements if each.path == path)
        return found

    def path_of(self, reference: str) -> str:
        """Return the path of what an expression refers to."""
        (address,) = _REFERENCE.findall(reference)
        (path,) = (each.path for each in self.elements if each.address == address)
        return path

    def waits_for(self, path: str) -> set[str]:
        """Return the paths of all that must exist before what is at ``path``."""
        paths = {each.address: each.path for each in self.elements}
        seen: set[str] = set()
        todo = self.direct(self.at(path).body)
        while todo:
            address = todo.pop()
            if address in seen:
                continue
            seen.add(address)
            todo |= self.direct(self.target(address))
        return {paths[address] for address in seen if address in paths}

    def direct(self, body: Any) -> set[str]:
        """Return the addresses that a body refers to or depends on."""
        depends_on = body.get("depends_on", []) if isinstance(body, dict) else []
        return {*depends_on, *_REFERENCE.findall(json.dumps(body))}

    def target(self, address: str) -> Any:
        """Return what stands at an address; raises KeyError when nothing does."""
        if address.startswith("local."):
            return self.json["locals"][address.removeprefix("local.")]
        kind = "data" if address.startswith("data.") else "resource"
        type_, name = address.removeprefix("data.").split(".")
        return self.json[kind][type_][name]


def synthesise(values: dict[str, Any], directory: Path) -> dict[str, WholeStack]:
    """Synthesise settings into ``directory``; return the stacks by name."""
    build_app(parse(values), App(outdir=str(directory))).synth()
    manifest = json.loads((directory / "manifest.json").read_text())
    return {
        name: WholeStack(json.loads((directory / stack["synthesizedStackPath"]).read_text()))
        for name, stack in manifest["stacks"].items()
    }


def stacks_of(**changes: Any) -> dict[str, WholeStack]:
    """Synthesise the least settings with these changes."""
    with TemporaryDirectory() as directory:
        return synthesise(LEAST | changes, Path(directory))


def audit_of(**changes: Any) -> WholeStack:
    """Synthesise the audit stack alone: with many projects the others take long."""
    settings = parse(LEAST | changes)
    assert settings.audit is not None
    with TemporaryDirectory() as directory:
        app = App(outdir=directory)
        AuditStack(app, "audit", settings=settings, audit=settings.audit)
        app.synth()
        return WholeStack(json.loads(Path(directory, "stacks/audit/cdk.tf.json").read_text()))


def reduced(text: str) -> str:
    """Return a text with what AWS tells of the account in words: ``<region>``, ``<account_id>``."""
    return _ENVIRONMENT.sub(
        lambda found: "<region>" if found[1] == "region" else f"<{found[2]}>", text
    )
