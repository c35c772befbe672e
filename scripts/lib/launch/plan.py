"""What a launch, an update or an end comes to, given what there is: pure functions.

Asking for what is already so, or already under way, asks AWS for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scripts.lib.changes import Change, Finding, Severity
from scripts.lib.launch.model import NOTEBOOK_OUTPUT, Found, Named, Parameter, Provisioned, Record
from scripts.lib.launch.parameters import HIDDEN, Fault, check, fault_of


@dataclass(frozen=True)
class Wanted:
    """What is to be launched, or to be updated to.

    ``given`` are the values that were asked for by name; ``version_given`` tells whether the
    version was.
    """

    name: str
    product: Named
    version: Named
    path: Named
    parameters: tuple[Parameter, ...]
    given: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)
    version_given: bool = False

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset(item.name for item in self.parameters if item.is_secret)


@dataclass(frozen=True, kw_only=True)
class Request(Change):
    """Something asked of Service Catalog about one provisioned product."""

    name: str
    place: str

    @property
    def subject(self) -> str:
        return self.name

    @property
    def target(self) -> str:
        return self.place


@dataclass(frozen=True, kw_only=True)
class Launch(Request):
    wanted: Wanted

    @property
    def action(self) -> str:
        return "launch"


@dataclass(frozen=True, kw_only=True)
class Update(Request):
    """``kept`` are parameters whose values stay; those neither given nor kept get the
    version's defaults."""

    provisioned: Provisioned
    wanted: Wanted
    kept: tuple[str, ...]

    @property
    def action(self) -> str:
        return "update"


@dataclass(frozen=True, kw_only=True)
class End(Request):
    provisioned: Provisioned

    @property
    def action(self) -> str:
        return "end"


@dataclass(frozen=True, kw_only=True)
class UnderWay(Request):
    """Asked for before, and not over yet: there is nothing to ask, only something to follow."""

    record: Record

    @property
    def action(self) -> str:
        return self.record.verb


@dataclass(frozen=True)
class Plan:
    """At most one change, or what stands in its way."""

    change: Request | None = None
    findings: tuple[Finding, ...] = ()


def plan_launch(wanted: Wanted) -> Plan:
    """Return the launch, or every fault of the values given for it."""
    faults = check(wanted.parameters, wanted.given)
    if faults:
        return Plan(findings=tuple(_error(fault.parameter, fault.message) for fault in faults))
    return Plan(Launch(name=wanted.name, place=_place(wanted), wanted=wanted))


def plan_again(found: Found, product: Named, version: str | None, given: Mapping[str, str]) -> Plan:
    """Return what a launch comes to whose name the caller has given to a product before.

    Only what is asked for by name is compared: the newest version may be another one by now.
    """
    name = found.provisioned.name
    if found.provisioned.product_id != product.id:
        message = f"is a provisioned product of {found.product}: choose another name"
        return Plan(findings=(_error(name, message),))
    under_way = _under_way(found)
    if under_way and under_way.action == "launch":
        return Plan(under_way)
    if under_way:
        return Plan(findings=(_busy(name, under_way),))
    if not found.provisioned.last_launched_id:
        return Plan(findings=(_never_launched(found),))
    if differences := list(_differences(found, version, given)):
        text = "; ".join(f"{what} is {is_now}, not {asked}" for what, is_now, asked in differences)
        return Plan(findings=(_error(name, f"is launched already, and {text}: use update"),))
    return Plan(findings=(*_not_compared(found, given), *state_findings(found)))


def plan_update(found: Found, wanted: Wanted) -> Plan:
    """Return what an update comes to. Values that are not given stay as they are."""
    name = found.provisioned.name
    under_way = _under_way(found)
    if not under_way and not found.provisioned.last_launched_id:
        return Plan(findings=(_never_launched(found),))
    if found.values is None:
        return Plan(findings=(_error(name, f"cannot be updated: {found.unreadable}"),))
    kept, reset, faults = _kept(found.values, wanted)
    faults.extend(check(wanted.parameters, wanted.given, kept=frozenset({*kept, *reset})))
    if faults:
        return Plan(findings=tuple(_error(fault.parameter, fault.message) for fault in faults))
    reasons = tuple(_reasons(found, wanted, reset))
    if under_way and (reasons or under_way.action != "update"):
        return Plan(findings=(_busy(name, under_way),))
    if under_way or not reasons:
        return Plan(under_way, tuple(state_findings(found)))
    change = Update(
        name=name,
        place=_place(wanted),
        reasons=reasons,
        provisioned=found.provisioned,
        wanted=wanted,
        kept=kept,
    )
    return Plan(change, tuple(_losses(found, wanted)))


def plan_end(found: Found | None, name: str) -> Plan:
    """Return what an end comes to: nothing if there is no such product of the caller's."""
    if found is None:
        message = "there is no provisioned product of yours of this name: nothing to end"
        return Plan(findings=(Finding(Severity.WARNING, name, message),))
    under_way = _under_way(found)
    if under_way and under_way.action != "end":
        return Plan(findings=(_busy(name, under_way),))
    provisioned = found.provisioned
    return Plan(under_way or End(name=name, place=str(found.product), provisioned=provisioned))


def plan_follow(found: Found) -> Plan:
    """Return what is under way, or what is wrong with what has ended."""
    return Plan(_under_way(found), tuple(state_findings(found)))


def state_findings(found: Found) -> Iterator[Finding]:
    """Say what is wrong with a provisioned product that nothing is being done to."""
    provisioned, record = found.provisioned, found.record
    if not record.failed:
        return
    # What failed to change is as it was before; what failed to come or to go is neither.
    usable = record.verb == "update" and provisioned.status in ("AVAILABLE", "TAINTED")
    severity = Severity.WARNING if usable else Severity.ERROR
    yield Finding(severity, provisioned.name, f"its last {record.verb} failed: {_reason(found)}")


def _under_way(found: Found) -> UnderWay | None:
    if found.record.finished:
        return None
    return UnderWay(name=found.provisioned.name, place=str(found.product), record=found.record)


def _busy(name: str, under_way: UnderWay) -> Finding:
    return _error(name, f"is under change ({under_way.action}): follow it until that has ended")


def _never_launched(found: Found) -> Finding:
    reason = _reason(found)
    message = f"its launch failed, end it before the name can be used again: {reason}"
    return _error(found.provisioned.name, message)


def _reason(found: Found) -> str:
    return "; ".join(found.record.errors) or found.provisioned.message or "AWS gives no reason"


def _losses(found: Found, wanted: Wanted) -> Iterator[Finding]:
    """SageMaker cannot rename a notebook: CloudFormation makes another and deletes the first."""
    before = (found.values or {}).get(NOTEBOOK_OUTPUT)
    after = wanted.given.get(NOTEBOOK_OUTPUT, before)
    if before is not None and after != before:
        message = f"becomes a new notebook: {before} is deleted with all that is on its volume"
        yield Finding(Severity.WARNING, str(after), message)


def _reasons(found: Found, wanted: Wanted, reset: Mapping[str, str]) -> Iterator[str]:
    """What an update changes, one line each."""
    if wanted.version_given and wanted.version.id != found.version.id:
        yield f"version: {found.version.name} -> {wanted.version.name}"
    shown = {key: value for key, value in wanted.given.items() if key not in wanted.secrets}
    for what, before, after in _differences(found, None, {**shown, **reset}):
        yield f"{what}: {before} -> {after}"
    for key in wanted.given:
        if key in wanted.secrets:
            yield f"{key}: a new value"


def _differences(
    found: Found, version: str | None, given: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """What is asked for and is not so: what, as it is, as it is asked for."""
    if version not in (None, found.version.id, found.version.name):
        yield "version", found.version.name, str(version)
    for name, value in given.items():
        before = (found.values or {}).get(name)
        if found.values is not None and before not in (value, HIDDEN):
            yield name, "not set" if before is None else before, value


def _not_compared(found: Found, given: Mapping[str, str]) -> Iterator[Finding]:
    values = found.values
    hidden = [name for name in given if values is None or values.get(name) == HIDDEN]
    if hidden:
        why = found.unreadable or "CloudFormation hides their values"
        message = f"could not be compared with what is launched: {', '.join(hidden)} ({why})"
        yield Finding(Severity.WARNING, found.provisioned.name, message)


def _kept(
    values: Mapping[str, str], wanted: Wanted
) -> tuple[tuple[str, ...], dict[str, str], list[Fault]]:
    """Which values stay, which become the version's own, and which can do neither.

    A version may allow one value alone where another one was in use: no choice is lost by
    taking it. Where there is a choice, it is the caller's.
    """
    kept: list[str] = []
    reset: dict[str, str] = {}
    faults: list[Fault] = []
    for item in wanted.parameters:
        if item.name in wanted.given or item.name not in values:
            continue
        fault = "" if item.is_secret else fault_of(item, values[item.name])
        if not fault:
            kept.append(item.name)
        elif item.default is not None and item.allowed_values == (item.default,):
            reset[item.name] = item.default
        else:
            faults.append(Fault(item.name, f"{fault}; it was so until now: give another value"))
            kept.append(item.name)
    return tuple(kept), reset, faults


def _place(wanted: Wanted) -> str:
    return f"{wanted.product.name}, version {wanted.version.name}"


def _error(subject: str, message: str) -> Finding:
    return Finding(Severity.ERROR, subject, message)
