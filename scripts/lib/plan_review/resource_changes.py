"""The resource changes of a plan's JSON, as the model has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.lib.plan_review.marks import masked_text
from scripts.lib.plan_review.model import Action, Path, ResourceChange
from scripts.lib.plan_review.tolerant import Notes, mapping, sequence, text, whole

_ACTIONS: dict[tuple[str, ...], tuple[Action, bool, bool]] = {
    (): (Action.NOTHING, False, False),
    ("no-op",): (Action.NOTHING, False, False),
    ("create",): (Action.CREATE, False, False),
    ("read",): (Action.READ, False, False),
    ("open",): (Action.READ, False, False),
    ("update",): (Action.UPDATE, False, False),
    ("delete",): (Action.DESTROY, False, False),
    ("delete", "create"): (Action.REPLACE, False, False),
    ("create", "delete"): (Action.REPLACE, True, False),
    ("forget",): (Action.FORGET, False, False),
    ("forget", "create"): (Action.REPLACE, False, True),
    ("create", "forget"): (Action.REPLACE, True, True),
}
"""Terraform's actions: ours, whether the new one comes first, whether the old one is kept.

The last two pairs are of OpenTofu's and Terraform's ``lifecycle { destroy = false }``."""

_ORDER = {action: index for index, action in enumerate(Action)}
_NO_ADDRESS = "(no address)"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the resource changes of one stack; what is odd goes to ``notes``."""

    stack: str
    notes: Notes

    def changes(self, entries: object, where: str) -> tuple[tuple[ResourceChange, ...], int]:
        """Return the changes in the order of a report, and how many resources do not change."""
        found = []
        unchanged = 0
        for index, entry in enumerate(sequence(entries, where, self.notes)):
            if _is_unchanged(entry):
                unchanged += 1
                continue
            change = self.change(entry, f"{where}[{index}]")
            if change is None:
                continue
            if change.action is Action.NOTHING:
                unchanged += 1
            else:
                found.append(change)
        found.sort(key=lambda item: (_ORDER[item.action], item.address, item.deposed or ""))
        return tuple(found), unchanged

    def change(self, entry: object, where: str) -> ResourceChange | None:
        """Return one change; None, with a note, of what is no object."""
        if not isinstance(entry, dict):
            self.notes.wrong(where, entry, "an object")
            return None
        address = self._address(entry, where)
        raw = mapping(entry.get("change"), f"{where}.change", self.notes)
        if not raw:
            self.notes.add(f"{where} ({address}) does not say what changes")
        before = self._values(raw.get("before"), f"{where}.change.before")
        after = self._values(raw.get("after"), f"{where}.change.after")
        action, new_first, keeps_old = self._action(raw, before, after, f"{where}.change.actions")
        previous = self._optional(entry, "previous_address", where)
        imported = self._import_id(raw.get("importing"), f"{where}.change.importing")
        if action is Action.NOTHING and imported is not None:
            action = Action.IMPORT
        elif action is Action.NOTHING and previous:
            action = Action.MOVE
        return ResourceChange(
            stack=self.stack,
            address=address,
            mode=text(entry.get("mode"), f"{where}.mode", self.notes) or _mode_of(address),
            type=text(entry.get("type"), f"{where}.type", self.notes),
            name=text(entry.get("name"), f"{where}.name", self.notes),
            module=text(entry.get("module_address"), f"{where}.module_address", self.notes),
            provider=text(entry.get("provider_name"), f"{where}.provider_name", self.notes),
            action=action,
            create_before_destroy=new_first,
            previous_address=previous,
            import_id=imported,
            deposed=self._optional(entry, "deposed", where),
            reason=self._optional(entry, "action_reason", where),
            replace_paths=tuple(
                self._paths(raw.get("replace_paths"), f"{where}.change.replace_paths")
            ),
            before=before,
            after=after,
            after_unknown=raw.get("after_unknown", False),
            before_sensitive=raw.get("before_sensitive", False),
            after_sensitive=raw.get("after_sensitive", False),
            keeps_old=keeps_old,
        )

    def action(self, raw: Mapping[str, Any], where: str) -> Action:
        """Return what is done with an output or another thing that is no resource."""
        return self._action(raw, raw.get("before"), raw.get("after"), where)[0]

    def _address(self, entry: Mapping[str, Any], where: str) -> str:
        address = text(entry.get("address"), f"{where}.address", self.notes)
        if address:
            return address
        parts = (entry.get("module_address"), entry.get("type"), entry.get("name"))
        made = ".".join(whole(part) for part in parts if isinstance(part, str) and part)
        self.notes.add(f"{where} has no address" + (f", taken: {made}" if made else ""))
        return made or _NO_ADDRESS

    def _values(self, value: object, where: str) -> Mapping[str, Any] | None:
        return None if value is None else mapping(value, where, self.notes)

    def _optional(self, entry: Mapping[str, Any], member: str, where: str) -> str | None:
        return text(entry.get(member), f"{where}.{member}", self.notes) or None

    def _action(
        self, raw: Mapping[str, Any], before: object, after: object, where: str
    ) -> tuple[Action, bool, bool]:
        names = tuple(
            text(name, f"{where}[{index}]", self.notes)
            for index, name in enumerate(sequence(raw.get("actions"), where, self.notes))
        )
        known = _ACTIONS.get(names)
        if known is not None and (names or before == after):
            return known
        guessed = _guess(names, before, after)
        # Never nothing: what is not understood has to be looked at.
        self.notes.add(f"{where} is {_quoted(names)}, which is not known; taken: {guessed}")
        return guessed, names[:1] == ("create",), "forget" in names

    def _import_id(self, importing: object, where: str) -> str | None:
        if importing is None:
            return None
        raw = mapping(importing, where, self.notes)
        name = text(raw.get("id"), f"{where}.id", self.notes)
        if name:
            return masked_text(name, "")
        identity = mapping(raw.get("identity"), f"{where}.identity", self.notes)
        return ", ".join(
            f"{whole(key)}={masked_text(_plain(value), key)}"
            for key, value in identity.items()
            if value is not None
        )

    def _paths(self, paths: object, where: str) -> Iterator[Path]:
        for index, steps in enumerate(sequence(paths, where, self.notes)):
            path = sequence(steps, f"{where}[{index}]", self.notes)
            if all(isinstance(step, str | int) for step in path):
                if path:
                    yield tuple(path)
            else:
                self.notes.add(f"{where}[{index}] has steps that are neither names nor numbers")


def _is_unchanged(entry: object) -> bool:
    """Tell it fast: most of a big plan is."""
    if not isinstance(entry, dict) or entry.get("previous_address"):
        return False
    change = entry.get("change")
    return (
        isinstance(change, dict)
        and change.get("actions") == ["no-op"]
        and change.get("importing") is None
    )


def _mode_of(address: str) -> str:
    return "data" if address.startswith("data.") or ".data." in address else "managed"


def _guess(names: tuple[str, ...], before: object, after: object) -> Action:
    known = {name: _ACTIONS[name,][0] for name in names if (name,) in _ACTIONS}
    if "delete" in known:
        return Action.REPLACE if "create" in known else Action.DESTROY
    if before is None and after is not None:
        return Action.CREATE
    if after is None and before is not None:
        return Action.DESTROY
    return Action.UPDATE


def _quoted(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:3])[:80]
    return f"[{shown}]" if shown else "missing"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else str(value).lower()
