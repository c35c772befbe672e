"""Physical names, ARNs and tags, within AWS's length limits.

Every resource that belongs to a project carries the project's name as suffix, so that
several projects stand side by side in one account. Names are chosen here and nowhere
else; where an ARN is needed in a policy it is written from the name, so that a reviewer
reads the whole policy in the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

ACCOUNT_ID_LENGTH = 12
BUCKET_NAME_LIMIT = 63
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""

SERVICE_ROLE_PATH = "/service-role/"


@dataclass(frozen=True)
class AwsEnvironment:
    """Where a stack is deployed: values of data sources, known when Terraform plans."""

    partition: str
    account_id: str
    region: str
    dns_suffix: str

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a regional resource of this account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource without Region in its ARN, such as IAM's."""
        return f"arn:{self.partition}:{service}::{self.account_id}:{resource}"

    def role_arn(self, name: str, path: str = "/") -> str:
        return self.global_arn("iam", f"role{path}{name}")

    def bucket_arn(self, name: str) -> str:
        return f"arn:{self.partition}:s3:::{name}"

    def aws_policy_arn(self, name: str) -> str:
        """Return the ARN of a managed policy of AWS; ``name`` includes its path."""
        return f"arn:{self.partition}:iam::aws:policy/{name}"

    @property
    def account_root(self) -> str:
        return self.global_arn("iam", "root")


@dataclass(frozen=True)
class BaseNames:
    """The names of the documented system; a project's names are these plus its suffix."""

    key_alias: str = "SageMaker-CMK-DS"
    execution_role: str = "SageMakerExecutionRole"
    execution_policy: str = "SageMakerExecutionPolicy"
    launch_role: str = "SCLaunchRole"
    builder_function: str = "SageMakerBuild"
    builder_role: str = "SageMakerBuildRole"
    lifecycle_config: str = "Provisioned-LC"
    lifecycle_config_s3: str = "Provisioned-LC-S3"
    portfolio: str = "SageMakerPortfolio"
    product: str = "SageMakerProduct"


@dataclass(frozen=True)
class ProjectNames(BaseNames):
    """A project's physical names, suffix included. The alias is without ``alias/``."""

    project: str = ""

    @property
    def builder_log_group(self) -> str:
        """Where Lambda writes the function's log, by Lambda's own choice."""
        return f"/aws/lambda/{self.builder_function}"

    def end_user_role(self, base: str) -> str:
        return f"{base}-{self.project}"


LENGTH_LIMITS = {
    "key_alias": 250,
    "execution_role": 64,
    "execution_policy": 128,
    "launch_role": 64,
    "builder_function": 64,
    "builder_role": 64,
    "lifecycle_config": 63,
    "lifecycle_config_s3": 63,
    "portfolio": 100,
    "product": 100,
    "end_user_role": 64,
}
"""Longest physical name in characters, after the suffix.

From botocore's models: IAM roles 64 and policies 128, KMS aliases 256 with ``alias/``,
Lambda functions 64, lifecycle configurations 63, portfolios 100. Service Catalog allows
products 8191; a name past 100 cannot be read in the console.
"""


def project_names(base: BaseNames, project: str) -> ProjectNames:
    """Return the physical names of ``project``: each base name with the project's suffix."""
    suffixed = {field.name: f"{getattr(base, field.name)}-{project}" for field in fields(BaseNames)}
    return ProjectNames(**suffixed, project=project)


def bucket_name(project: str, purpose: str, account_id: str, region: str) -> str:
    """Return a bucket name that is unique across accounts and Regions."""
    return f"{project.lower()}-{purpose}-{account_id}-{region}"


SHARED_TAGS = {"ManagedBy": "Terraform"}
"""The tags of what belongs to no project alone (provider default tags)."""


def project_tags(project: str, project_id: str) -> dict[str, str]:
    """Return the tags that every resource of a project carries (provider default tags)."""
    return {"ProjectName": project, "ProjectID": project_id, **SHARED_TAGS}
