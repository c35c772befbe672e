"""CloudFormation templates, read and checked as CloudFormation's ValidateTemplate does.

Shared by Service Catalog (when a version is created) and CloudFormation (when a stack is).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml  # type: ignore[import-untyped]  # no stubs among the pinned packages

FORMAT_VERSION = "2010-09-09"
SECTIONS = {
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
}
_SUBSTITUTION = re.compile(r"\$\{([A-Za-z0-9:]+)(?:\.[A-Za-z0-9.]+)?\}")


class TemplateError(ValueError):
    """What is wrong with a template, in one line."""


@dataclass(frozen=True)
class Template:
    """The text as it was published, and what it says."""

    body: str
    document: Mapping[str, Any]

    def section(self, name: str) -> Mapping[str, Any]:
        """A top-level section; empty if the template has none."""
        section = self.document.get(name) or {}
        return section if isinstance(section, Mapping) else {}


def parse(body: str) -> Template:
    """Read a JSON or YAML template and check it as CloudFormation's ValidateTemplate does.

    Raises:
        TemplateError: names what is wrong.
    """
    try:
        is_json = body.lstrip().startswith("{")
        document = json.loads(body) if is_json else yaml.load(body, _Loader)  # noqa: S506  # safe
    except (ValueError, yaml.YAMLError) as error:
        raise TemplateError(f"it is neither JSON nor YAML: {error}") from None
    if not isinstance(document, Mapping):
        raise TemplateError("it is not a mapping")
    for fault in _faults(document):
        raise TemplateError(fault)
    return Template(body, document)


def text(value: Any) -> str:
    """A scalar as the text that CloudFormation makes of it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _faults(document: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(set(map(str, document)) - SECTIONS):
        yield f"invalid template property {name}"
    if document.get("AWSTemplateFormatVersion", FORMAT_VERSION) != FORMAT_VERSION:
        yield f"unsupported format version {document['AWSTemplateFormatVersion']}"
    if not document.get("Resources"):
        yield "At least one Resources member must be defined."
    for section, member in (("Resources", "Type"), ("Parameters", "Type"), ("Outputs", "Value")):
        yield from _section_faults(section, document.get(section) or {}, member)
    for name, parameter in (document.get("Parameters") or {}).items():
        yield from _parameter_faults(name, parameter)
    if "Transform" not in document:
        yield from _reference_faults(document)


def _section_faults(section: str, entries: Any, member: str) -> Iterator[str]:
    """Each section must be a mapping of mappings that have the member."""
    if not isinstance(entries, Mapping):
        yield f"{section} is not a mapping"
        return
    for name, entry in entries.items():
        if not isinstance(entry, Mapping) or entry.get(member) is None:
            yield f"{section}.{name} has no {member}"


def _reference_faults(document: Mapping[str, Any]) -> Iterator[str]:
    resources, outputs = document["Resources"], document.get("Outputs") or {}
    known = {*map(str, resources), *map(str, document.get("Parameters") or {})}
    used = sorted({*references(resources), *references(outputs), *_prerequisites(resources)})
    unknown = [name for name in used if name not in known and not name.startswith("AWS::")]
    if unknown:
        names = ", ".join(unknown)
        yield f"Unresolved resource dependencies [{names}] in the Resources block of the template"


def _prerequisites(resources: Mapping[str, Any]) -> Iterator[str]:
    for resource in resources.values():
        yield from depends_on(resource)


def depends_on(resource: Mapping[str, Any]) -> list[str]:
    """Logical names that the resource's DependsOn gives, one or a list."""
    given = resource.get("DependsOn") or []
    return [str(name) for name in (given if isinstance(given, list) else [given])]


def _parameter_faults(name: str, parameter: Mapping[str, Any]) -> Iterator[str]:
    default = parameter.get("Default")
    if isinstance(default, Mapping | list):
        yield f"the default of parameter {name} is not a string"
    allowed = parameter.get("AllowedValues")
    if allowed is not None and not isinstance(allowed, list):
        yield f"the allowed values of parameter {name} are not a list"
    elif default is not None and allowed and text(default) not in map(text, allowed):
        yield f"the default {default} of parameter {name} is not among its allowed values"


def references(value: Any) -> Iterator[str]:
    """Logical names that Ref, Fn::GetAtt and Fn::Sub use anywhere inside the value."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    if not isinstance(value, Mapping):
        return
    for name, item in value.items():
        if name == "Ref" and isinstance(item, str):
            yield item
        elif name == "Fn::GetAtt" and item:
            yield item.partition(".")[0] if isinstance(item, str) else str(item[0])
        elif name == "Fn::Sub":
            yield from _substituted(item)
        else:
            yield from references(item)


def _substituted(argument: Any) -> Iterator[str]:
    """Logical names in the text of a Fn::Sub, and in the values of its own names."""
    match argument:
        case str(pattern):
            own: Mapping[str, Any] = {}
        case [str(pattern), Mapping() as own]:
            pass
        case _:
            raise TemplateError(
                f"Fn::Sub takes a string, or a string and a mapping, not {argument}"
            )
    yield from (found for found in _SUBSTITUTION.findall(pattern) if found not in own)
    yield from references(list(own.values()))


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # untyped base
    """YAML with CloudFormation's short forms. Dates stay text, as in CloudFormation."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # overrides the base's own attribute
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _short_form(loader: Any, tag: str, node: Any) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    name = tag if tag in {"Ref", "Condition"} else f"Fn::{tag}"
    if name == "Fn::GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name: value}


_Loader.add_multi_constructor("!", _short_form)
