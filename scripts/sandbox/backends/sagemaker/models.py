"""The backend of one account and Region."""

from typing import Any, cast

from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import SageMakerModelBackend
from moto.servicecatalog.models import servicecatalog_backends

from scripts.sandbox.backends.servicecatalog.models import ServiceCatalogBackend

from .domains import DomainOperations
from .notebooks import NotebookOperations

Tags = list[dict[str, str]]


class SageMakerBackend(DomainOperations, NotebookOperations, SageMakerModelBackend):
    """moto's backend, completed."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.portfolio_enabled = False

    def enable_portfolio(self) -> None:
        """Import the portfolio that SageMaker shares. Once imported, nothing more happens."""
        self.portfolio_enabled = True
        self._service_catalog().import_sagemaker_portfolio()

    def disable_portfolio(self) -> None:
        self.portfolio_enabled = False
        self._service_catalog().remove_sagemaker_portfolio()

    def _service_catalog(self) -> ServiceCatalogBackend:
        backend = servicecatalog_backends[self.account_id][self.region_name]
        return cast(ServiceCatalogBackend, backend)

    # moto knows no tags of these, and keeps both values of a key that is tagged twice.

    def _get_resource_from_arn(self, arn: str) -> Any:
        kind, _, name = arn.split(":", 5)[5].partition("/")
        own: dict[str, dict[Any, Any]] = {
            "notebook-instance-lifecycle-config": self.notebook_instance_lifecycle_configurations,
            "user-profile": self.user_profiles,
            "space": self.spaces,
        }
        if kind in own:
            key = tuple(name.split("/")) if "/" in name else name
            resource = own[kind].get(key)
        else:
            try:
                resource = super()._get_resource_from_arn(arn)
            except (AttributeError, ValueError):  # a kind that moto does not know
                resource = None
        if resource is None:
            raise ValidationError(f"Could not find resource with ARN {arn}.")
        return resource

    def add_tags(self, arn: str, tags: Tags) -> Tags:
        resource = self._get_resource_from_arn(arn)
        merged = {tag["Key"]: tag for tag in (*(resource.tags or []), *tags)}
        resource.tags = tags = list(merged.values())
        return tags
