"""A digest of what a plan would do, to tell whether a plan is the one that was reviewed.

Two plans of the same change have the same one: neither time, order, layout nor Terraform's version
is in it, nor what stays as it is or is only read. It is shown to all who read a review, so no
secret goes into it, not even as a digest: a short one could be found by trying. That a secret
differs is in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.lib.plan_review.marks import SENSITIVE, Hidden, marked, masked, members
from scripts.lib.plan_review.secrets import has_hint

_IDLE: tuple[list[str], ...] = (["no-op"], ["read"], [])
_WHERE = ("address", "previous_address", "deposed", "provider_name")
_CHANGE = ("actions", "importing", "replace_paths")
_ENCODED = ("user_data", "custom_data", "content_base64", "base64")
"""What the names of attributes in base64 begin with."""


def _hidden(value: object) -> str:
    if isinstance(value, Hidden):
        return SENSITIVE
    raise TypeError(f"{type(value).__name__} is no JSON")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_hidden)


def fingerprint(document: Mapping[str, Any]) -> str:
    """Return ``sha256:`` and the digest of what the plan in ``document`` would do.

    Of each resource, output, deferred resource and action: its address, what is done with it, the
    values before and after, and what is unknown. The plan may be malformed anywhere.

    Raises RecursionError if it is nested some hundred levels deep.
    """
    lines = sorted(_lines(document))
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("ascii"))
        digest.update(b"\n")
    return f"sha256:{digest.hexdigest()}"


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    for entry in _items(document.get("resource_changes")):
        if not _is_idle(entry):
            yield "resource " + _resource(entry)
    outputs = document.get("output_changes")
    for name, change in outputs.items() if isinstance(outputs, dict) else _named(outputs):
        if isinstance(change, dict) and isinstance(change.get("change"), dict):
            change = change["change"]  # noqa: PLW2901  one of two forms of the same
        if not (isinstance(change, dict) and change.get("actions") in _IDLE):
            yield f"output {_ENCODER.encode(name)} {_change(change, name)}"
    for entry in _items(document.get("deferred_changes")):
        if isinstance(entry, dict):
            reason = _ENCODER.encode(entry.get("reason"))
            yield f"deferred {reason} {_resource(entry.get('resource_change'))}"
        else:
            yield f"deferred {_ENCODER.encode(masked(entry, ''))}"
    for entry in _items(document.get("action_invocations")):
        yield f"action {_action(entry)}"


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _named(value: Any) -> list[tuple[str, Any]]:
    return [] if value is None else [("", value)]


def _is_idle(entry: Any) -> bool:
    if not isinstance(entry, dict):
        return False
    change = entry.get("change")
    return (
        isinstance(change, dict)
        and change.get("actions") in _IDLE
        and change.get("importing") is None
        and not entry.get("previous_address")
    )


def _resource(entry: Any) -> str:
    if not isinstance(entry, dict):
        return _ENCODER.encode(masked(entry, ""))
    where = {key: entry[key] for key in _WHERE if entry.get(key) is not None}
    return f"{_ENCODER.encode(where)} {_change(entry.get('change'), '')}"


def _change(change: Any, name: str) -> str:
    if not isinstance(change, dict):
        return _ENCODER.encode(masked(change, name))
    what = {key: change[key] for key in _CHANGE if change.get(key) is not None}
    before, after = change.get("before"), change.get("after")
    hides, hides_after = change.get("before_sensitive"), change.get("after_sensitive")
    unknown = change.get("after_unknown")
    left, right = marked(before, False, hides), marked(after, False, hides_after)
    texts = [_ENCODER.encode(what), _ENCODER.encode(left), _ENCODER.encode(right)]
    # Taking everything apart takes its time, and is seldom needed.
    searched = (name, *texts[:2], _ENCODER.encode(_news(left, right)))
    if any(map(has_hint, searched)) or _has_encoded(left) or _has_encoded(right):
        texts = [_safe(what, ""), _safe(left, name), _safe(right, name)]
    # What was hidden may be all that differs.
    return f"{' '.join(texts)} {_ENCODER.encode(_only_true(unknown))} {before == after}"


def _has_encoded(value: Any) -> bool:
    return isinstance(value, dict) and any(map(_is_encoded, value, value.values()))


def _is_encoded(key: str, item: Any) -> bool:
    """Whether it may hold a secret that cannot be seen from outside."""
    return isinstance(item, str) and key.startswith(_ENCODED)


def _news(left: Any, right: Any) -> Any:
    """Return what of ``right`` is not in ``left`` as well, which has been looked through."""
    if isinstance(left, dict) and isinstance(right, dict):
        return {key: item for key, item in right.items() if key not in left or left[key] != item}
    return right


def _safe(value: Any, name: str) -> str:
    """Return ``value`` as JSON without its secrets; only members that may hold one are searched."""
    if not isinstance(value, dict):
        return _ENCODER.encode(masked(value, name))
    result = {}
    for key, called, item in members(value, name):
        hinted = any(map(has_hint, (key, called, _ENCODER.encode(item))))
        result[key] = masked(item, called) if hinted or _is_encoded(key, item) else item
    return _ENCODER.encode(result)


def _only_true(mark: Any) -> Any:
    """Return a tree of marks without what is not marked: it tells only of the values' shape."""
    if isinstance(mark, dict):
        kept = {key: _only_true(item) for key, item in mark.items()}
        return {key: item for key, item in kept.items() if item}
    if isinstance(mark, list):
        kept_items = [_only_true(item) for item in mark]
        return kept_items if any(kept_items) else []
    return mark


def _action(entry: Any) -> str:
    if not isinstance(entry, dict):
        return _ENCODER.encode(masked(entry, ""))
    values = marked(
        entry.get("config_values"), entry.get("config_unknown"), entry.get("config_sensitive")
    )
    others = {key: item for key, item in entry.items() if not key.startswith("config_")}
    return _ENCODER.encode([masked(others, ""), masked(values, "")])
