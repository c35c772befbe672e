"""What one account holds in one Region, and how things are found in it."""

from typing import TYPE_CHECKING, cast

from moto.core.base_backend import BaseBackend
from moto.servicecatalog.models import servicecatalog_backends

from scripts.sandbox.backends.servicecatalog.dispatch import Answer
from scripts.sandbox.backends.servicecatalog.errors import (
    InvalidParametersError,
    ResourceNotFoundError,
)
from scripts.sandbox.backends.servicecatalog.provisioned import ProvisionedProduct, Record
from scripts.sandbox.backends.servicecatalog.records import (
    Constraint,
    Import,
    Portfolio,
    Principal,
    Product,
    Share,
    TagOption,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class Store(BaseBackend):
    """State and look-ups; the operations of each noun build on it.

    Principals and constraints belong to the account that made them, also on a portfolio of
    another account. Look-ups raise ResourceNotFoundError.
    """

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.portfolios: dict[str, Portfolio] = {}
        self.products: dict[str, Product] = {}
        self.constraints: dict[str, Constraint] = {}
        self.principals: dict[str, list[Principal]] = {}
        self.tag_options: dict[str, TagOption] = {}
        self.shares: dict[str, list[Share]] = {}
        self.share_tokens: dict[str, tuple[str, str]] = {}
        self.imports: dict[str, Import] = {}
        self.provisioned: dict[str, ProvisionedProduct] = {}
        self.records: dict[str, Record] = {}
        self.tokens: dict[tuple[str, str], tuple[str, Answer]] = {}

    def arn(self, kind: str, identifier: str) -> str:
        """ARN of this account's portfolio or product."""
        scope = f"{self.region_name}:{self.account_id}"
        return f"arn:{self.partition}:catalog:{scope}:{kind}/{identifier}"

    def account(self, account_id: str) -> "Store":
        """The same Region's store of another account."""
        return cast("Store", servicecatalog_backends[account_id][self.region_name])

    def own_portfolio(self, portfolio_id: str) -> Portfolio:
        """A portfolio of this account."""
        if portfolio_id not in self.portfolios:
            raise ResourceNotFoundError(f"Portfolio {portfolio_id} not found")
        return self.portfolios[portfolio_id]

    def portfolio(self, portfolio_id: str) -> Portfolio:
        """A portfolio of this account, or one imported into it."""
        if portfolio_id in self.imports:
            return self.account(self.imports[portfolio_id].owner).own_portfolio(portfolio_id)
        return self.own_portfolio(portfolio_id)

    def usable_portfolios(self) -> list[Portfolio]:
        """This account's portfolios and the imported ones."""
        return [self.portfolio(key) for key in [*self.portfolios, *self.imports]]

    def own_product(self, product_id: str) -> Product:
        """A product of this account."""
        if product_id not in self.products:
            raise ResourceNotFoundError(f"Product {product_id} not found")
        return self.products[product_id]

    def product(self, product_id: str) -> Product:
        """A product of this account, or of a portfolio imported into it."""
        product = self.find_product(product_id)
        return product or self.own_product(product_id)

    def product_by(self, product_id: str | None, name: str | None) -> Product:
        """A product by exactly one of its id and its name.

        Raises:
            InvalidParametersError: both are given, or none.
            ResourceNotFoundError: no such product.
        """
        if bool(product_id) == bool(name):
            raise InvalidParametersError("Specify the product's id or its name, not both")
        if product_id:
            return self.product(product_id)
        for product in self.usable_products():
            if product.name == name:
                return product
        raise ResourceNotFoundError(f"Product {name} not found")

    def usable_products(self) -> "Iterator[Product]":
        """This account's products and those of imported portfolios."""
        yield from self.products.values()
        for portfolio_id in self.imports:
            yield from self.products_of(self.portfolio(portfolio_id))

    def products_of(self, portfolio: Portfolio) -> "Iterator[Product]":
        """The products of a usable portfolio, in the order of their association."""
        imported = self.imports.get(portfolio.id)
        owner = self.account(imported.owner) if imported else self
        for product_id in portfolio.product_ids:
            # A product that came from an import is gone when the import is.
            product = owner.find_product(product_id)
            if product:
                yield product

    def find_product(self, product_id: str) -> Product | None:
        """Like `product`, but None if there is none."""
        for portfolio_id, imported in self.imports.items():
            if product_id in self.portfolio(portfolio_id).product_ids:
                return self.account(imported.owner).find_product(product_id)
        return self.products.get(product_id)

    def constraint(self, constraint_id: str) -> Constraint:
        """A constraint that this account made."""
        if constraint_id not in self.constraints:
            raise ResourceNotFoundError(f"Constraint {constraint_id} not found")
        return self.constraints[constraint_id]

    def constraints_on(self, portfolio_id: str, product_id: str | None = None) -> list[Constraint]:
        """Constraints in force on the portfolio, its owner's too; of one product if given."""
        imported = self.imports.get(portfolio_id)
        theirs = (
            self.account(imported.owner).constraints_on(portfolio_id, product_id)
            if imported
            else []
        )
        ours = [
            constraint
            for constraint in self.constraints.values()
            if constraint.portfolio_id == portfolio_id
            and product_id in {None, constraint.product_id}
        ]
        return theirs + ours

    def forget(self, portfolio_id: str) -> None:
        """Drop an import, with what this account had tied to it."""
        self.imports.pop(portfolio_id, None)
        self.principals.pop(portfolio_id, None)
        ours = [each for each in self.constraints.values() if each.portfolio_id == portfolio_id]
        for constraint in ours:
            del self.constraints[constraint.id]

    def tag_option(self, tag_option_id: str) -> TagOption:
        """A tag option of this account."""
        if tag_option_id not in self.tag_options:
            raise ResourceNotFoundError(f"TagOption {tag_option_id} not found")
        return self.tag_options[tag_option_id]
