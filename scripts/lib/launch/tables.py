"""What the reports show: products, versions, parameters, provisioned products, results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scripts.lib.launch.model import Found, Parameter, Product, Provisioned, Record
from scripts.lib.launch.parameters import HIDDEN, allowed
from scripts.lib.report import Table


def products_table(products: Iterable[Product]) -> Table:
    rows = tuple(
        (
            product.name,
            product.id,
            version.name,
            version.id,
            not version.deprecated,
            version.description or None,
        )
        for product in products
        for version in product.versions
    )
    columns = ("Product", "Product id", "Version", "Version id", "Launchable", "Description")
    return Table("Products", columns, rows)


def paths_table(product: Product) -> Table:
    return Table("Paths", ("Path", "Id"), tuple((path.name, path.id) for path in product.paths))


def parameters_table(parameters: Iterable[Parameter]) -> Table:
    rows = tuple(
        (
            item.name,
            HIDDEN if item.is_secret and item.default else item.default,
            item.default is None,
            allowed(item) or None,
            item.description or None,
        )
        for item in parameters
    )
    columns = ("Parameter", "Default", "Required", "Allowed", "Meaning")
    return Table("Parameters", columns, rows)


def values_table(parameters: Sequence[Parameter], given: Mapping[str, str]) -> Table:
    """What a launch gets. A value that no parameter is called by is among the faults."""
    rows = tuple(
        (
            item.name,
            HIDDEN if item.is_secret else given.get(item.name, item.default),
            "given" if item.name in given else "default",
        )
        for item in parameters
        if item.name in given or item.default is not None
    )
    return Table("Parameters", ("Parameter", "Value", "From"), rows)


def own_table(own: Iterable[tuple[Provisioned, Product]]) -> Table:
    rows = tuple((*_own_row(item, product), item.message or None) for item, product in own)
    return Table("Provisioned products", (*_OWN_COLUMNS, "Message"), rows)


def found_table(found: Found) -> Table:
    """The product as it was before; what is wrong with it is among the findings."""
    row = _own_row(found.provisioned, found.product)
    return Table("Provisioned products", _OWN_COLUMNS, (row,))


def outputs_table(record: Record) -> Table:
    rows = tuple((item.key, item.value, item.description or None) for item in record.outputs)
    return Table("Outputs", ("Output", "Value", "Meaning"), rows)


_OWN_COLUMNS = ("Name", "Status", "Product", "Version", "Id")


def _own_row(item: Provisioned, product: Product) -> tuple[str, ...]:
    version = product.version(item.version_id).name
    return (item.name, item.status, product.name, version, item.id)
