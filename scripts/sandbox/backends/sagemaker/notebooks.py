"""Notebook instances and their lifecycle configurations."""

from typing import Any

from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import (
    FakeSagemakerNotebookInstance,
    FakeSageMakerNotebookInstanceLifecycleConfig,
    SageMakerModelBackend,
)

from scripts.sandbox.service_sessions import NotTrustedError, require_trust

from .life import PACE, Life

Params = dict[str, Any]
SAGEMAKER = "sagemaker.amazonaws.com"
_AT_REST = ("Stopped", "Failed")
# What UpdateNotebookInstance takes over as it stands: parameter -> attribute.
_UPDATABLE = {
    "InstanceType": "instance_type",
    "RoleArn": "role_arn",
    "VolumeSizeInGB": "volume_size_in_gb",
    "RootAccess": "root_access",
    "LifecycleConfigName": "lifecycle_config_name",
    "DefaultCodeRepository": "default_code_repository",
    "AdditionalCodeRepositories": "additional_code_repositories",
    "AcceleratorTypes": "accelerator_types",
    "PlatformIdentifier": "platform_identifier",
    "InstanceMetadataServiceConfiguration": "metadata_service",
    "IpAddressType": "ip_address_type",
}
_DETACHABLE = {
    "DisassociateLifecycleConfig": "lifecycle_config_name",
    "DisassociateDefaultCodeRepository": "default_code_repository",
    "DisassociateAdditionalCodeRepositories": "additional_code_repositories",
    "DisassociateAcceleratorTypes": "accelerator_types",
}


class NotebookInstance(FakeSagemakerNotebookInstance):
    """A notebook instance with the parts of its description that moto leaves out."""

    def __init__(self, params: Params, account_id: str, region_name: str) -> None:
        self.life = Life()
        super().__init__(
            account_id=account_id,
            region_name=region_name,
            notebook_instance_name=params["NotebookInstanceName"],
            instance_type=params["InstanceType"],
            role_arn=params["RoleArn"],
            subnet_id=params.get("SubnetId"),
            security_group_ids=params.get("SecurityGroupIds"),
            kms_key_id=params.get("KmsKeyId"),
            tags=params.get("Tags"),
            lifecycle_config_name=params.get("LifecycleConfigName"),
            direct_internet_access=params.get("DirectInternetAccess", "Enabled"),
            volume_size_in_gb=params.get("VolumeSizeInGB", 5),
            accelerator_types=params.get("AcceleratorTypes"),
            default_code_repository=params.get("DefaultCodeRepository"),
            additional_code_repositories=params.get("AdditionalCodeRepositories"),
            root_access=params.get("RootAccess", "Enabled"),
        )
        self.platform_identifier = params.get("PlatformIdentifier", "notebook-al2-v2")
        self.metadata_service = params.get(
            "InstanceMetadataServiceConfiguration", {"MinimumInstanceMetadataServiceVersion": "1"}
        )
        self.ip_address_type = params.get("IpAddressType", "ipv4")
        self.network_interface_id = f"eni-{mock_random.get_random_hex(17)}"

    @property
    def status(self) -> str:
        return self.life.status()

    @status.setter
    def status(self, value: str) -> None:
        """moto's constructor sets the first state, which a life begins with anyhow."""

    def start(self) -> None:
        failure = PACE.failure(self.notebook_instance_name)
        self.life.pass_through("Pending", "InService", failure)

    def stop(self) -> None:
        self.life.pass_through("Stopping", "Stopped")

    def delete(self) -> None:
        self.life.pass_through("Deleting", None)

    @property
    def is_gone(self) -> bool:
        self.life.status()
        return self.life.gone

    def is_created(self) -> bool:
        return True

    def validate_instance_type(self, instance_type: str) -> None:
        """The service's model has the types; moto's own list is years old."""

    def update(self, params: Params) -> None:
        for parameter, attribute in _UPDATABLE.items():
            if params.get(parameter) is not None:
                setattr(self, attribute, params[parameter])
        for parameter, attribute in _DETACHABLE.items():
            if params.get(parameter):
                setattr(self, attribute, None)
        self.life.pass_through("Updating", "Stopped")

    def to_dict(self) -> Params:
        return super().to_dict() | {
            "FailureReason": self.life.failure_reason,
            "LastModifiedTime": self.life.changed,
            "PlatformIdentifier": self.platform_identifier,
            "InstanceMetadataServiceConfiguration": self.metadata_service,
            "IpAddressType": self.ip_address_type,
            "NetworkInterfaceId": self.network_interface_id if self.subnet_id else None,
        }


class NotebookOperations(SageMakerModelBackend):
    """The operations that moto lacks, or does without AWS's refusals."""

    @property
    def notebook_instances(self) -> dict[str, FakeSagemakerNotebookInstance]:
        """Those that are there by now: one whose deletion is through is dropped here."""
        for name, notebook in list(self._notebooks.items()):
            if isinstance(notebook, NotebookInstance) and notebook.is_gone:
                del self._notebooks[name]
        return self._notebooks

    @notebook_instances.setter
    def notebook_instances(self, value: dict[str, FakeSagemakerNotebookInstance]) -> None:
        self._notebooks = value

    def add_notebook_instance(self, params: Params) -> NotebookInstance:
        self._validate_unique_notebook_instance_name(params["NotebookInstanceName"])
        self._require_lifecycle_config(params.get("LifecycleConfigName"))
        if params.get("DirectInternetAccess") == "Disabled" and not params.get("SubnetId"):
            raise ValidationError("SubnetId is required when DirectInternetAccess is Disabled.")
        _require_role(params["RoleArn"])
        notebook = NotebookInstance(params, self.account_id, self.region_name)
        self.notebook_instances[notebook.notebook_instance_name] = notebook
        return notebook

    def update_notebook_instance(self, params: Params) -> None:
        notebook = self.get_notebook_instance(params["NotebookInstanceName"])
        _require_status(notebook, _AT_REST, "Updating")
        self._require_lifecycle_config(params.get("LifecycleConfigName"))
        if params.get("RoleArn"):
            _require_role(params["RoleArn"])
        size = notebook.volume_size_in_gb
        if params.get("VolumeSizeInGB", size) < size:
            raise ValidationError(
                f"VolumeSizeInGB of Notebook Instance ({notebook.arn}) cannot be decreased from"
                f" {size} to {params['VolumeSizeInGB']}"
            )
        if isinstance(notebook, NotebookInstance):
            notebook.update(params)

    def start_notebook_instance(self, notebook_instance_name: str) -> None:
        _require_status(self.get_notebook_instance(notebook_instance_name), _AT_REST, "Pending")
        super().start_notebook_instance(notebook_instance_name)

    def stop_notebook_instance(self, notebook_instance_name: str) -> None:
        notebook = self.get_notebook_instance(notebook_instance_name)
        _require_status(notebook, ("InService",), "Stopping")
        super().stop_notebook_instance(notebook_instance_name)

    def delete_notebook_instance(self, notebook_instance_name: str) -> None:
        notebook = self.get_notebook_instance(notebook_instance_name)
        _require_status(notebook, _AT_REST, "Deleting")
        if isinstance(notebook, NotebookInstance):
            notebook.delete()

    def presigned_url(self, name: str) -> str:
        notebook = self.get_notebook_instance(name)
        if notebook.status != "InService":
            raise ValidationError(
                f"Notebook Instance ({notebook.arn}) is in status {notebook.status}, not InService."
            )
        return f"https://{notebook.url}?authToken={mock_random.get_random_hex(32)}"

    def add_lifecycle_config(self, params: Params) -> FakeSageMakerNotebookInstanceLifecycleConfig:
        config = self.create_notebook_instance_lifecycle_config(
            params["NotebookInstanceLifecycleConfigName"],
            params.get("OnCreate") or [],
            params.get("OnStart") or [],
        )
        config.tags = params.get("Tags") or []  # type: ignore[attr-defined]  # read by moto's own tag operations
        return config

    def lifecycle_config(self, name: str) -> FakeSageMakerNotebookInstanceLifecycleConfig:
        self.describe_notebook_instance_lifecycle_config(name)
        return self.notebook_instance_lifecycle_configurations[name]

    def update_lifecycle_config(self, params: Params) -> None:
        config = self.lifecycle_config(params["NotebookInstanceLifecycleConfigName"])
        config.on_create = params.get("OnCreate") or []
        config.on_start = params.get("OnStart") or []
        config.last_modified_time = utcnow()

    def delete_notebook_instance_lifecycle_config(
        self, notebook_instance_lifecycle_config_name: str
    ) -> None:
        name = notebook_instance_lifecycle_config_name
        users = [n for n in self.notebook_instances.values() if n.lifecycle_config_name == name]
        if users:
            arn = self.lifecycle_config(name).arn
            raise ValidationError(
                f"Unable to delete Notebook Instance Lifecycle Config '{arn}'. (Details: Notebook"
                f" Instance Lifecycle Config is in use by Notebook Instance {users[0].arn}.)"
            )
        super().delete_notebook_instance_lifecycle_config(name)

    def _require_lifecycle_config(self, name: str | None) -> None:
        if name:
            self.lifecycle_config(name)


def _require_role(arn: str) -> None:
    try:
        require_trust(SAGEMAKER, arn)
    except NotTrustedError:
        raise ValidationError(
            f"Could not assume role {arn}. Please ensure that the role exists and allows principal"
            f" '{SAGEMAKER}' to assume the role."
        ) from None


def _require_status(
    notebook: FakeSagemakerNotebookInstance, allowed: tuple[str, ...], target: str
) -> None:
    if notebook.status not in allowed:
        raise ValidationError(
            f"Status ({notebook.status}) not in ([{', '.join(allowed)}]). Unable to transition to"
            f" ({target}) for Notebook Instance ({notebook.arn})"
        )
