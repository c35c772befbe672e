"""The backend, put together from the modules of its nouns."""

from collections.abc import Iterator
from typing import ClassVar

from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource

from scripts.sandbox.backends.servicecatalog.artifacts import Artifacts
from scripts.sandbox.backends.servicecatalog.constraints import Constraints
from scripts.sandbox.backends.servicecatalog.portfolios import Portfolios
from scripts.sandbox.backends.servicecatalog.principals import Principals
from scripts.sandbox.backends.servicecatalog.products import Products
from scripts.sandbox.backends.servicecatalog.provisioning_views import ProvisioningViews
from scripts.sandbox.backends.servicecatalog.sagemaker_portfolio import SagemakerPortfolio
from scripts.sandbox.backends.servicecatalog.search import AdminSearch
from scripts.sandbox.backends.servicecatalog.shares import Shares
from scripts.sandbox.backends.servicecatalog.tagoptions import TagOptions


class ServiceCatalogBackend(
    Portfolios,
    Products,
    Artifacts,
    Constraints,
    Principals,
    TagOptions,
    Shares,
    SagemakerPortfolio,
    AdminSearch,
    ProvisioningViews,
    TaggableResourcesMixin,
):
    """Service Catalog of one account in one Region."""

    SERVICE_NAMESPACE: ClassVar[str] = "catalog"

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        """Portfolios and products, for the Resource Groups Tagging API."""
        for portfolio in self.portfolios.values():
            yield TaggedResource(portfolio.arn, portfolio.tags, "servicecatalog:portfolio")
        for product in self.products.values():
            yield TaggedResource(product.arn, product.tags, "servicecatalog:product")
