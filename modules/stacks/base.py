"""What every stack has: the provider, the state backend and where it is deployed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdktf import LocalBackend, S3Backend, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.data_aws_partition import DataAwsPartition
from cdktf_cdktf_provider_aws.data_aws_region import DataAwsRegion
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags
from constructs import Construct

from modules.naming import SHARED_TAGS, AwsEnvironment
from modules.settings import Settings

PROVIDER_SOURCE = "hashicorp/aws"
PROVIDER_CONSTRAINT = ">= 5.100, < 7.0"

OLDEST_TERRAFORM = (1, 5)
"""The first with import blocks."""
TERRAFORM_WITH_REMOVED_BLOCKS = (1, 7)
TERRAFORM_WITH_S3_LOCKING = (1, 10)

PROJECT_DIRECTORY = "../../.."
"""The project, seen from ``cdktf.out/stacks/<stack>`` where Terraform runs.

Relative, so that the same settings give the same bytes in every checkout.
"""


class AwsStack(TerraformStack):
    """A stack with the AWS provider, its default tags, the backend and the environment."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        tags: Mapping[str, str] = SHARED_TAGS,
    ) -> None:
        super().__init__(scope, name)
        self.name = name
        self._oldest_terraform = OLDEST_TERRAFORM
        AwsProvider(
            self,
            "Aws",
            region=settings.region,
            default_tags=[AwsProviderDefaultTags(tags={**settings.tags, **tags})],
        )
        self.add_override(
            "terraform.required_providers.aws",
            {"source": PROVIDER_SOURCE, "version": PROVIDER_CONSTRAINT},
        )
        self.require_terraform(OLDEST_TERRAFORM)
        self._add_backend(settings)
        identity = DataAwsCallerIdentity(self, "CallerIdentity")
        self._partition = DataAwsPartition(self, "Partition")
        region = DataAwsRegion(self, "Region")
        self.env = AwsEnvironment(
            partition=self._partition.partition,
            account_id=identity.account_id,
            region=region.name,
            dns_suffix=self._partition.dns_suffix,
        )

    @property
    def dns_prefix(self) -> str:
        """The partition's DNS suffix in reverse, which names of endpoint services begin with."""
        return self._partition.reverse_dns_prefix

    def require_terraform(self, oldest: tuple[int, int]) -> None:
        """Refuse to run on a Terraform older than ``oldest`` (major, minor)."""
        self._oldest_terraform = max(self._oldest_terraform, oldest)
        major, minor = self._oldest_terraform
        self.add_override("terraform.required_version", f">= {major}.{minor}")

    def add_outputs(self, outputs: Mapping[str, Any]) -> None:
        """Declare the outputs, the only contract with the scripts.

        ``None`` is left out: Terraform keeps no output without a value.
        """
        for name, value in outputs.items():
            if value is None:
                continue
            TerraformOutput(self, name, value=value, static_id=True)

    def _add_backend(self, settings: Settings) -> None:
        state = settings.state
        if state.backend == "local":
            LocalBackend(self, path=f"{PROJECT_DIRECTORY}/{state.directory}/{self.name}.tfstate")
            return
        S3Backend(
            self,
            bucket=state.bucket,
            key=f"{state.key_prefix}/{self.name}.tfstate",
            region=state.region or settings.region,
            encrypt=True,
            kms_key_id=state.kms_key_arn,
        )
        # Native locking; the bindings of cdktf 0.21 do not know the argument.
        self.add_override("terraform.backend.s3.use_lockfile", True)
        self.require_terraform(TERRAFORM_WITH_S3_LOCKING)
