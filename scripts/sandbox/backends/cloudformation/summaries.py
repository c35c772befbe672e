"""What a template asks for, before there is a stack."""

import json
from collections.abc import Mapping
from typing import Any

from scripts.sandbox.backends.cloudformation.parameters import is_secret
from scripts.sandbox.backends.cloudformation.request import Answer, Request
from scripts.sandbox.backends.cloudformation.store import Store
from scripts.sandbox.backends.cloudformation.template_source import template_of
from scripts.sandbox.backends.templates import FORMAT_VERSION, text


class Summaries(Store):
    """Validate and summarise templates."""

    def validate_template(self, request: Request) -> Answer:
        """Read and check a template."""
        template = template_of(request)
        parameters = template.section("Parameters")
        return {
            "Parameters": [_parameter(str(key), spec) for key, spec in parameters.items()],
            "Description": template.document.get("Description"),
        }

    def get_template_summary(self, request: Request) -> Answer:
        """What there is to know of a template, or of a stack's."""
        name = request.get("StackName")
        template = self.stack(name).definition.template if name else template_of(request)
        parameters, metadata = template.section("Parameters"), template.section("Metadata")
        kinds = [str(one["Type"]) for one in template.section("Resources").values()]
        return {
            "Parameters": [_declaration(str(key), spec) for key, spec in parameters.items()],
            "Description": template.document.get("Description"),
            "ResourceTypes": list(dict.fromkeys(kinds)),
            "Version": template.document.get("AWSTemplateFormatVersion", FORMAT_VERSION),
            "Metadata": json.dumps(metadata) if metadata else None,
        }


def _parameter(key: str, spec: Mapping[str, Any]) -> Answer:
    return {
        "ParameterKey": key,
        "DefaultValue": _text(spec.get("Default")),
        "NoEcho": is_secret(spec),
        "Description": _text(spec.get("Description")),
    }


def _declaration(key: str, spec: Mapping[str, Any]) -> Answer:
    allowed = [text(value) for value in spec.get("AllowedValues") or ()]
    return {
        **_parameter(key, spec),
        "ParameterType": text(spec["Type"]),
        "ParameterConstraints": {"AllowedValues": allowed} if allowed else {},
    }


def _text(value: Any) -> str | None:
    return None if value is None else text(value)
