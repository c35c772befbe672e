"""Values of a CloudFormation template, worked out as far as that takes no AWS. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

HIDDEN: Final = "****"
"""CloudFormation's word for the value of a parameter marked NoEcho."""

DEEPEST: Final = 20
"""Nested functions and conditions that are followed; a condition may name itself."""


class Unknown(Exception):  # noqa: N818  no error: it ends the working out of one value
    """A value that is known only to CloudFormation."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a template's functions refer to: values of its parameters, and its conditions."""

    values: Mapping[str, str]
    conditions: Mapping[str, Any]

    def resolve(self, value: Any, depth: int = 0) -> Any:
        """Return a value with its functions worked out; raise Unknown if that takes more."""
        if depth > DEEPEST:
            raise Unknown
        if isinstance(value, list):
            return [self.resolve(each, depth + 1) for each in value]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref" or str(name).startswith("Fn::"):
                return self._function(str(name), argument, depth + 1)
        return {key: self.resolve(each, depth + 1) for key, each in value.items()}

    def _function(self, name: str, argument: Any, depth: int) -> Any:
        match name, argument:
            case "Ref", str() if self.values.get(argument, HIDDEN) != HIDDEN:
                return self.values[argument]
            case "Fn::If", [str() as condition, yes, no]:
                holds = self._holds({"Condition": condition}, depth)
                return self.resolve(yes if holds else no, depth)
            case "Fn::Join", [str() as between, list() as parts]:
                return between.join(str(self.resolve(part, depth)) for part in parts)
        raise Unknown

    def _holds(self, condition: Any, depth: int) -> bool:
        if depth > DEEPEST:
            raise Unknown
        match condition:
            case {"Condition": str() as name} if name in self.conditions:
                return self._holds(self.conditions[name], depth + 1)
            case {"Fn::Equals": [one, other]}:
                return str(self.resolve(one, depth + 1)) == str(self.resolve(other, depth + 1))
            case {"Fn::Not": [one]}:
                return not self._holds(one, depth + 1)
            case {"Fn::And": list() as parts}:
                return all(self._holds(part, depth + 1) for part in parts)
            case {"Fn::Or": list() as parts}:
                return any(self._holds(part, depth + 1) for part in parts)
        raise Unknown
