"""What a template asks of those who launch it, in Service Catalog's words."""

import json
from collections.abc import Mapping
from typing import Any

from scripts.sandbox.backends.servicecatalog.dispatch import Answer
from scripts.sandbox.backends.servicecatalog.templates import FORMAT_VERSION, Template, text

CONSTRAINTS = (
    "AllowedPattern",
    "ConstraintDescription",
    "MaxLength",
    "MinLength",
    "MaxValue",
    "MinValue",
)


def artifact_parameters(template: Template | None) -> list[Answer]:
    """`ProvisioningArtifactParameters`, in the template's order."""
    parameters = template.section("Parameters") if template else {}
    return [_parameter(str(name), spec) for name, spec in parameters.items()]


def artifact_outputs(template: Template | None) -> list[Answer]:
    """`ProvisioningArtifactOutputs`, in the template's order."""
    outputs = template.section("Outputs") if template else {}
    return [
        {"Key": str(name), "Description": _text(spec.get("Description"))}
        for name, spec in outputs.items()
    ]


def usage_instructions(template: Template | None) -> list[Answer]:
    """`UsageInstructions` that come from the template: its version, description and metadata."""
    if template is None:
        return []
    document = template.document
    metadata, rules = template.section("Metadata"), template.section("Rules")
    values = {
        "version": document.get("AWSTemplateFormatVersion", FORMAT_VERSION),
        "description": document.get("Description"),
        "metadata": json.dumps(metadata) if metadata else None,
        "rules": json.dumps(rules) if rules else None,
    }
    return [{"Type": kind, "Value": value} for kind, value in values.items() if value]


def _parameter(name: str, spec: Mapping[str, Any]) -> Answer:
    constraints = {key: _text(spec.get(key)) for key in CONSTRAINTS}
    return {
        "ParameterKey": name,
        "DefaultValue": _text(spec.get("Default")),
        "ParameterType": text(spec["Type"]),
        "IsNoEcho": _text(spec.get("NoEcho", False)) == "true",
        "Description": _text(spec.get("Description")),
        "ParameterConstraints": {
            "AllowedValues": [_text(value) for value in spec.get("AllowedValues") or ()],
            **constraints,
        },
    }


def _text(value: Any) -> str | None:
    return None if value is None else text(value)
