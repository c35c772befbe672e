"""What differs between two values, leaf by leaf, as a person would say it.

Members of objects are compared by name. Elements of lists (Terraform gives sets as lists too) are
first matched with equal ones anywhere in the other list, then with those of the same name, key or
id, then with those in the same place: one element more at the front is one difference, not many.
Strings that hold JSON are compared as JSON. Time and memory grow as the values do.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.lib.plan_review.embedded import parsed
from scripts.lib.plan_review.marks import MISSING, Hidden, Special, members
from scripts.lib.plan_review.model import Path

_IDENTITIES = (
    "name", "key", "id", "Sid", "sid", "arn", "rule_number", "priority", "device_name",
    "path_pattern", "Name", "Key", "Id",
)  # fmt: skip

Names = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A leaf before and after; MISSING, UNKNOWN and Hidden may stand for either.

    Attributes:
        names: what the leaf is called on either side, for the question whether it is a secret.
    """

    path: Path
    names: Names
    before: Any
    after: Any


def differences(
    before: Any, after: Any, path: Path = (), names: Names = ("", "")
) -> Iterator[Difference]:
    """Yield every leaf that differs, with members in the order of their names.

    Where one side has nothing at all, the leaves of the other are yielded, without empty ones.

    Raises RecursionError if the values are nested some hundred levels deep.
    """
    if _is_nothing(before, after):
        return
    if is_same(before, after):
        return
    inner = _inner(before, after)
    if inner is None:
        yield Difference(path, names, before, after)
        return
    before, after = inner
    if isinstance(before, dict) or isinstance(after, dict):
        yield from _object_differences(before, after, path, names)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _list_differences(before, after, path, names)
    else:
        items = before if isinstance(before, list) else after
        for index, item in enumerate(items):
            old, new = (item, MISSING) if items is before else (MISSING, item)
            yield from differences(old, new, (*path, index), names)


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same, types included; Python takes 1 for True and 1.0."""
    if one is other:
        return True
    if one != other:
        return False
    if isinstance(one, dict | list | Hidden):
        # The order of members is no difference, but seldom another one.
        return repr(one) == repr(other) or _key(one) == _key(other)
    return type(one) is type(other)


def _inner(before: Any, after: Any) -> tuple[Any, Any] | None:
    """Return both sides to be walked through, or None if they are a leaf."""
    if isinstance(before, str) and isinstance(after, str):
        left, right = parsed(before), parsed(after)
        if left is None or right is None or type(left) is not type(right):
            return None
        return left, right
    if isinstance(before, dict) and isinstance(after, dict):
        return before, after
    if isinstance(before, list) and isinstance(after, list):
        return before, after
    for side, other in ((before, after), (after, before)):
        # A list of plain values is read more easily as one.
        nested = isinstance(side, dict) or (
            isinstance(side, list) and any(isinstance(item, dict | list) for item in side)
        )
        if not nested or not side:
            continue
        if other is MISSING or (other != "" and _is_empty(other) and not _is_hollow(side)):
            return (side, MISSING) if side is before else (MISSING, side)
    return None


def _is_empty(value: Any) -> bool:
    return value is None or value is MISSING or value in ("", [], {})


def _is_hollow(value: Any) -> bool:
    if isinstance(value, dict | list):
        return all(map(_is_hollow, value.values() if isinstance(value, dict) else value))
    return _is_empty(value)


def _is_nothing(before: Any, after: Any) -> bool:
    """Whether there is nothing on one side, and nothing worth telling on the other."""
    if before is MISSING:
        return _is_empty(after)
    return after is MISSING and _is_empty(before)


def _object_differences(before: Any, after: Any, path: Path, names: Names) -> Iterator[Difference]:
    left = {} if before is MISSING else {key: rest for key, *rest in members(before, names[0])}
    right = {} if after is MISSING else {key: rest for key, *rest in members(after, names[1])}
    for key in sorted({**left, **right}):
        called, old = left.get(key, (key, MISSING if before is MISSING else None))
        called_after, new = right.get(key, (key, MISSING if after is MISSING else None))
        yield from differences(old, new, (*path, key), (called, called_after))


def _list_differences(
    before: list[Any], after: list[Any], path: Path, names: Names
) -> Iterator[Difference]:
    removed, added = _unmatched(before, after)
    if not removed and not added:
        yield Difference(path, names, before, after)
        return
    pairs = _pairs(before, after, removed, added)
    for index, other in pairs:
        old = MISSING if index is None else before[index]
        new = MISSING if other is None else after[other]
        place = other if other is not None else index
        assert place is not None  # noqa: S101  a pair has at least one side
        if _is_nothing(old, new):
            yield Difference((*path, place), names, old, new)
        else:
            yield from differences(old, new, (*path, place), names)


def _unmatched(before: list[Any], after: list[Any]) -> tuple[list[int], list[int]]:
    left, right = [_key(item) for item in before], [_key(item) for item in after]
    common = Counter(left) & Counter(right)

    def rest(keys: list[str]) -> list[int]:
        spare = common.copy()
        unmatched = []
        for index, key in enumerate(keys):
            if spare[key] > 0:
                spare[key] -= 1
            else:
                unmatched.append(index)
        return unmatched

    return rest(left), rest(right)


def _pairs(
    before: list[Any], after: list[Any], removed: Sequence[int], added: Sequence[int]
) -> list[tuple[int | None, int | None]]:
    pairs: dict[int, int] = {}
    waiting: defaultdict[tuple[str, str], deque[int]] = defaultdict(deque)
    for other in added:
        if identity := _identity(after[other]):
            waiting[identity].append(other)
    for index in removed:
        identity = _identity(before[index])
        if identity and waiting[identity]:
            pairs[index] = waiting[identity].popleft()
    free = set(added) - set(pairs.values())
    for index in removed:
        if index not in pairs and index in free and _is_alike(before[index], after[index]):
            pairs[index] = index
            free.discard(index)
    left = [index for index in removed if index not in pairs]
    if len(left) == len(free):
        # As many came as went: each is told beside the one that stands in for it.
        for index, other in zip(left, sorted(free), strict=True):
            if _is_alike(before[index], after[other]):
                pairs[index] = other
    came = set(added) - set(pairs.values())
    result: list[tuple[int | None, int | None]] = [(i, pairs.get(i)) for i in removed]
    return [*result, *((None, other) for other in sorted(came))]


def _identity(item: Any) -> tuple[str, str] | None:
    if isinstance(item, dict):
        for name in _IDENTITIES:
            value = item.get(name)
            if isinstance(value, str | int) and value != "":
                return name, str(value)
    return None


def _is_alike(one: Any, other: Any) -> bool:
    """Whether one may have become the other: what calls itself differently has not."""
    identity, other_identity = _identity(one), _identity(other)
    return not (identity and other_identity and identity[0] == other_identity[0])


def _key(value: Any) -> str:
    return _ENCODER.encode(value)


def _special(value: Any) -> object:
    match value:
        case Hidden():
            return {"\0hidden": value.value}
        case Special():
            return {"\0special": value.name}
        case _:
            raise TypeError(f"{type(value).__name__} is no JSON")


_ENCODER = json.JSONEncoder(sort_keys=True, default=_special)
