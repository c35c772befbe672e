"""Values of a change as words of a message: printable, short, and none that is secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.lib.plan_review.marks import masked_text
from scripts.lib.plan_review.model import ResourceChange
from scripts.lib.plan_review.printable import excerpt

UNKNOWN_NAME = "one that is known only when it is applied"
_LIMIT = 200


def is_marked(marks: object, *path: str) -> bool:
    """Tell whether Terraform marks the value at ``path``, any part of it, or what it is in."""
    if marks is True:
        return True
    if isinstance(marks, list):
        return any(is_marked(item, *path) for item in marks)
    if isinstance(marks, dict):
        parts = [marks.get(path[0])] if path else list(marks.values())
        return any(is_marked(item, *path[1:]) for item in parts)
    return False


def values_at(tree: object, *path: str) -> Iterator[Any]:
    """Yield the values at ``path``, through every item of the lists (blocks) on the way."""
    if isinstance(tree, list):
        for item in tree:
            yield from values_at(item, *path)
    elif not path:
        yield tree
    elif isinstance(tree, dict):
        yield from values_at(tree.get(path[0]), *path[1:])


def name_of(change: ResourceChange, *attributes: str) -> str:
    """Return the first of the attributes that is text and not secret, else the address."""
    for attribute in attributes:
        if is_marked(change.before_sensitive, attribute) or is_marked(
            change.after_sensitive, attribute
        ):
            continue
        for side in (change.after, change.before):
            name = (side or {}).get(attribute)
            if isinstance(name, str) and name:
                return excerpt(masked_text(name, attribute), limit=_LIMIT)
    return change.address


def text_at(side: Mapping[str, Any] | None, unknown: object, attribute: str) -> str:
    """Return an attribute that is text; words for one that is not known yet, "" for no text."""
    if is_marked(unknown, attribute):
        return UNKNOWN_NAME
    value = (side or {}).get(attribute)
    return excerpt(masked_text(value, attribute), limit=_LIMIT) if isinstance(value, str) else ""
