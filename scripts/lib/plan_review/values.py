"""What a change does to a resource's attributes, in text that may be shown.

The text is printable and short, and holds no secret. Change here is the only way from Terraform's
raw values to a report.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from scripts.lib.plan_review.differences import Difference, differences, is_same
from scripts.lib.plan_review.marks import (
    MISSING,
    SENSITIVE,
    UNKNOWN,
    Hidden,
    has_hidden_part,
    marked,
    masked,
    to_json,
)
from scripts.lib.plan_review.model import Action, AttributeChange, Path, ResourceChange
from scripts.lib.plan_review.printable import NAME_LIMIT, excerpt, excerpts
from scripts.lib.plan_review.secrets import redact
from scripts.lib.plan_review.tolerant import whole

MOST_ATTRIBUTES = 100
"""Per resource; one more entry says how many there are besides."""

NOW_MARKED = "(the same, now marked sensitive)"
NO_LONGER_MARKED = "(the same, no longer marked sensitive)"
TOO_DEEP = "(nested too deeply to show)"
WHOLE = "(everything)"
"""The path of a resource whose values are hidden as a whole."""

_PATH_LIMIT = 300
_PLAIN_NAME = re.compile(r"[\w-]+", re.ASCII)


def attribute_changes(
    change: ResourceChange, told: Collection[str] = ()
) -> tuple[AttributeChange, ...]:
    """Return what differs: first what forces a replacement, last what is not known yet.

    Of what is created or destroyed, only attributes that are set are told. A resource that is
    moved, imported or forgotten as it is has none. The attributes called ``told`` are left out.
    """
    try:
        found = sorted(
            _differences(change, told),
            key=lambda item: (not _forces(item, change.replace_paths), _is_unknown(item.after)),
        )
        shown = [_attribute(item, change.replace_paths) for item in found[:MOST_ATTRIBUTES]]
    except RecursionError:
        return (AttributeChange(TOO_DEEP, None, None),)
    more = len(found) - len(shown)
    if more:
        shown.append(AttributeChange(f"and {more:,} more", None, None))
    return tuple(shown)


def differs(change: ResourceChange, told: Collection[str] = ()) -> bool:
    """Tell whether ``attribute_changes`` has anything, without making text of it."""
    try:
        return next(_differences(change, told), None) is not None
    except RecursionError:
        return True


def _differences(change: ResourceChange, told: Collection[str]) -> Iterator[Difference]:
    if change.action is Action.FORGET:
        return
    before = _side(change.before, False, change.before_sensitive)
    after = _side(change.after, change.after_unknown, change.after_sensitive)
    yield from differences(_without(before, told), _without(after, told))


def _without(side: Any, told: Collection[str]) -> Any:
    if told and isinstance(side, dict):
        return {key: item for key, item in side.items() if key not in told}
    return side


def value_change(name: str, change: Mapping[str, Any]) -> AttributeChange:
    """Return one value, such as an output's, before and after, of a change as Terraform has it."""
    before = marked(change.get("before"), False, change.get("before_sensitive"))
    after = marked(change.get("after"), change.get("after_unknown"), change.get("after_sensitive"))
    try:
        return _attribute(Difference((name,), (name, name), before, after), ())
    except RecursionError:
        return AttributeChange(_path_text((name,)), TOO_DEEP, TOO_DEEP)


def _side(value: Mapping[str, Any] | None, unknown: Any, sensitive: Any) -> Any:
    side = marked(value, unknown, sensitive)
    return MISSING if side is None else side


def _attribute(item: Difference, replace_paths: tuple[Path, ...]) -> AttributeChange:
    unknown = _is_unknown(item.after)
    before, after, sensitive = _texts(item)
    return AttributeChange(
        path=_path_text(item.path),
        before=before,
        after=None if unknown else after,
        sensitive=sensitive,
        unknown=unknown,
        forces_replacement=_forces(item, replace_paths),
    )


def _is_unknown(after: Any) -> bool:
    return after is UNKNOWN or (isinstance(after, Hidden) and after.value is UNKNOWN)


def _forces(item: Difference, replace_paths: tuple[Path, ...]) -> bool:
    """Whether it is in what forces a replacement, or the other way round."""
    for path in replace_paths:
        shared = min(len(path), len(item.path))
        if shared and path[:shared] == item.path[:shared]:
            return True
    return False


def _texts(item: Difference) -> tuple[str | None, str | None, bool]:
    """Return both sides, and whether they are hidden."""
    before, after = item.before, item.after
    if isinstance(before, Hidden) or isinstance(after, Hidden):
        return (*_hidden_texts(before, after), True)
    old, new = _masked(before, item.names[0]), _masked(after, item.names[1])
    if SENSITIVE in (old, new):
        return _there(old), _there(new), True
    left, right = _text(old), _text(new)
    if left == right and left is not None and right is not None:
        if has_hidden_part(left) and old == new:
            return SENSITIVE, SENSITIVE, True
        # The values differ in their type.
        left, right = json.dumps(old), json.dumps(new)
    if left is None or right is None:
        return _cut(left), _cut(right), False
    shown = excerpts(left, right)
    if shown[0] == shown[1]:
        # They differ in what is shown escaped.
        shown = excerpts(json.dumps(old), json.dumps(new))
    return (*shown, False)


def _hidden_texts(before: Any, after: Any) -> tuple[str | None, str | None]:
    if isinstance(before, Hidden) != isinstance(after, Hidden):
        if isinstance(before, Hidden) and is_same(before.value, after):
            return SENSITIVE, NO_LONGER_MARKED
        if isinstance(after, Hidden) and is_same(before, after.value):
            return SENSITIVE, NOW_MARKED
    return _there(before), _there(after)


def _there(value: Any) -> str | None:
    inner = value.value if isinstance(value, Hidden) else value
    return None if inner is None or inner is MISSING else SENSITIVE


def _masked(value: Any, name: str) -> Any:
    return None if value is MISSING else masked(value, name)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and value:
        return value
    return to_json(value)


def _cut(text: str | None) -> str | None:
    return None if text is None else excerpt(text)


def _path_text(path: Path) -> str:
    """Return a path such as ``rule[0].port`` or ``tags["a.b"]``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
            continue
        shown, is_plain = _step_text(step)
        if not text:
            text = shown
        else:
            text += f".{shown}" if is_plain else f'["{shown}"]'
    return excerpt(text, limit=_PATH_LIMIT) if text else WHOLE


@lru_cache(maxsize=4096)
def _step_text(step: str) -> tuple[str, bool]:
    """Return what is shown of a name, and whether it can stand without quotes."""
    if _PLAIN_NAME.fullmatch(step) and len(step) <= NAME_LIMIT:
        return redact(step), True
    return excerpt(redact(whole(step)), limit=NAME_LIMIT), False
