"""The operations as requests and answers."""

from collections.abc import Iterable
from typing import Any, cast

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import get_service_model
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import sagemaker_backends
from moto.sagemaker.responses import SageMakerResponse as MotoResponse

from scripts.sandbox.backends import validation
from scripts.sandbox.backends.paging import page

from .models import SageMakerBackend

PAGE = 10


class SageMakerResponse(MotoResponse):
    """moto's, with every call's parameters checked against the service's model first."""

    @property
    def sagemaker_backend(self) -> SageMakerBackend:
        return cast(SageMakerBackend, sagemaker_backends[self.current_account][self.region])

    def call_action(self) -> TYPE_RESPONSE:
        model = get_service_model("sagemaker").operation_model(self._get_action())
        found = list(validation.faults(model.input_shape, self._get_params()))
        if found:
            return self.serialized(ActionResult(ValidationError(validation.message(found))))
        return super().call_action()

    # The portfolio that SageMaker shares

    def enable_sagemaker_servicecatalog_portfolio(self) -> ActionResult:
        self.sagemaker_backend.enable_portfolio()
        return EmptyResult()

    def disable_sagemaker_servicecatalog_portfolio(self) -> ActionResult:
        self.sagemaker_backend.disable_portfolio()
        return EmptyResult()

    def get_sagemaker_servicecatalog_portfolio_status(self) -> ActionResult:
        enabled = self.sagemaker_backend.portfolio_enabled
        return ActionResult({"Status": "Enabled" if enabled else "Disabled"})

    # Domains

    def create_domain(self) -> ActionResult:
        domain = self.sagemaker_backend.add_domain(self._get_params())
        return ActionResult({"DomainArn": domain.arn, "DomainId": domain.id, "Url": domain.url})

    def describe_domain(self) -> ActionResult:
        return ActionResult(self.sagemaker_backend.domain(self._get_param("DomainId")).describe())

    def list_domains(self) -> ActionResult:
        domains = self.sagemaker_backend.domains.values()
        return self._page("Domains", [domain.summary() for domain in domains])

    def update_domain(self) -> ActionResult:
        domain = self.sagemaker_backend.domain(self._get_param("DomainId"))
        domain.reconfigure(self._get_params())
        return ActionResult({"DomainArn": domain.arn})

    # User profiles

    def create_user_profile(self) -> ActionResult:
        profile = self.sagemaker_backend.add_user_profile(self._get_params())
        return ActionResult({"UserProfileArn": profile.arn})

    def describe_user_profile(self) -> ActionResult:
        return ActionResult(self.sagemaker_backend.user_profile(self._get_params()).describe())

    def update_user_profile(self) -> ActionResult:
        profile = self.sagemaker_backend.user_profile(self._get_params())
        profile.update(self._get_params())
        return ActionResult({"UserProfileArn": profile.arn})

    def delete_user_profile(self) -> ActionResult:
        self.sagemaker_backend.remove_user_profile(self._get_params())
        return EmptyResult()

    def list_user_profiles(self) -> ActionResult:
        profiles = [profile.describe() for profile in self.sagemaker_backend.user_profiles.values()]
        return self._members("UserProfiles", "UserProfileName", profiles)

    # Spaces

    def create_space(self) -> ActionResult:
        return ActionResult({"SpaceArn": self.sagemaker_backend.add_space(self._get_params()).arn})

    def describe_space(self) -> ActionResult:
        return ActionResult(self.sagemaker_backend.space(self._get_params()).describe())

    def update_space(self) -> ActionResult:
        space = self.sagemaker_backend.space(self._get_params())
        space.update(self._get_params())
        return ActionResult({"SpaceArn": space.arn})

    def delete_space(self) -> ActionResult:
        self.sagemaker_backend.remove_space(self._get_params())
        return EmptyResult()

    def list_spaces(self) -> ActionResult:
        spaces = [space.summary() for space in self.sagemaker_backend.spaces.values()]
        return self._members("Spaces", "SpaceName", spaces)

    # Notebook instances

    def create_notebook_instance(self) -> ActionResult:
        notebook = self.sagemaker_backend.add_notebook_instance(self._get_params())
        return ActionResult({"NotebookInstanceArn": notebook.arn})

    def update_notebook_instance(self) -> ActionResult:
        self.sagemaker_backend.update_notebook_instance(self._get_params())
        return EmptyResult()

    def list_notebook_instances(self) -> ActionResult:
        notebooks = [n.to_dict() for n in self.sagemaker_backend.notebook_instances.values()]
        name = "NotebookInstanceName"
        wanted = self._get_param("StatusEquals")
        config = self._get_param("NotebookInstanceLifecycleConfigNameContains") or ""
        kept = [
            n
            for n in self._named(notebooks, name)
            if wanted in (None, n["NotebookInstanceStatus"])
            and config in (n["NotebookInstanceLifecycleConfigName"] or "")
        ]
        return self._page("NotebookInstances", self._sorted(kept, name, name))

    def create_presigned_notebook_instance_url(self) -> ActionResult:
        url = self.sagemaker_backend.presigned_url(self._get_param("NotebookInstanceName"))
        return ActionResult({"AuthorizedUrl": url})

    # Their lifecycle configurations

    def create_notebook_instance_lifecycle_config(self) -> ActionResult:
        config = self.sagemaker_backend.add_lifecycle_config(self._get_params())
        return ActionResult({"NotebookInstanceLifecycleConfigArn": config.arn})

    def update_notebook_instance_lifecycle_config(self) -> ActionResult:
        self.sagemaker_backend.update_lifecycle_config(self._get_params())
        return EmptyResult()

    def list_notebook_instance_lifecycle_configs(self) -> ActionResult:
        configs = self.sagemaker_backend.notebook_instance_lifecycle_configurations.values()
        name = "NotebookInstanceLifecycleConfigName"
        kept = self._named([config.response_object for config in configs], name)
        return self._page("NotebookInstanceLifecycleConfigs", self._sorted(kept, name, name))

    # Lists

    def _members(self, result: str, name: str, members: list[dict[str, Any]]) -> ActionResult:
        """A page of what is in Domains, oldest first unless asked otherwise."""
        domain = self._get_param("DomainIdEquals")
        kept = [m for m in members if domain in (None, m["DomainId"])]
        kept = self._named(kept, name, f"{name}Contains")
        return self._page(result, self._sorted(kept, name, "CreationTime"))

    def _named(
        self, items: Iterable[dict[str, Any]], name: str, parameter: str = "NameContains"
    ) -> list[dict[str, Any]]:
        part = (self._get_param(parameter) or "").lower()
        return [item for item in items if part in item[name].lower()]

    def _sorted(self, items: list[dict[str, Any]], name: str, default: str) -> list[dict[str, Any]]:
        asked = self._get_param("SortBy") or default
        key = {"Name": name, "Status": "NotebookInstanceStatus"}.get(asked, asked)
        backwards = self._get_param("SortOrder") == "Descending"
        return sorted(items, key=lambda item: item[key], reverse=backwards)

    def _page(self, result: str, items: list[dict[str, Any]]) -> ActionResult:
        kept, token = page(
            items,
            size=self._get_param("MaxResults") or PAGE,
            token=self._get_param("NextToken"),
            invalid=ValidationError,
        )
        return ActionResult({result: kept, "NextToken": token})
