"""What differs in a resource, worked out when somebody asks: most of a big plan is never shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import overload

from scripts.lib.plan_review.model import AttributeChange, ResourceChange
from scripts.lib.plan_review.values import attribute_changes, differs

Changes = tuple[AttributeChange, ...]


class Attributes(Sequence[AttributeChange]):
    """The attributes of a change; equal to a tuple of the same."""

    __slots__ = ("_change", "_folded", "_items", "_told")

    def __init__(
        self,
        change: ResourceChange,
        told: Collection[str] = (),
        folded: Callable[[Changes], Changes] = lambda items: items,
    ) -> None:
        """Take the change, and what is to be made of its attributes.

        Args:
            told: names of attributes that are told elsewhere, to be left out.
            folded: makes fewer of the others, but not none.
        """
        self._change = change
        self._told = tuple(told)
        self._folded = folded
        self._items: Changes | None = None

    def _all(self) -> Changes:
        if self._items is None:
            self._items = self._folded(attribute_changes(self._change, self._told))
        return self._items

    def __bool__(self) -> bool:
        """Tell, fast, whether there are any."""
        return differs(self._change, self._told) if self._items is None else bool(self._items)

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[AttributeChange]:
        return iter(self._all())

    @overload
    def __getitem__(self, index: int) -> AttributeChange: ...
    @overload
    def __getitem__(self, index: slice) -> Changes: ...
    def __getitem__(self, index: int | slice) -> AttributeChange | Changes:
        return self._all()[index]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Attributes):
            return self._all() == other._all()
        return self._all() == other

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())
