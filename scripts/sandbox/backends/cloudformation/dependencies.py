"""In which order the resources of a template are made."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.templates import depends_on, references


def prerequisites(resources: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """For each resource, those that must be there before it: what it refers to and DependsOn."""
    return {
        name: frozenset(
            {*references(resource.get("Properties") or {}), *depends_on(resource)} & set(resources)
        )
        for name, resource in resources.items()
    }


def creation_order(needs: Mapping[str, Iterable[str]]) -> list[str]:
    """Names with every name after those it needs, and otherwise in the given order.

    Raises:
        ValidationError: names need each other.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter(needs)
    position = {name: index for index, name in enumerate(needs)}
    order: list[str] = []
    try:
        sorter.prepare()
    except CycleError as fault:
        circle = ", ".join(sorted(set(fault.args[1])))
        raise ValidationError(f"Circular dependency between resources: [{circle}]") from None
    while ready := sorted(sorter.get_ready(), key=position.__getitem__):
        order += ready
        sorter.done(*ready)
    return order


def dependents(needs: Mapping[str, Iterable[str]], names: Iterable[str]) -> set[str]:
    """All that the names need, directly or not, the names included: what outlives them."""
    reached: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in reached:
            reached.add(name)
            left += needs.get(name, ())
    return reached
