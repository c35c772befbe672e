"""The verbs that only look: what there is to launch, and what the caller has launched."""

from __future__ import annotations

from scripts.lib.changes import Finding, Severity
from scripts.lib.clients import Clients
from scripts.lib.launch import tables
from scripts.lib.launch.catalog import (
    describe_parameters,
    describe_product,
    known_product,
    search_products,
)
from scripts.lib.launch.choose import choose_path, choose_product, choose_version
from scripts.lib.launch.owned import list_own
from scripts.lib.launch.result import Result, explained, shown

TITLE = "What there is to launch"


def show(
    clients: Clients,
    *,
    product: str | None = None,
    version: str | None = None,
    path: str | None = None,
) -> Result:
    """Show the products that may be launched; of one, also what a launch of it asks for.

    Raises InputError for a choice that is not there or not clear, AwsError or botocore's errors
    if AWS refuses or cannot be reached.
    """
    with explained(clients):
        found = search_products(clients)
        if len(found) > 1 and not (product or version or path):
            products = [describe_product(clients, item.id) for item in found]
            return shown(clients, TITLE, [tables.products_table(products)])
        summary = choose_product(found, product, clients.caller_arn)
        chosen = describe_product(clients, summary.id)
        facts = [tables.products_table([chosen]), tables.paths_table(chosen)]
        if path is None and len(chosen.paths) > 1:
            message = "choose one of its paths by --path to see what a launch asks for"
            return shown(clients, TITLE, facts, [Finding(Severity.WARNING, chosen.name, message)])
        way = choose_path(chosen, path)
        asked = describe_parameters(clients, chosen, choose_version(chosen, version), way)
        return shown(clients, TITLE, [*facts, tables.parameters_table(asked)])


def list_launched(clients: Clients) -> Result:
    """Show the caller's own provisioned products; raise as ``show`` does."""
    with explained(clients):
        own = list_own(clients)
        ids = dict.fromkeys(item.product_id for item in own)
        products = {product_id: known_product(clients, product_id) for product_id in ids}
    table = tables.own_table((item, products[item.product_id]) for item in own)
    return shown(clients, "What you have launched", [table])
