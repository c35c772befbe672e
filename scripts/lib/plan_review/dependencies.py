"""What depends on what, from the references in the configuration that a plan's JSON holds.

Addresses in the configuration have no keys of count or for_each; those of changed resources have,
where there are only a few of one. What goes through a local value is not seen: the JSON has no
local values.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scripts.lib.plan_review.tolerant import Notes, mapping, sequence, whole

MOST_INSTANCES = 10
"""Of one resource: more of them are one address, without keys."""

_KEY = re.compile(r"\[(?:[0-9]+|\"(?:[^\"\\]|\\.)*\")\]")
_MODULE_STEP = re.compile(r"module\.[^.\[]+(?:\[(?:[0-9]+|\"(?:[^\"\\]|\\.)*\")\])?\.?")
_DEEPEST = 200


def read_dependencies(
    configuration: object, changed: Iterable[str], notes: Notes
) -> dict[str, frozenset[str]]:
    """Return what each resource needs, of those that change and those that need one of them.

    Args:
        configuration: as the plan's JSON has it.
        changed: addresses of resources, with keys.
        notes: where it is said that the configuration is malformed.
    """
    root = mapping(mapping(configuration, "configuration", notes).get("root_module"), "root", notes)
    graph = _Graph()
    graph.add_module("", root, notes)
    instances: dict[str, list[str]] = defaultdict(list)
    for address in changed:
        instances[without_keys(address)].append(address)
    found: dict[str, set[str]] = defaultdict(set)
    for address in graph.resources:
        needed = graph.needs(address)
        if address not in instances:
            needed = needed & instances.keys()
        for one in _shown(address, instances):
            for other in needed:
                found[one].update(
                    item for item in _shown(other, instances) if _is_same_module(one, item)
                )
    return {address: frozenset(needs) for address, needs in found.items() if needs}


def without_keys(address: str) -> str:
    """Return an address as the configuration has it, without keys of count or for_each."""
    return _KEY.sub("", address) if "[" in address else address


def _shown(address: str, instances: Mapping[str, list[str]]) -> list[str]:
    there = instances.get(address, ())
    return list(there) if 0 < len(there) <= MOST_INSTANCES else [address]


def _is_same_module(one: str, other: str) -> bool:
    """Whether both can belong together: of a module with keys, each instance is by itself."""
    if "[" not in one or "[" not in other:
        return True
    for left, right in zip(_MODULE_STEP.findall(one), _MODULE_STEP.findall(other), strict=False):
        if left != right:
            return without_keys(left) != without_keys(right)
    return True


@dataclass(slots=True)
class _Graph:
    """References between resources, data sources, variables and outputs of modules."""

    resources: list[str] = field(default_factory=list)
    edges: dict[str, list[str]] = field(default_factory=dict)
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    managed: set[str] = field(default_factory=set)

    def add_module(
        self, prefix: str, module: Mapping[str, Any], notes: Notes, depth: int = 0
    ) -> None:
        """Add what a module has; ``prefix`` is its address with a final dot, or empty."""
        where = f"configuration of {prefix or 'the root module'}"
        for entry in sequence(module.get("resources"), where, notes):
            self._add_resource(prefix, mapping(entry, where, notes))
        outputs = mapping(module.get("outputs"), where, notes)
        for name, output in outputs.items():
            self.edges[f"{prefix}output.{name}"] = [prefix + ref for ref in _references(output)]
        for name, entry in mapping(module.get("module_calls"), where, notes).items():
            call = mapping(entry, where, notes)
            inner = f"{prefix}module.{name}."
            arguments = mapping(call.get("expressions"), where, notes)
            for argument, expression in arguments.items():
                self.edges[f"{inner}var.{argument}"] = [
                    prefix + ref for ref in _references(expression)
                ]
            if depth < _DEEPEST:
                inside = mapping(call.get("module"), where, notes)
                self.add_module(inner, inside, notes, depth + 1)

    def needs(self, address: str) -> frozenset[str]:
        """Return the managed resources that one needs, without itself."""
        return self._resolve(address) - {address}

    def _add_resource(self, prefix: str, entry: Mapping[str, Any]) -> None:
        kind, name = entry.get("type"), entry.get("name")
        if not (isinstance(kind, str) and isinstance(name, str)):
            return
        is_data = entry.get("mode") == "data"
        address = whole(f"{prefix}{'data.' if is_data else ''}{kind}.{name}")
        if not is_data:
            self.resources.append(address)
            self.managed.add(address)
        parts = (
            entry.get("expressions"),
            entry.get("count_expression"),
            entry.get("for_each_expression"),
        )
        references = [ref for part in parts for ref in _references(part)]
        depends_on = entry.get("depends_on")
        if isinstance(depends_on, list):
            references.extend(ref for ref in depends_on if isinstance(ref, str))
        self.edges[address] = [prefix + ref for ref in dict.fromkeys(references)]

    def _resolve(self, address: str) -> frozenset[str]:
        """Return the managed resources behind a resource's, variable's or output's references."""
        if address in self.known:
            return self.known[address]
        found: set[str] = set()
        seen = {address}
        waiting = [address]
        while waiting:
            for reference in self.edges.get(waiting.pop(), ()):
                node = self._node(reference)
                if node in self.managed:
                    found.add(node)
                elif node not in seen:
                    seen.add(node)
                    waiting.append(node)
        self.known[address] = frozenset(found)
        return self.known[address]

    def _node(self, reference: str) -> str:
        """Return the node that a reference such as ``module.a.aws_vpc.main.id`` is about."""
        steps = without_keys(reference).split(".")
        prefix: list[str] = []
        index = 0
        while len(steps) > index + 2 and steps[index] == "module":
            prefix += steps[index : index + 2]
            output = ".".join((*prefix, "output", steps[index + 2]))
            if output in self.edges:
                return output
            index += 2
        rest = steps[index:]
        length = 3 if rest[:1] == ["data"] else 2
        return ".".join((*prefix, *rest[:length]))


def _references(expression: Any) -> list[str]:
    """Return all references in an expression, or in a block of them, however deep."""
    found: dict[str, None] = {}
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            references = part.get("references")
            if isinstance(references, list):
                found.update(dict.fromkeys(ref for ref in references if isinstance(ref, str)))
            waiting.extend(
                value for key, value in part.items() if key not in {"references", "constant_value"}
            )
    return list(found)
