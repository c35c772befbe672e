"""Searching products: filters, order, counts; and the administrator's search."""

from collections import Counter
from collections.abc import Iterable

from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import InvalidParametersError
from scripts.sandbox.backends.servicecatalog.paging import page
from scripts.sandbox.backends.servicecatalog.records import Product
from scripts.sandbox.backends.servicecatalog.store import Store

FILTERS = ("FullTextSearch", "Owner", "ProductType", "SourceProductId")


class AdminSearch(Store):
    """The administrator's search."""

    def search_products_as_admin(self, request: Request) -> Answer:
        """Products of a portfolio (own or imported) if one is named, else all of this account."""
        portfolio_id = request.get("PortfolioId")
        products: Iterable[Product] = (
            self.products_of(self.portfolio(portfolio_id))
            if portfolio_id
            else self.products.values()
        )
        details = [product.detail() for product in in_order(found(products, request), request)]
        return page(request, "ProductViewDetails", details)


def found(products: Iterable[Product], request: Request) -> list[Product]:
    """Products that fit every filter; a filter's values are alternatives.

    Raises:
        InvalidParametersError: there is no such filter.
    """
    filters = request.get("Filters") or {}
    if not set(filters) <= set(FILTERS):
        raise InvalidParametersError(
            f"Invalid filters {', '.join(filters)}, allowed are {', '.join(FILTERS)}"
        )
    return [
        product
        for product in products
        if all(
            any(_fits(product, kind, value) for value in values) for kind, values in filters.items()
        )
    ]


def in_order(products: list[Product], request: Request) -> list[Product]:
    """In the order asked for; else in that of creation."""
    descending = request.get("SortOrder") == "DESCENDING"
    match request.get("SortBy"):
        case "Title":
            return sorted(products, key=lambda each: each.name, reverse=descending)
        case "VersionCount":
            return sorted(products, key=lambda each: len(each.artifacts), reverse=descending)
        case _:
            return sorted(products, key=lambda each: each.created, reverse=descending)


def aggregations(products: list[Product]) -> Answer:
    """How many products each owner and each type has."""
    counts = {
        "Owner": Counter(product.owner for product in products),
        "ProductType": Counter(product.type for product in products),
    }
    return {
        kind: [{"Value": value, "ApproximateCount": count} for value, count in counter.items()]
        for kind, counter in counts.items()
    }


def _fits(product: Product, kind: str, value: str) -> bool:
    if kind == "Owner":
        return product.owner == value
    if kind == "ProductType":
        return product.type == value
    if kind == "FullTextSearch":
        texts = [product.id, product.name, product.owner, product.type, *product.texts.values()]
        return value.lower() in " ".join(texts).lower()
    # SourceProductId: no product here is a copy of another one.
    return False
