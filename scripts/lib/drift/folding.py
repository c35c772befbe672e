"""Many differences in, few causes out: one line for each, and the rest counted with a reason.

Pure: it works on a plan's changes, wherever they come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from scripts.lib.drift import findings
from scripts.lib.drift.causes import group
from scripts.lib.drift.findings import Sight
from scripts.lib.drift.mirrors import ELEMENTS, elements, sources, strangers
from scripts.lib.drift.model import Drift, Noise
from scripts.lib.drift.normalisation import differing, meaningless
from scripts.lib.drift.parts import wholes
from scripts.lib.drift.world import Managed, World, gone
from scripts.lib.plan_review.model import Action, ResourceChange

LEFT_ALONE = "the configuration tells Terraform to leave the resource as it is (ignore_changes)"
MIRRORED = "another resource manages it, and it is only shown here as well"


@dataclass(frozen=True, slots=True)
class Folded:
    """What is left of many changes, in the order of addresses."""

    drifts: tuple[Drift, ...]
    noise: tuple[Noise, ...]


def fold_drift(
    changes: Sequence[ResourceChange], world: World, sight: Sight | None = None, *, stack: str = ""
) -> Folded:
    """Return the causes among changes that were made outside Terraform, and count the rest.

    Args:
        changes: a plan's ``drift``.
        world: of the same plan's document, see ``read_world``; without it, what only mirrors
            other resources cannot be told from what was changed.
    """
    folding = _Folding(stack, world, sight or Sight(), (*world.managed, *gone(changes)))
    folding.take_deleted([each for each in changes if each.action is Action.DESTROY])
    for change in changes:
        if change.action in (Action.UPDATE, Action.REPLACE):
            folding.take_changed(change)
    folding.take_strangers()
    return folding.result()


@dataclass(slots=True)
class _Folding:
    """Causes by address, and the places that only show one, or mean nothing.

    Attributes:
        resources: what is managed, and what was and is gone.
        shown: places, with the addresses whose cause each would show.
    """

    stack: str
    world: World
    sight: Sight
    resources: tuple[Managed, ...]
    found: dict[str, list[Drift]] = field(default_factory=dict)
    shown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    noise: dict[str, list[str]] = field(default_factory=dict)

    def take_deleted(self, deleted: Sequence[ResourceChange]) -> None:
        """A part of something goes with it."""
        own = [change for change in deleted if not change.deposed]
        parts = wholes(own)
        for change in own:
            if change.address in parts:
                self.shown[change.address] = (parts[change.address],)
            else:
                self._found(findings.deleted(change, self.sight))

    def take_changed(self, change: ResourceChange) -> None:
        groups: dict[str, list[str]] = {}
        for attribute in differing(change):
            place = f"{change.address}.{attribute}"
            if (change.type, attribute) in ELEMENTS:
                continue
            if mirrored := sources(change, attribute, self.resources):
                self.shown[place] = mirrored
            elif reason := meaningless(change, attribute):
                self.noise.setdefault(reason, []).append(place)
            elif self.world.is_all_left(change.address):
                self.noise.setdefault(LEFT_ALONE, []).append(place)
            else:
                groups.setdefault(group(change, attribute), []).append(attribute)
        self._take_elements(change)
        for name, attributes in groups.items():
            self._found(findings.changed(change, name, tuple(attributes), self.world, self.sight))

    def take_strangers(self) -> None:
        """Tell what no resource explains, whether it came since the last apply or before."""
        for role in self.world.managed:
            for each in strangers(role, self.resources):
                self._found(findings.came(self.stack, role, each, self.sight))

    def result(self) -> Folded:
        below: dict[str, list[str]] = {}
        for place, causes in self.shown.items():
            above = next((root for each in causes if (root := self._root(each))), None)
            if above is None:
                self.noise.setdefault(MIRRORED, []).append(place)
            else:
                below.setdefault(above, []).append(place)
        return Folded(tuple(self._drifts(below)), tuple(self._noise()))

    def _take_elements(self, change: ResourceChange) -> None:
        for each in elements(change, self.resources):
            if each.sources:
                self.shown[f'{change.address}.{each.attribute}["{each.name}"]'] = each.sources
            elif each.after is None:
                self._found(findings.left(change, each, self.sight))

    def _found(self, drift: Drift) -> None:
        self.found.setdefault(drift.subject, []).append(drift)

    def _root(self, address: str) -> str | None:
        """Return the address under whose cause what happened to an address is told."""
        seen: set[str] = set()
        while address not in self.found:
            seen.add(address)
            address = self.shown.get(address, ("",))[0]
            if not address or address in seen:
                return None
        return address

    def _drifts(self, below: dict[str, list[str]]) -> Iterator[Drift]:
        for address, drifts in sorted(self.found.items()):
            # What mirrors a resource mirrors its main cause: tags are never mirrored.
            main, *others = sorted(drifts, key=lambda each: -each.risk)
            yield replace(main, folded=tuple(sorted(below.get(address, ()))))
            yield from others

    def _noise(self) -> Iterator[Noise]:
        for reason, places in sorted(self.noise.items()):
            yield Noise(self.stack, reason, tuple(sorted(places)))
