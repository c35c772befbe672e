"""What a refreshed plan says besides its changes: what Terraform manages, and what it sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.lib.drift.left_alone import ALL
from scripts.lib.plan_review.model import Action, ResourceChange

_KEYS = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')


@dataclass(frozen=True, slots=True)
class Managed:
    """A resource as it is now. ``values`` are raw: never to be printed."""

    address: str
    type: str
    values: Mapping[str, Any] = field(repr=False, hash=False)

    def text(self, attribute: str) -> str:
        """Return an attribute that is text, "" if it is none."""
        value = self.values.get(attribute)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class World:
    """What there is around the changes.

    Attributes:
        managed: all managed resources, after the refresh; those that are gone are missing.
        configured: of a resource's address, the attributes that the configuration sets; a
            resource that is missing is not known.
        left_alone: of a resource's address, the attributes that Terraform is told to leave as they
            are, see ``read_left_alone``.
    """

    managed: tuple[Managed, ...] = ()
    configured: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    left_alone: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)

    def is_left(self, address: str, attribute: str) -> bool:
        """Tell whether Terraform is told to leave an attribute as it is."""
        names = self.left_alone.get(without_keys(address), frozenset())
        return attribute in names or ALL in names

    def is_all_left(self, address: str) -> bool:
        """Tell whether Terraform is told to leave a whole resource as it is."""
        return ALL in self.left_alone.get(without_keys(address), ())

    def sets(self, address: str, attribute: str) -> bool:
        """Tell whether the configuration sets an attribute; yes, if it is not known."""
        names = self.configured.get(without_keys(address))
        return names is None or attribute in names


def read_world(
    document: Mapping[str, Any], left_alone: Mapping[str, frozenset[str]] | None = None
) -> World:
    """Return what ``terraform show -json PLANFILE`` printed besides the changes.

    https://developer.hashicorp.com/terraform/internals/json-format: ``prior_state`` is the state
    after the refresh. What is missing or odd is passed over.
    """
    values = _mapping(_mapping(document.get("prior_state")).get("values"))
    configuration = _mapping(_mapping(document.get("configuration")).get("root_module"))
    return World(
        tuple(_managed(_mapping(values.get("root_module")))),
        dict(_configured(configuration, "")),
        left_alone or {},
    )


def without_keys(address: str) -> str:
    """Return the address of all instances of a resource: ``a.b`` of ``a.b["x"]``."""
    return _KEYS.sub("", address)


def gone(changes: Sequence[ResourceChange]) -> tuple[Managed, ...]:
    """Return the resources that were deleted, as they were."""
    return tuple(
        Managed(change.address, change.type, change.before or {})
        for change in changes
        if change.action is Action.DESTROY and not change.deposed
    )


def _managed(module: Mapping[str, Any]) -> Iterator[Managed]:
    for resource in _objects(module.get("resources")):
        if resource.get("mode") == "managed":
            yield Managed(
                str(resource.get("address", "")),
                str(resource.get("type", "")),
                _mapping(resource.get("values")),
            )
    for child in _objects(module.get("child_modules")):
        yield from _managed(child)


def _configured(module: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, frozenset[str]]]:
    for resource in _objects(module.get("resources")):
        expressions = _mapping(resource.get("expressions"))
        yield f"{prefix}{resource.get('address', '')}", frozenset(map(str, expressions))
    for name, call in _mapping(module.get("module_calls")).items():
        inner = _mapping(_mapping(call).get("module"))
        yield from _configured(inner, f"{prefix}module.{name}.")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
