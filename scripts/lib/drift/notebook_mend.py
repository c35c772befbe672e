"""How launched notebooks are mended. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from scripts.lib.drift import promise
from scripts.lib.drift.model import Mend, Remedy
from scripts.lib.drift.shell import Shell

IGNORE: Final = Remedy(
    Mend.IGNORE, "Accept it in the ignore file, with a reason, an owner and a date."
)

_OPTIONS: Final[Mapping[str, str]] = {
    promise.ROOT: "--root-access",
    promise.ROLE: "--role-arn",
    promise.LIFECYCLE: "--lifecycle-config-name",
    promise.PLATFORM: "--platform-identifier",
    promise.TYPE: "--instance-type",
    promise.VOLUME: "--volume-size-in-gb",
}
"""What UpdateNotebookInstance can change back, by its option."""


def put_back(
    name: str, product_id: str, promised: Mapping[str, str], actual: Mapping[str, str], shell: Shell
) -> tuple[Remedy, ...]:
    """Return how to give a notebook what was promised; ``promised`` holds what differs alone.

    UpdateNotebookInstance takes a notebook that is stopped. What it cannot change (the network,
    the key, a smaller volume) takes a new launch.
    """
    fixed = [key for key in promised if not _is_updatable(key, promised, actual)]
    if fixed:
        text = "Nothing changes this in a notebook that is there: end the product and launch again."
        return (Remedy(Mend.RELAUNCH, text, end_product(product_id, shell).command),)
    options = [word for key, value in promised.items() for word in _option(key, value)]
    given = ("--notebook-instance-name", name)
    steps = (
        ("stop-notebook-instance", *given),
        ("wait", "notebook-instance-stopped", *given),
        ("update-notebook-instance", *given, *options),
        ("wait", "notebook-instance-stopped", *given),
        ("start-notebook-instance", *given),
    )
    text = "Put it back: stop, update and start the notebook. Leave out the stop if it is stopped."
    return (Remedy(Mend.RELAUNCH, text, _joined(steps, shell)),)


def take_away(name: str, shell: Shell) -> tuple[Remedy, ...]:
    """Return how to remove a notebook that nobody launched; its volume goes with it."""
    given = ("--notebook-instance-name", name)
    steps = (
        ("stop-notebook-instance", *given),
        ("wait", "notebook-instance-stopped", *given),
        ("delete-notebook-instance", *given),
    )
    text = "Save what is on its volume, stop and delete it, and launch one from the catalog."
    return (Remedy(Mend.REMOVE, text, _joined(steps, shell)),)


def end_product(product_id: str, shell: Shell) -> Remedy:
    """Return how to end a provisioned product, whoever launched it."""
    command = shell.aws(
        "servicecatalog",
        "terminate-provisioned-product",
        "--provisioned-product-id",
        product_id,
    )
    text = "End the product, which frees its name, and launch it again if it is still needed."
    return Remedy(Mend.RELAUNCH, text, command)


def _is_updatable(key: str, promised: Mapping[str, str], actual: Mapping[str, str]) -> bool:
    if key == promise.VOLUME:
        return _number(promised[key]) > _number(actual[key])
    return key in _OPTIONS or key == promise.METADATA


def _option(key: str, value: str) -> tuple[str, ...]:
    if key == promise.METADATA:
        words = f"MinimumInstanceMetadataServiceVersion={value}"
        return ("--instance-metadata-service-configuration", words)
    if key == promise.LIFECYCLE and not value:
        return ("--disassociate-lifecycle-config",)
    return (_OPTIONS[key], value)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _joined(steps: Iterable[tuple[str, ...]], shell: Shell) -> str:
    return " && ".join(shell.aws("sagemaker", *step) for step in steps)
