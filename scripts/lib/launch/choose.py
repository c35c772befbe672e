"""Which product, version and path are meant. Pure; what is not clear is one line with choices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from scripts.lib.errors import InputError
from scripts.lib.launch.model import Named, Product, Version

SHOWN_CHOICES = 15

_Choice = TypeVar("_Choice", bound=Named)


def choices(found: Iterable[Named]) -> str:
    """Return names with ids, cut off where there are many."""
    texts = [str(item) for item in found]
    more = len(texts) - SHOWN_CHOICES
    return ", ".join([*texts[:SHOWN_CHOICES], *([f"and {more} more"] if more > 0 else [])])


def choose_product(found: Sequence[Named], wanted: str | None, caller: str) -> Named:
    """Return the product that ``wanted`` names by name or id; the only one if it is None.

    Raises InputError if ``caller``, an ARN, has none, or it is not clear which one.
    """
    if not found:
        raise InputError(
            f"{caller} may launch no product in this account and Region: work as a role that has "
            "access to a portfolio (--profile, --assume-role), such as SCEndUserRole-<project>"
        )
    return _choose("product", found, wanted)


def choose_version(product: Product, wanted: str | None) -> Version:
    """Return the version that ``wanted`` names by name or id; the newest if it is None.

    Raises InputError if there is none that may be launched: a deprecated version goes on
    running where it runs, and is not launched anew.
    """
    if wanted is None:
        for version in reversed(product.versions):
            if not version.deprecated:
                return version
        raise InputError(f"product {product} has no version that may be launched anew")
    version = _choose("version", product.versions, wanted, f"product {product}")
    if version.deprecated:
        allowed = choices(item for item in product.versions if not item.deprecated)
        raise InputError(
            f"version {version} of product {product} is deprecated and is not launched anew; "
            f"there are: {allowed or 'none'}"
        )
    return version


def choose_path(product: Product, wanted: str | None) -> Named:
    """Return the path that ``wanted`` names by name or id; the only one if it is None.

    Raises InputError if there is none, or it is not clear which one.
    """
    if not product.paths:
        raise InputError(f"product {product} cannot be launched: no portfolio leads to it")
    return _choose("path", product.paths, wanted, f"product {product}")


def _choose(kind: str, found: Sequence[_Choice], wanted: str | None, place: str = "") -> _Choice:
    where = f" of {place}" if place else ""
    if wanted is None:
        if len(found) > 1:
            raise InputError(
                f"there are {len(found)} {kind}s{where}, choose one by --{kind}: {choices(found)}"
            )
        return found[0]
    by_id = [item for item in found if item.id == wanted]
    fitting = by_id or [item for item in found if item.name == wanted]
    if not fitting:
        raise InputError(f"no {kind} {wanted!r}{where}; there are: {choices(found) or 'none'}")
    if len(fitting) > 1:
        raise InputError(
            f"{len(fitting)} {kind}s{where} are named {wanted!r}, give an id: {choices(fitting)}"
        )
    return fitting[0]
