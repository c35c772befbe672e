"""Launched products and notebooks, as they are, against what was promised of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scripts.lib.drift import promise
from scripts.lib.drift.model import Drift, Mend, Noise, Plane, Remedy
from scripts.lib.drift.notebook_mend import IGNORE, end_product, put_back, take_away
from scripts.lib.drift.promise import Promise, described, same
from scripts.lib.drift.shell import Shell
from scripts.lib.errors import one_line
from scripts.lib.plan_review.model import AttributeChange, Risk
from scripts.lib.plan_review.words import listed

WORDS: Final[Mapping[str, tuple[str, Risk]]] = {
    promise.INTERNET: ("direct internet access", Risk.HIGH),
    promise.ROOT: ("root access", Risk.HIGH),
    promise.KEY: ("the key", Risk.HIGH),
    promise.ROLE: ("the role", Risk.HIGH),
    promise.SUBNET: ("the subnet", Risk.HIGH),
    promise.SECURITY_GROUPS: ("the security groups", Risk.HIGH),
    promise.LIFECYCLE: ("the lifecycle configuration", Risk.HIGH),
    promise.METADATA: ("the version of the instance metadata service", Risk.MEDIUM),
    promise.PLATFORM: ("the platform", Risk.MEDIUM),
    promise.TYPE: ("the instance type", Risk.LOW),
    promise.VOLUME: ("the volume's size", Risk.LOW),
}
"""What is compared, the worst first; a lifecycle configuration is a script that runs as root."""

LEAVING: Final = "Deleting"
FAILED: Final = "Failed"

UNDER_CHANGE: Final = frozenset({"UNDER_CHANGE", "PLAN_IN_PROGRESS"})
"""Statuses of a provisioned product while somebody works on it."""


@dataclass(frozen=True, slots=True)
class Launch:
    """A provisioned product of a project, and what stands behind it.

    Attributes:
        stack: of Terraform, which made the product.
        has_stack: its CloudFormation stack is there.
        promises: of each of its notebooks.
        unread: why the promises are not known whole; "" if they are.
    """

    stack: str
    id: str
    name: str
    status: str
    product_id: str = ""
    message: str = ""
    has_stack: bool = True
    promises: tuple[Promise, ...] = ()
    unread: str = ""

    @property
    def title(self) -> str:
        return f"provisioned product {self.name} ({self.id})"


@dataclass(frozen=True, slots=True)
class Stray:
    """A notebook with a project's tags that no product made."""

    stack: str
    notebook: Mapping[str, Any] = field(hash=False)


def launch_drifts(
    launches: Iterable[Launch], notebooks: Mapping[str, Mapping[str, Any]], shell: Shell
) -> tuple[Drift, ...]:
    """Return what differs of the launched products.

    Args:
        notebooks: descriptions by name; one that is not there is gone.
    """
    return tuple(drift for launch in launches for drift in _of_launch(launch, notebooks, shell))


def launch_noise(launches: Iterable[Launch]) -> tuple[Noise, ...]:
    """Return what was not compared, as somebody is at work on it."""
    by_stack: dict[str, list[str]] = {}
    for launch in launches:
        if launch.status in UNDER_CHANGE:
            by_stack.setdefault(launch.stack, []).append(launch.name)
    reason = "a launch, an update or an end is under way"
    return tuple(
        Noise(stack, reason, tuple(sorted(names))) for stack, names in sorted(by_stack.items())
    )


def stray_drifts(strays: Iterable[Stray], shell: Shell) -> tuple[Drift, ...]:
    """Return the notebooks that were made outside the catalog, one drift each."""
    return tuple(_stray(stray, shell) for stray in strays)


def _of_launch(
    launch: Launch, notebooks: Mapping[str, Mapping[str, Any]], shell: Shell
) -> Iterator[Drift]:
    if launch.status in UNDER_CHANGE:
        return
    broken = _broken(launch, shell)
    if broken:
        yield broken
    for promised in launch.promises:
        notebook = notebooks.get(promised.notebook)
        if notebook is None:
            if not broken:
                yield _gone(launch, promised, shell)
        elif notebook.get("NotebookInstanceStatus") != LEAVING:
            yield from _of_notebook(launch, promised, notebook, shell)


def _broken(launch: Launch, shell: Shell) -> Drift | None:
    """A product whose stack is gone, or whose last request left it in a bad state."""
    end = end_product(launch.id, shell)
    if not launch.has_stack:
        what = "The CloudFormation stack behind the product was deleted outside the catalog."
        return _drift(
            launch.stack,
            launch.title,
            what,
            ("its stack", "no stack"),
            Risk.MEDIUM,
            remedies=(end, IGNORE),
        )
    if launch.status not in ("ERROR", "TAINTED"):
        return None
    said = f": {one_line(launch.message)}" if launch.message else ""
    what = f"The last change of the product failed{said}"
    what = what if what.endswith(".") else f"{what}."
    again = Remedy(
        Mend.RELAUNCH,
        "Update it once more, as whoever launched it.",
        shell.tool("launch", "update", launch.name, "--apply"),
    )
    mends = (again, end, IGNORE) if launch.status == "TAINTED" else (end, IGNORE)
    risk = Risk.MEDIUM if launch.status == "TAINTED" else Risk.LOW
    return _drift(
        launch.stack, launch.title, what, ("AVAILABLE", launch.status), risk, remedies=mends
    )


def _gone(launch: Launch, promised: Promise, shell: Shell) -> Drift:
    return _drift(
        launch.stack,
        f"notebook {promised.notebook}",
        f"The notebook was deleted; the {launch.title} still stands for it.",
        ("there", "gone"),
        Risk.MEDIUM,
        remedies=(end_product(launch.id, shell), IGNORE),
    )


def _of_notebook(
    launch: Launch, promised: Promise, notebook: Mapping[str, Any], shell: Shell
) -> Iterator[Drift]:
    actual = described(notebook)
    changed = {
        key: value
        for key in WORDS
        if (value := promised.values.get(key)) is not None and not same(key, value, actual[key])
    }
    subject = f"notebook {promised.notebook}"
    if changed:
        words = listed(WORDS[key][0] for key in changed)
        yield Drift(
            Plane.LAUNCHED,
            launch.stack,
            subject,
            f"The notebook is not as its version promises, in {words}.",
            expected=_values(changed, changed),
            actual=_values(changed, actual),
            risk=max(_risk(key, value) for key, value in changed.items()),
            attributes=tuple(
                AttributeChange(key, value, actual[key]) for key, value in changed.items()
            ),
            remedies=(*put_back(promised.notebook, launch.id, changed, actual, shell), IGNORE),
        )
    if notebook.get("NotebookInstanceStatus") == FAILED:
        reason = one_line(notebook.get("FailureReason") or "no reason given")
        what = f"The notebook failed: {reason}"
        yield _drift(
            launch.stack,
            subject,
            what if what.endswith(".") else f"{what}.",
            ("in service or stopped", FAILED),
            Risk.MEDIUM,
            remedies=(end_product(launch.id, shell), IGNORE),
        )


def _stray(stray: Stray, shell: Shell) -> Drift:
    notebook = stray.notebook
    actual = described(notebook)
    name = str(notebook["NotebookInstanceName"])
    broken = [key for key, value in promise.ALWAYS.items() if actual[key] != value]
    said = f", and breaks what all promise: {listed(WORDS[key][0] for key in broken)}"
    return Drift(
        Plane.LAUNCHED,
        stray.stack,
        f"notebook {name}",
        f"A notebook with the project's tags was made outside the catalog{said * bool(broken)}.",
        expected="every notebook of the project comes from its product",
        actual=f"{notebook.get('NotebookInstanceStatus')}, of no provisioned product; "
        + _values((promise.INTERNET, promise.ROOT, promise.ROLE), actual),
        risk=Risk.HIGH,
        remedies=(*take_away(name, shell), IGNORE),
    )


def _risk(key: str, promised: str) -> Risk:
    """What was open by promise and was closed is no danger."""
    return Risk.LOW if key == promise.ROOT and promised == "Enabled" else WORDS[key][1]


def _values(keys: Iterable[str], values: Mapping[str, str]) -> str:
    return ", ".join(f"{key.rpartition('.')[2]} {values[key] or 'none'}" for key in keys)


def _drift(
    stack: str,
    subject: str,
    what: str,
    values: tuple[str, str],
    risk: Risk,
    *,
    remedies: tuple[Remedy, ...],
) -> Drift:
    expected, actual = values
    return Drift(Plane.LAUNCHED, stack, subject, what, expected, actual, risk, remedies=remedies)
