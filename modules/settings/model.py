"""The settings as types: every setting, what it means, its default, what it may be.

The docstring under a setting is its meaning in ``docs/settings.md``. All models are frozen
and strict. Relations between settings of different models are in ``relations``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from modules.log_retention import LOG_RETENTION_DAYS
from modules.naming import BaseNames
from modules.service_roles import BY_SHORT_NAME
from modules.settings import rules
from modules.settings.base import Model
from modules.settings.network import NetworkSettings
from modules.settings.notebook import NotebookSettings
from modules.settings.rules import DocumentedDefault, base_name, line, refused, text

SERVICE_ROLES = tuple(BY_SHORT_NAME)

TAG_LIMIT = 17
"""Service Catalog takes 20 tags on a portfolio or product (AddTags); three are ours."""

ServiceRole = Annotated[
    str, rules.Rule(f"one of {', '.join(SERVICE_ROLES)}", lambda value: value in SERVICE_ROLES)
]
RetentionDays = Annotated[
    int,
    rules.Rule(
        f"one of {', '.join(map(str, LOG_RETENTION_DAYS))}",
        lambda value: type(value) is int and value in LOG_RETENTION_DAYS,
    ),
]


class StateSettings(Model):
    """Where Terraform keeps its state."""

    backend: Literal["local", "s3"] = "local"
    """Files beside the project, or objects in a bucket (always encrypted and locked)."""
    directory: Annotated[
        str,
        text(
            "a path below the project's directory, without ..",
            r"(?!/)(?!(?:.*/)?\.\.(?:/|$))[\w./-]*[\w.-]",
            longest=255,
        ),
    ] = "state"
    """Backend local only: the directory of the state files, seen from the project's."""
    bucket: Annotated[rules.BucketName, DocumentedDefault('required with backend "s3"')] = ""
    """Backend s3 only: the bucket of the state objects."""
    key_prefix: Annotated[
        str,
        text(
            "letters, digits and _ . -, in parts divided by single slashes",
            r"[\w.-]+(?:/[\w.-]+)*",
            longest=512,
        ),
    ] = "sagemaker"
    """Backend s3 only: what the keys of the state objects begin with."""
    region: Annotated[rules.RegionName | None, DocumentedDefault("the settings' `region`")] = None
    """Backend s3 only: the bucket's Region."""
    kms_key_arn: Annotated[rules.KeyArn | None, DocumentedDefault("the bucket's own")] = None
    """Backend s3 only: the KMS key that encrypts the state objects."""


class EndUserRole(Model):
    """A role made for a project's data scientists."""

    name: rules.RoleBaseName = "SCEndUserRole"
    """The role's name, before the project's suffix."""
    assumed_by: Annotated[tuple[rules.PrincipalArn, ...], Field(min_length=1)]
    """Who may assume the role."""


class VersionSettings(Model):
    """A version of a project's product, as the catalog offers it."""

    name: Annotated[
        str,
        text(
            "1 to 64 letters, digits and _ . -, a letter or digit first",
            r"[A-Za-z0-9][\w.-]{0,63}",
        ),
    ]
    """The version's name."""
    description: Annotated[str, line(0, 2000)] = ""
    """What is new in it, for the end user."""
    guidance: Literal["DEFAULT", "DEPRECATED"] = "DEFAULT"
    """DEPRECATED: what runs goes on running, nobody can launch it anew."""
    active: bool = True
    """Whether end users see the version at all."""


class ProjectSettings(Model):
    """A project: one key, bucket, execution role, product and portfolio of its own."""

    name: rules.ProjectName
    """The project's name (tag ProjectName), the suffix of all its names. Unique."""
    id: rules.Label = "QuickStart007"
    """The project's id (tag ProjectID)."""
    environment: rules.Label = "dev"
    """The environment's name, shown to the end user."""
    network: Annotated[rules.SimpleName | None, DocumentedDefault("the only network")] = None
    """The network that the notebooks live in, by its name."""
    build: Literal["lambda", "cloudformation"] = "lambda"
    """Who makes the notebook: the builder function, or CloudFormation itself. Before it is
    changed, the project's notebooks have to be ended: that takes the rights of the old way."""
    code_bucket: rules.BucketName | None = None
    """A bucket whose content may be copied into new notebooks."""
    notebook: NotebookSettings = NotebookSettings()
    """What an end user may launch."""
    end_user_roles: Annotated[tuple[EndUserRole, ...], Field(min_length=1)]
    """The roles of those who launch, see and end their own notebooks."""
    versions: Annotated[tuple[VersionSettings, ...], Field(min_length=1)] = (
        VersionSettings(name="1"),
    )
    """The product's versions, first to last; add one whenever the template changes."""
    empty_buckets_on_destroy: bool = False
    """Whether a destroy deletes the objects in the project's buckets; otherwise it refuses."""


NAMES = BaseNames()
ROLE_CHARACTERS = ("letters, digits and _ + = , . @ -", r"[\w+=,.@-]+")
CONFIG_CHARACTERS = ("letters, digits and inner hyphens", r"[A-Za-z0-9](?:-*[A-Za-z0-9])*")
CATALOG_CHARACTERS = ("letters, digits, inner spaces and _ . -", r"[\w.-](?:[\w .-]*[\w.-])?")


class NamesSettings(Model):
    """The physical names; each gets ``-<project>`` as suffix."""

    key_alias: Annotated[
        str,
        base_name("key_alias", "letters, digits and / _ -, without aws/", r"(?!aws/)[\w/-]+"),
    ] = NAMES.key_alias
    """The KMS key's alias, without `alias/`."""
    execution_role: Annotated[str, base_name("execution_role", *ROLE_CHARACTERS)] = (
        NAMES.execution_role
    )
    """The role that the notebooks run as."""
    execution_policy: Annotated[str, base_name("execution_policy", *ROLE_CHARACTERS)] = (
        NAMES.execution_policy
    )
    """The execution role's policy."""
    launch_role: Annotated[str, base_name("launch_role", *ROLE_CHARACTERS)] = NAMES.launch_role
    """The role that Service Catalog launches with."""
    builder_function: Annotated[
        str, base_name("builder_function", "letters, digits and _ -", r"[\w-]+")
    ] = NAMES.builder_function
    """The builder function."""
    builder_role: Annotated[str, base_name("builder_role", *ROLE_CHARACTERS)] = NAMES.builder_role
    """The role that the builder function runs as."""
    lifecycle_config: Annotated[str, base_name("lifecycle_config", *CONFIG_CHARACTERS)] = (
        NAMES.lifecycle_config
    )
    """The notebooks' lifecycle configuration."""
    lifecycle_config_s3: Annotated[str, base_name("lifecycle_config_s3", *CONFIG_CHARACTERS)] = (
        NAMES.lifecycle_config_s3
    )
    """The lifecycle configuration that copies the code bucket, too."""
    portfolio: Annotated[str, base_name("portfolio", *CATALOG_CHARACTERS)] = NAMES.portfolio
    """The Service Catalog portfolio."""
    product: Annotated[str, base_name("product", *CATALOG_CHARACTERS)] = NAMES.product
    """The Service Catalog product."""

    def base_names(self) -> BaseNames:
        return BaseNames(**self.model_dump())


class CatalogSettings(Model):
    """What the catalog says of every portfolio and product."""

    owner: Annotated[str, line(1, 50)] = "CQ"
    """The product's owner and the portfolio's provider."""
    description: Annotated[str, line(1, 2000)] = (
        "An encrypted SageMaker notebook in a private network"
    )
    """What the product is."""
    distributor: Annotated[str, line(1, 200)] | None = None
    """The product's vendor."""
    support_email: (
        Annotated[
            str,
            text("an e-mail address", r"[^@\s]+@[^@\s]+\.[^@\s]+", longest=254),
        ]
        | None
    ) = None
    """Where end users ask for help."""
    support_url: (
        Annotated[str, text("an http or https address", r"https?://[^\s]+", longest=2083)] | None
    ) = None
    """Where end users read for help."""


def _roles_to_create(data: dict[str, Any]) -> tuple[str, ...]:
    return tuple(role for role in SERVICE_ROLES if role not in data.get("adopt", ()))


class JumpStartSettings(Model):
    """The service roles of SageMaker's own portfolio."""

    adopt: tuple[ServiceRole, ...] = ()
    """Roles that exist in the account already: imported, kept as they are."""
    create: Annotated[
        tuple[ServiceRole, ...], DocumentedDefault("all eleven; less those in `adopt`")
    ] = Field(default_factory=_roles_to_create)
    """Roles to make; a role that neither `create` nor `adopt` names is left alone."""
    retention: Literal["protect", "release", "delete"] = "protect"
    """At destroy: refuse to delete the roles, forget them and leave them, or delete them."""

    @field_validator("create")
    @classmethod
    def _name_a_role(cls, create: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not create and not info.data.get("adopt", ("unknown",)):
            raise refused("a role at least, here or in adopt; leave out jumpstart for none")
        return create


class AuditSettings(Model):
    """The trail and the alarms; leave the whole setting out for none."""

    log_retention_days: RetentionDays = 365
    """How long CloudWatch keeps the trail's events, in days."""
    alarm_topic_arn: rules.TopicArn | None = None
    """The SNS topic that the alarms go to, in the same Region."""
    s3_data_events: bool = True
    """Whether reads and writes of the projects' objects are recorded (AWS charges for each)."""


class Settings(Model):
    """Everything that a deployment is made of."""

    region: rules.RegionName
    """The AWS Region that everything is deployed to."""
    deployers: Annotated[tuple[rules.PrincipalPattern, ...], Field(min_length=1)]
    """Who runs Terraform: exempt from the bucket policies' network condition."""
    state: StateSettings = StateSettings()
    """Where Terraform keeps its state."""
    networks: tuple[NetworkSettings, ...] = ()
    """The VPCs that notebooks live in."""
    projects: tuple[ProjectSettings, ...] = ()
    """The projects, side by side in one account."""
    names: NamesSettings = NamesSettings()
    """The physical names, before the project's suffix."""
    catalog: CatalogSettings = CatalogSettings()
    """What the catalog says of every portfolio and product."""
    jumpstart: JumpStartSettings | None = None
    """The service roles of SageMaker's own portfolio; leave out for none."""
    audit: AuditSettings | None = None
    """The trail and the alarms; leave out for none."""
    permissions_boundary: rules.PolicyArn | None = None
    """A policy that every role is made with as its permissions boundary."""
    tags: Annotated[
        Mapping[rules.TagKey, rules.TagValue],
        Field(max_length=TAG_LIMIT, validate_default=True),
        *rules.FROZEN,
    ] = {}
    """Tags of everything, besides ProjectName, ProjectID and ManagedBy."""

    def network_of(self, project: ProjectSettings) -> NetworkSettings:
        """Return the network of a project of these settings."""
        if project.network is None:
            return self.networks[0]
        return next(network for network in self.networks if network.name == project.network)
