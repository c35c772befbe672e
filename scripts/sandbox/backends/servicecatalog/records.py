"""What the backend keeps, and how each thing shows in an answer."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from scripts.sandbox.backends.servicecatalog.dispatch import Answer
from scripts.sandbox.backends.servicecatalog.templates import Template


def now() -> datetime:
    """Present time, in UTC."""
    return datetime.now(UTC)


@dataclass
class Portfolio:
    """A portfolio, in the account that owns it. `product_ids` keeps the order of association."""

    id: str
    arn: str
    display_name: str
    provider_name: str
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    created: datetime = field(default_factory=now)
    product_ids: list[str] = field(default_factory=list)
    tag_option_ids: list[str] = field(default_factory=list)

    def detail(self) -> Answer:
        """`PortfolioDetail`."""
        return {
            "Id": self.id,
            "ARN": self.arn,
            "DisplayName": self.display_name,
            "Description": self.description,
            "CreatedTime": self.created,
            "ProviderName": self.provider_name,
        }


@dataclass
class Artifact:
    """A version of a product. The template is the copy made when the version was created."""

    id: str
    name: str | None
    description: str | None
    type: str
    info: dict[str, str]
    template: Template | None
    active: bool = True
    guidance: str = "DEFAULT"
    created: datetime = field(default_factory=now)

    def detail(self) -> Answer:
        """`ProvisioningArtifactDetail`."""
        return {**self.view(), "Type": self.type, "Active": self.active}

    def view(self) -> Answer:
        """`ProvisioningArtifact`, what end users see."""
        return {**self.summary(), "Guidance": self.guidance}

    def summary(self) -> Answer:
        """`ProvisioningArtifactSummary`."""
        return {
            "Id": self.id,
            "Name": self.name,
            "Description": self.description,
            "CreatedTime": self.created,
        }


@dataclass
class Product:
    """A product, in the account that owns it. `texts` has the optional members of its view."""

    id: str
    arn: str
    name: str
    owner: str
    type: str
    texts: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    source_connection: dict[str, Any] | None = None
    created: datetime = field(default_factory=now)
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    tag_option_ids: list[str] = field(default_factory=list)

    @property
    def view_id(self) -> str:
        """Id of the product's view, `prodview-...`."""
        return self.id.replace("prod-", "prodview-", 1)

    def summary(self) -> Answer:
        """`ProductViewSummary`."""
        return {
            "Id": self.view_id,
            "ProductId": self.id,
            "Name": self.name,
            "Owner": self.owner,
            "Type": self.type,
            "HasDefaultPath": False,
            **self.texts,
        }

    def detail(self) -> Answer:
        """`ProductViewDetail`."""
        return {
            "ProductViewSummary": self.summary(),
            "Status": "AVAILABLE",
            "ProductARN": self.arn,
            "CreatedTime": self.created,
            "SourceConnection": self.source_connection,
        }


@dataclass
class Constraint:
    """A rule for one product in one portfolio."""

    id: str
    type: str
    owner: str
    portfolio_id: str
    product_id: str
    parameters: str
    description: str | None = None

    def detail(self) -> Answer:
        """`ConstraintDetail`."""
        return {
            "ConstraintId": self.id,
            "Owner": self.owner,
            "ProductId": self.product_id,
            "PortfolioId": self.portfolio_id,
            **self.summary(),
        }

    def summary(self) -> Answer:
        """`ConstraintSummary`."""
        return {"Type": self.type, "Description": self.description}


@dataclass(frozen=True)
class Principal:
    """Someone who may use a portfolio's products; `type` is IAM or IAM_PATTERN."""

    arn: str
    type: str


@dataclass
class TagOption:
    """A key and a value offered to end users."""

    id: str
    key: str
    value: str
    owner: str
    active: bool = True

    def detail(self) -> Answer:
        """`TagOptionDetail`."""
        return {
            "Key": self.key,
            "Value": self.value,
            "Active": self.active,
            "Id": self.id,
            "Owner": self.owner,
        }


@dataclass
class Share:
    """A portfolio offered to an account or a node of the organization (`type` as in
    DescribePortfolioShares)."""

    type: str
    value: str
    accepted: bool = False
    tag_options: bool = False
    principals: bool = False

    def detail(self) -> Answer:
        """`PortfolioShareDetail`."""
        return {
            "PrincipalId": self.value.rsplit("/", 1)[-1],
            "Type": self.type,
            "Accepted": self.accepted,
            "ShareTagOptions": self.tag_options,
            "SharePrincipals": self.principals,
        }


@dataclass
class Import:
    """A portfolio of another account, accepted here. The next `hidden` lists still miss it."""

    owner: str
    type: str = "IMPORTED"
    hidden: int = 0
