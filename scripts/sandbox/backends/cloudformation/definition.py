"""What a stack is to be: a template with values for its parameters, checked as a whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from scripts.sandbox.backends.cloudformation import rules
from scripts.sandbox.backends.cloudformation.dependencies import creation_order, prerequisites
from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.intrinsics import NO_VALUE, Scope, evaluate
from scripts.sandbox.backends.cloudformation.parameters import as_references
from scripts.sandbox.backends.templates import Template

Tags = Mapping[str, str]
_COMPARED = ("Type", "Metadata", "DeletionPolicy", "UpdateReplacePolicy")


def _unknown(name: str, *_: str) -> Any:
    raise ValidationError(
        f"Template format error: Unresolved dependencies [{name}]. Cannot reference resources in"
        " the Conditions block of the template"
    )


@dataclass(frozen=True)
class Definition:
    """A template and the values that it is used with.

    Attributes:
        parameters: every parameter's value, as text.
        tags: the stack's own.
        pseudo: values of the pseudo parameters but `AWS::NoValue`.
    """

    template: Template
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Tags = field(default_factory=dict)
    pseudo: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """Refuse what cannot become a stack, as far as can be told before it is one.

        Raises:
            ValidationError: names what is wrong.
        """
        rules.check(self.template.section("Rules"), self._scope)
        for name in self.template.section("Conditions"):
            self._scope.condition(name)
        creation_order(self.needs)
        _ = self.outline

    @cached_property
    def resources(self) -> dict[str, Mapping[str, Any]]:
        """Those whose condition holds."""
        return self._wanted("Resources")

    @cached_property
    def outputs(self) -> dict[str, Mapping[str, Any]]:
        """Those whose condition holds."""
        return self._wanted("Outputs")

    @cached_property
    def needs(self) -> dict[str, frozenset[str]]:
        """For each resource, those that it needs."""
        return prerequisites(self.resources)

    @cached_property
    def outline(self) -> dict[str, Any]:
        """All that makes a difference to the stack's resources and outputs, for comparison."""
        scope = self.scope(_unknown, _unknown, frozenset(self.resources))
        return {
            "Resources": {
                name: {
                    **{part: resource.get(part) for part in _COMPARED},
                    "Metadata": evaluate(resource.get("Metadata"), scope),
                    "Properties": evaluate(resource.get("Properties") or {}, scope),
                }
                for name, resource in self.resources.items()
            },
            "Outputs": {name: evaluate(output, scope) for name, output in self.outputs.items()},
            "Tags": dict(self.tags),
        }

    def scope(
        self,
        reference: Callable[[str], Any],
        attribute: Callable[[str, str], Any],
        opaque: frozenset[str] = frozenset(),
    ) -> Scope:
        """What names mean, once resources can be asked."""
        parameters = as_references(self.template.section("Parameters"), self.parameters)
        return Scope(
            values={**self.pseudo, "AWS::NoValue": NO_VALUE, **parameters},
            reference=reference,
            attribute=attribute,
            conditions=self.template.section("Conditions"),
            mappings=self.template.section("Mappings"),
            opaque=opaque,
        )

    @cached_property
    def _scope(self) -> Scope:
        return self.scope(_unknown, _unknown)

    def _wanted(self, section: str) -> dict[str, Mapping[str, Any]]:
        return {
            str(name): entry
            for name, entry in self.template.section(section).items()
            if "Condition" not in entry or self._scope.condition(str(entry["Condition"]))
        }
