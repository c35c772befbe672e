"""Products, as their administrator handles them."""

from scripts.sandbox.backends.servicecatalog.artifacts import new_artifact
from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import (
    InvalidParametersError,
    ResourceInUseError,
    ResourceNotFoundError,
)
from scripts.sandbox.backends.servicecatalog.ids import new_id
from scripts.sandbox.backends.servicecatalog.records import Product
from scripts.sandbox.backends.servicecatalog.store import Store
from scripts.sandbox.backends.servicecatalog.tags import new_tags, tag_list, updated_tags

# Member of a request -> member of the product's view.
TEXTS = {
    "Description": "ShortDescription",
    "Distributor": "Distributor",
    "SupportDescription": "SupportDescription",
    "SupportEmail": "SupportEmail",
    "SupportUrl": "SupportUrl",
}


class Products(Store):
    """Create, describe, update and delete products."""

    def create_product(self, request: Request) -> Answer:
        """The product with its first version; or, given a source connection, without any."""
        kind = request["ProductType"]
        first, source = (
            request.get("ProvisioningArtifactParameters"),
            request.get("SourceConnection"),
        )
        if kind == "MARKETPLACE":
            raise InvalidParametersError("A MARKETPLACE product cannot be created")
        if bool(first) == bool(source):
            raise InvalidParametersError(
                "Specify either ProvisioningArtifactParameters or SourceConnection"
            )
        product_id = new_id("prod")
        product = Product(
            id=product_id,
            arn=self.arn("product", product_id),
            name=request["Name"],
            owner=request["Owner"],
            type=kind,
            texts=_texts(request),
            tags=new_tags(request),
            source_connection=source,
        )
        artifact = new_artifact(self, product, first) if first else None
        self.products[product_id] = product
        return {
            "ProductViewDetail": product.detail(),
            "ProvisioningArtifactDetail": artifact.detail() if artifact else None,
            "Tags": tag_list(product.tags),
        }

    def describe_product_as_admin(self, request: Request) -> Answer:
        """An own product or one of an imported portfolio, by id or by name."""
        product = self.product_by(request.get("Id"), request.get("Name"))
        source = request.get("SourcePortfolioId")
        if source and product.id not in self.portfolio(source).product_ids:
            raise ResourceNotFoundError(f"Product {product.id} is not in portfolio {source}")
        options = [
            self.tag_options[key] for key in product.tag_option_ids if key in self.tag_options
        ]
        return {
            "ProductViewDetail": product.detail(),
            "ProvisioningArtifactSummaries": [
                artifact.summary() for artifact in product.artifacts.values()
            ],
            "Tags": tag_list(product.tags) if product.id in self.products else [],
            "TagOptions": [option.detail() for option in options],
            "Budgets": [],
        }

    def update_product(self, request: Request) -> Answer:
        """Only what the request names changes."""
        product = self.own_product(request["Id"])
        product.tags = updated_tags(product.tags, request)
        product.name = request.get("Name", product.name)
        product.owner = request.get("Owner", product.owner)
        product.texts |= _texts(request)
        product.source_connection = request.get("SourceConnection", product.source_connection)
        return {"ProductViewDetail": product.detail(), "Tags": tag_list(product.tags)}

    def delete_product(self, request: Request) -> Answer:
        """Only a product that is in no portfolio."""
        product = self.own_product(request["Id"])
        for portfolio in self.portfolios.values():
            if product.id in portfolio.product_ids:
                raise ResourceInUseError(
                    f"Product {product.id} is still associated with portfolio {portfolio.id}"
                )
        del self.products[product.id]
        return {}


def _texts(request: Request) -> dict[str, str]:
    return {
        view: request[member] for member, view in TEXTS.items() if request.get(member) is not None
    }
