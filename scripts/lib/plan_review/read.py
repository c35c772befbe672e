"""Making a Plan of what ``terraform show -json`` prints for a plan, OpenTofu's included.

The form is that of https://developer.hashicorp.com/terraform/internals/json-format, of any minor
version: members that are missing, null or of another type than they should be are passed over
with a warning. Only what is no plan at all, or one of another major version, is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scripts.lib.errors import InputError, one_line
from scripts.lib.plan_review.dependencies import read_dependencies
from scripts.lib.plan_review.fingerprint import fingerprint
from scripts.lib.plan_review.model import Action, CheckResult, Deferred, OutputChange, Plan
from scripts.lib.plan_review.plan_json import BinaryPlan, check_document, load_document
from scripts.lib.plan_review.resource_changes import Reader
from scripts.lib.plan_review.secrets import redact
from scripts.lib.plan_review.tolerant import Notes, flag, mapping, sequence, text, whole
from scripts.lib.plan_review.values import value_change

__all__ = ["BinaryPlan", "load_plan", "read_plan"]

_COMMON_NAMES = frozenset({"plan", "tfplan", "review", "planfile", "terraform"})
_STATUSES = frozenset({"pass", "fail", "error", "unknown"})
_MOST_NAMED = 5


def load_plan(path: Path, stack: str | None = None) -> Plan:
    """Return the plan in a file of JSON.

    Args:
        path: what ``terraform show -json PLANFILE`` printed.
        stack: its name; taken from the file's name, or its folder's, if not given.

    Raises:
        BinaryPlan: it is a plan file that is not JSON.
        InputError: it cannot be read, or is no plan; the message names the file.
    """
    document = load_document(path)
    try:
        return read_plan(document, stack or stack_name(path))
    except InputError as exc:
        raise InputError(f"plan {one_line(path)}: {exc}") from exc


def stack_name(path: Path) -> str:
    """Return the name of a plan's stack: ``web`` of ``web.json`` and of ``web/plan.json``."""
    stem = path.name.split(".")[0]
    if stem.lower() in _COMMON_NAMES or not stem:
        return path.absolute().parent.name or stem
    return stem


def read_plan(document: Mapping[str, Any], stack: str) -> Plan:
    """Return the plan in a JSON document; the document is not copied, and must not change.

    Raises InputError if it is no plan, or of a major version that is not known.
    """
    try:
        return _read(check_document(document), stack)
    except RecursionError as exc:
        raise InputError("the JSON is nested too deeply") from exc


def _read(document: Mapping[str, Any], stack: str) -> Plan:
    notes = Notes()
    reader = Reader(stack, notes)
    changes, unchanged = reader.changes(document.get("resource_changes"), "resource_changes")
    drift, _ = reader.changes(document.get("resource_drift"), "resource_drift")
    # A move is in both lists when a plan only refreshes.
    moved = {change.address for change in changes if change.previous_address}
    deferred = tuple(_deferred(document.get("deferred_changes"), reader))
    _note_actions(document, notes)
    return Plan(
        stack=stack,
        terraform_version=text(document.get("terraform_version"), "terraform_version", notes),
        format_version=text(document.get("format_version"), "format_version", notes),
        changes=changes,
        unchanged=unchanged,
        drift=tuple(
            item for item in drift if item.action is not Action.MOVE or item.address not in moved
        ),
        outputs=tuple(_outputs(document.get("output_changes"), reader)),
        checks=tuple(_checks(document, notes)),
        deferred=deferred,
        dependencies=read_dependencies(
            document.get("configuration"), [change.address for change in changes], notes
        ),
        complete=flag(document.get("complete"), "complete", notes, default=not deferred),
        errored=flag(document.get("errored"), "errored", notes, default=False),
        fingerprint=fingerprint(document),
        warnings=notes.warnings(),
    )


def _outputs(entries: object, reader: Reader) -> Iterator[OutputChange]:
    outputs = mapping(entries, "output_changes", reader.notes)
    for name in sorted(outputs):
        where = f"output_changes.{name}"
        change = mapping(outputs[name], where, reader.notes)
        # The documentation has it one level deeper than Terraform writes it.
        if "actions" not in change and isinstance(change.get("change"), dict):
            change = change["change"]
        action = reader.action(change, f"{where}.actions")
        if action is not Action.NOTHING:
            yield OutputChange(whole(name), action, value_change(name, change))


def _deferred(entries: object, reader: Reader) -> Iterator[Deferred]:
    for index, entry in enumerate(sequence(entries, "deferred_changes", reader.notes)):
        where = f"deferred_changes[{index}]"
        raw = mapping(entry, where, reader.notes)
        change = reader.change(raw.get("resource_change"), f"{where}.resource_change")
        if change is not None:
            reason = text(raw.get("reason"), f"{where}.reason", reader.notes)
            yield Deferred(change.address, change.action, reason)


def _checks(document: Mapping[str, Any], notes: Notes) -> Iterator[CheckResult]:
    for index, entry in enumerate(sequence(document.get("checks"), "checks", notes)):
        where = f"checks[{index}]"
        raw = mapping(entry, where, notes)
        address = mapping(raw.get("address"), f"{where}.address", notes)
        kind = text(address.get("kind"), f"{where}.address.kind", notes)
        instances = sequence(raw.get("instances"), f"{where}.instances", notes)
        if not instances:
            yield _check(raw, address, kind, where, notes)
        for number, instance in enumerate(instances):
            inner = f"{where}.instances[{number}]"
            one = mapping(instance, inner, notes)
            its = mapping(one.get("address"), f"{inner}.address", notes)
            yield _check(one, {**address, **its}, kind, inner, notes)
    # Terraform 1.2 had the same in another form.
    conditions = sequence(document.get("condition_results"), "condition_results", notes)
    for index, entry in enumerate(conditions):
        where = f"condition_results[{index}]"
        raw = mapping(entry, where, notes)
        known = {True: "pass", False: "fail"}
        result = raw.get("result")
        status = known[result] if isinstance(result, bool) else "unknown"
        message = text(raw.get("error_message"), f"{where}.error_message", notes)
        yield CheckResult(
            address=text(raw.get("address"), f"{where}.address", notes),
            kind=text(raw.get("condition_type"), f"{where}.condition_type", notes),
            status="unknown" if raw.get("unknown") is True else status,
            problems=(redact(message),) if message else (),
        )


def _check(
    raw: Mapping[str, Any], address: Mapping[str, Any], kind: str, where: str, notes: Notes
) -> CheckResult:
    status = text(raw.get("status"), f"{where}.status", notes, "unknown")
    if status not in _STATUSES:
        notes.add(f"{where}.status is not known: taken: unknown")
        status = "unknown"
    problems = (
        text(mapping(problem, f"{where}.problems", notes).get("message"), where, notes)
        for problem in sequence(raw.get("problems"), f"{where}.problems", notes)
    )
    return CheckResult(
        address=text(address.get("to_display"), f"{where}.address.to_display", notes)
        or text(address.get("name"), f"{where}.address.name", notes),
        kind=kind,
        status=status,
        problems=tuple(redact(problem) for problem in problems if problem),
    )


def _note_actions(document: Mapping[str, Any], notes: Notes) -> None:
    """Say which actions of providers the plan runs (Terraform 1.14): they may do anything."""
    for member, verb in (
        ("action_invocations", "runs"),
        ("deferred_action_invocations", "will run later"),
    ):
        entries = sequence(document.get(member), member, notes)
        names = sorted(
            {whole(name) for name in map(_address, entries) if isinstance(name, str) and name}
        )
        if entries:
            shown = ", ".join(names[:_MOST_NAMED]) + (", …" if names[_MOST_NAMED:] else "")
            count = f"{len(entries)} action" + ("s" if len(entries) > 1 else "")
            notes.add(f"the plan {verb} {count} whose effects it does not tell: {shown}")


def _address(entry: object) -> object:
    if not isinstance(entry, dict):
        return None
    inner = entry.get("action_invocation")
    return inner.get("address") if isinstance(inner, dict) else entry.get("address")
