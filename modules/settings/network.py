"""The network that a notebook lives in: found, not made; its endpoints made or reused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from modules.settings import rules
from modules.settings.base import Model
from modules.settings.rules import DocumentedDefault, Rule, refused, text

DEFAULT_ENDPOINTS = (
    "s3",
    "sagemaker.api",
    "sagemaker.runtime",
    "sts",
    "logs",
    "monitoring",
    "kms",
    "ecr.api",
    "ecr.dkr",
)
"""What a notebook without direct internet access calls."""

OPTIONAL_ENDPOINTS = (
    "notebook",
    "servicecatalog",
    "athena",
    "bedrock-runtime",
    "cloudformation",
    "codeartifact.api",
    "codeartifact.repositories",
    "codecommit",
    "git-codecommit",
    "glue",
    "lambda",
    "redshift-data",
    "sagemaker.featurestore-runtime",
    "sagemaker.metrics",
    "secretsmanager",
    "ssm",
    "states",
)
"""https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"""

ENDPOINT_SERVICES = DEFAULT_ENDPOINTS + OPTIONAL_ENDPOINTS

Service = Annotated[
    str,
    Rule(f"one of {', '.join(ENDPOINT_SERVICES)}", lambda value: value in ENDPOINT_SERVICES),
]
EndpointId = Annotated[
    str,
    text('the id of a VPC endpoint, such as "vpce-0a1b2c3d4e5f67890"', r"vpce-[0-9a-f]{8,17}"),
]


class Selector(Model):
    """A resource of the network, by exactly one of its id and its Name tag."""

    id: Annotated[
        str | None,
        Rule(
            'an id, such as "vpc-0a1b2c3d4e5f67890"',
            lambda value: value is None or text("", r"[a-z]+-[0-9a-f]{8,17}").accepts(value),
        ),
    ] = None
    """The resource's id."""
    name: Annotated[
        str | None,
        Rule(
            "the value of a Name tag: 1 to 256 letters, digits, inner spaces and _ . : / = + @ - "
            "(no * or ?, which AWS would take for wildcards)",
            lambda value: (
                value is None or text("", r"(?! )(?u:[\w .:/=+@-]{1,256})(?<! )").accepts(value)
            ),
        ),
        Field(validate_default=True),
    ] = None
    """The value of the resource's Name tag, which no other of its kind may have there."""

    @field_validator("name")
    @classmethod
    def _one_of_both(cls, name: str | None, info: ValidationInfo) -> str | None:
        if "id" in info.data and (name is None) == (info.data["id"] is None):
            raise refused("given, or id instead" if name is None else "left out, as id is given")
        return name


def of_kind(prefix: str, kind: str) -> AfterValidator:
    """Return the check that an id, where one is given, is that of the right kind."""

    def check(selector: Selector) -> Selector:
        if selector.id is not None and not selector.id.startswith(f"{prefix}-"):
            raise refused(f"{kind}: its id begins with {prefix}-")
        return selector

    return AfterValidator(check)


Subnet = Annotated[Selector, of_kind("subnet", "a subnet")]


def _default_endpoints(data: dict[str, Any]) -> tuple[str, ...]:
    existing = data.get("existing_endpoints", {})
    return tuple(service for service in DEFAULT_ENDPOINTS if service not in existing)


def _default_endpoint_subnets(data: dict[str, Any]) -> tuple[Selector, ...]:
    return (data["subnet"],) if "subnet" in data else ()


class NetworkSettings(Model):
    """One VPC, and the private ways out of it."""

    name: rules.SimpleName
    """The network's name in these settings. Unique."""
    vpc: Annotated[Selector, of_kind("vpc", "a VPC")]
    """The VPC. Unique."""
    subnet: Subnet = Selector(name="ProSM-ResourceSubnet")
    """The notebooks' subnet."""
    security_group: Annotated[Selector, of_kind("sg", "a security group")] = Selector(
        name="ProSM-ResourceSG"
    )
    """The notebooks' security group."""
    existing_endpoints: Annotated[
        Mapping[Service, EndpointId], Field(validate_default=True), *rules.FROZEN
    ] = {}
    """Endpoints to reuse: the service's short name, in quotes, and the endpoint's id."""
    endpoints: Annotated[
        tuple[Service, ...],
        DocumentedDefault(f"{', '.join(DEFAULT_ENDPOINTS)}; less those in `existing_endpoints`"),
    ] = Field(default_factory=_default_endpoints)
    """Endpoints to make, by the service's short name; with the reused ones they cover s3."""
    route_tables: Annotated[
        tuple[Annotated[Selector, of_kind("rtb", "a route table")], ...],
        Field(validate_default=True),
        DocumentedDefault("required, unless an s3 endpoint is reused"),
    ] = ()
    """The route tables that lead to the S3 endpoint: those of the notebooks' subnet."""
    endpoint_subnets: Annotated[
        tuple[Subnet, ...], Field(min_length=1), DocumentedDefault("the notebooks' subnet")
    ] = Field(default_factory=_default_endpoint_subnets)
    """The subnets that interface endpoints get an address in; at most one for each zone."""
    extra_buckets: tuple[rules.BucketName, ...] = ()
    """Buckets that the S3 endpoint lets through, besides the projects' own and AWS's."""

    @field_validator("endpoints")
    @classmethod
    def _cover_s3(cls, endpoints: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if "s3" not in {*endpoints, *info.data.get("existing_endpoints", {"s3": ""})}:
            raise refused("a list with s3, unless existing_endpoints names it")
        return endpoints

    @field_validator("route_tables")
    @classmethod
    def _lead_to_s3(
        cls, tables: tuple[Selector, ...], info: ValidationInfo
    ) -> tuple[Selector, ...]:
        if not tables and "s3" not in info.data.get("existing_endpoints", {"s3": ""}):
            raise refused("a list of at least one, unless existing_endpoints names s3")
        return tables
