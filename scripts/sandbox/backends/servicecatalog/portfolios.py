"""Portfolios, and the products in them."""

from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import (
    ResourceInUseError,
    ResourceNotFoundError,
)
from scripts.sandbox.backends.servicecatalog.ids import new_id
from scripts.sandbox.backends.servicecatalog.paging import page
from scripts.sandbox.backends.servicecatalog.records import Portfolio
from scripts.sandbox.backends.servicecatalog.store import Store
from scripts.sandbox.backends.servicecatalog.tags import new_tags, tag_list, updated_tags


class Portfolios(Store):
    """Create, describe, update, delete and list portfolios; put products into them."""

    def create_portfolio(self, request: Request) -> Answer:
        """A portfolio of this account."""
        portfolio_id = new_id("port")
        portfolio = Portfolio(
            id=portfolio_id,
            arn=self.arn("portfolio", portfolio_id),
            display_name=request["DisplayName"],
            provider_name=request["ProviderName"],
            description=request.get("Description"),
            tags=new_tags(request),
        )
        self.portfolios[portfolio_id] = portfolio
        return {"PortfolioDetail": portfolio.detail(), "Tags": tag_list(portfolio.tags)}

    def describe_portfolio(self, request: Request) -> Answer:
        """An own portfolio, or an imported one (its tags stay with its owner)."""
        portfolio = self.portfolio(request["Id"])
        options = [
            self.tag_options[key] for key in portfolio.tag_option_ids if key in self.tag_options
        ]
        return {
            "PortfolioDetail": portfolio.detail(),
            "Tags": tag_list(portfolio.tags) if portfolio.id in self.portfolios else [],
            "TagOptions": [option.detail() for option in options],
            "Budgets": [],
        }

    def update_portfolio(self, request: Request) -> Answer:
        """Only what the request names changes."""
        portfolio = self.own_portfolio(request["Id"])
        portfolio.tags = updated_tags(portfolio.tags, request)
        portfolio.display_name = request.get("DisplayName", portfolio.display_name)
        portfolio.provider_name = request.get("ProviderName", portfolio.provider_name)
        portfolio.description = request.get("Description", portfolio.description)
        return {"PortfolioDetail": portfolio.detail(), "Tags": tag_list(portfolio.tags)}

    def delete_portfolio(self, request: Request) -> Answer:
        """Only a portfolio that nothing is associated with."""
        portfolio = self.own_portfolio(request["Id"])
        holders = {
            "Constraints": self.constraints_on(portfolio.id),
            "Products": portfolio.product_ids,
            "Principals": self.principals.get(portfolio.id),
            "Shares": self.shares.get(portfolio.id),
        }
        for noun, associated in holders.items():
            if associated:
                raise ResourceInUseError(f"Portfolio {portfolio.id} still has associated {noun}")
        del self.portfolios[portfolio.id]
        return {}

    def list_portfolios(self, request: Request) -> Answer:
        """This account's own."""
        details = [portfolio.detail() for portfolio in self.portfolios.values()]
        return page(request, "PortfolioDetails", details)

    def associate_product_with_portfolio(self, request: Request) -> Answer:
        """The product may be of an imported portfolio. Repeating it changes nothing."""
        portfolio = self.own_portfolio(request["PortfolioId"])
        product = self.product(request["ProductId"])
        source = request.get("SourcePortfolioId")
        if source and product.id not in self.portfolio(source).product_ids:
            raise ResourceNotFoundError(f"Product {product.id} is not in portfolio {source}")
        if product.id not in portfolio.product_ids:
            portfolio.product_ids.append(product.id)
        return {}

    def disassociate_product_from_portfolio(self, request: Request) -> Answer:
        """Not while constraints hold for the product in this portfolio."""
        portfolio = self.own_portfolio(request["PortfolioId"])
        product_id = request["ProductId"]
        if product_id not in portfolio.product_ids:
            raise ResourceNotFoundError(
                f"Product {product_id} is not associated with portfolio {portfolio.id}"
            )
        if self.constraints_on(portfolio.id, product_id):
            raise ResourceInUseError(
                f"Product {product_id} still has constraints in portfolio {portfolio.id}"
            )
        portfolio.product_ids.remove(product_id)
        return {}

    def list_portfolios_for_product(self, request: Request) -> Answer:
        """Own portfolios, and imported ones, that hold the product."""
        product = self.product(request["ProductId"])
        holders = [each for each in self.usable_portfolios() if product.id in each.product_ids]
        return page(request, "PortfolioDetails", [portfolio.detail() for portfolio in holders])
