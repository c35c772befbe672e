"""Portfolio, product with its versions, launch constraint, access.

Order: product -> versions; product association -> launch constraint -> access. Access is
the last to be given and the first to be taken, so that nobody meets the product without
its constraint; a destroy runs the other way and finds nothing still in use.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cdktf import (
    Fn,
    ITerraformDependable,
    Postcondition,
    TerraformLocal,
    TerraformResourceLifecycle,
    Token,
)
from cdktf_cdktf_provider_aws.s3_object import (
    S3Object,
    S3ObjectOverrideProvider,
    S3ObjectOverrideProviderDefaultTags,
)
from cdktf_cdktf_provider_aws.servicecatalog_constraint import ServicecatalogConstraint
from cdktf_cdktf_provider_aws.servicecatalog_portfolio import ServicecatalogPortfolio
from cdktf_cdktf_provider_aws.servicecatalog_principal_portfolio_association import (
    ServicecatalogPrincipalPortfolioAssociation,
)
from cdktf_cdktf_provider_aws.servicecatalog_product import (
    ServicecatalogProduct,
    ServicecatalogProductProvisioningArtifactParameters,
)
from cdktf_cdktf_provider_aws.servicecatalog_product_portfolio_association import (
    ServicecatalogProductPortfolioAssociation,
)
from cdktf_cdktf_provider_aws.servicecatalog_provisioning_artifact import (
    ServicecatalogProvisioningArtifact,
)
from constructs import Construct

TEMPLATE_TYPE = "CLOUD_FORMATION_TEMPLATE"
VERSION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""A version's name is part of its template's key in S3 and of a construct id."""

LIMITS = {
    "portfolio name": 100,
    "portfolio provider name": 50,
    "portfolio description": 2000,
    "constraint description": 2000,
    "product name": 8191,
    "product owner": 8191,
    "product description": 8191,
    "product distributor": 8191,
    "product support description": 8191,
    "product support email": 254,
    "product support URL": 2083,
    "version description": 8192,
}
"""Most characters, from botocore's model of Service Catalog."""

NO_DEFAULT_TAGS = S3ObjectOverrideProvider(
    default_tags=S3ObjectOverrideProviderDefaultTags(tags={})
)
"""S3 takes 10 tags on an object, and 50 on almost everything that default tags are for."""

SHA256 = "sha256"
"""S3 metadata key of a published template's digest."""


@dataclass(frozen=True)
class ProductVersion:
    """A version of the product; what it holds is fixed once published, its state is not."""

    name: str
    description: str = ""
    guidance: Literal["DEFAULT", "DEPRECATED"] = "DEFAULT"
    active: bool = True


class Product(Construct):
    """A product whose versions are templates in S3, published once and never changed.

    ``versions`` go from first to newest. The first one is created with the product: AWS
    wants one, and Terraform can hold neither its guidance nor whether it is active. Every
    other is a resource of its own, so that a new one leaves the product in its place.
    ``template`` is today's template as JSON, and may hold cdktf tokens; a plan fails when
    it differs from what the newest version was published with. ``key_prefix`` ends in no
    slash. Raises ``ValueError`` on bad names and past AWS's limits.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        owner: str,
        versions: Sequence[ProductVersion],
        template: str,
        bucket_name: str,
        bucket_regional_domain_name: str,
        key_prefix: str,
        description: str | None = None,
        distributor: str | None = None,
        support_description: str | None = None,
        support_email: str | None = None,
        support_url: str | None = None,
        depends_on: Sequence[ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        _check_length(self, "product name", name)
        _check_length(self, "product owner", owner)
        _check_length(self, "product description", description)
        _check_length(self, "product distributor", distributor)
        _check_length(self, "product support description", support_description)
        _check_length(self, "product support email", support_email)
        _check_length(self, "product support URL", support_url)
        self._check_versions(versions)
        self.name = name
        self.versions = tuple(versions)
        self._bucket_name = bucket_name
        self._domain = bucket_regional_domain_name
        self._key_prefix = key_prefix
        self._depends_on = list(depends_on)
        self._template = TerraformLocal(self, "Template", _escape(template))
        # A local of its own: when the check fails, Terraform prints what it compared.
        self._digest = TerraformLocal(self, "Digest", Fn.sha256(self._template.as_string))
        first, *later = versions
        self._resource = ServicecatalogProduct(
            self,
            "Resource",
            name=_escape(name),
            owner=_escape(owner),
            type=TEMPLATE_TYPE,
            description=_escape_optional(description),
            distributor=_escape_optional(distributor),
            support_description=_escape_optional(support_description),
            support_email=support_email,
            support_url=_escape_optional(support_url),
            provisioning_artifact_parameters=ServicecatalogProductProvisioningArtifactParameters(
                name=first.name,
                description=_escape_optional(first.description),
                type=TEMPLATE_TYPE,
                template_url=self._publish(first),
            ),
            lifecycle=TerraformResourceLifecycle(
                ignore_changes=["provisioning_artifact_parameters"],
                postcondition=[self._first_version_stays(first)],
            ),
        )
        self._artifacts = {version.name: self._add_version(version) for version in later}

    @property
    def id(self) -> str:
        return self._resource.id

    @property
    def artifact_ids(self) -> dict[str, str]:
        """Ids by version's name, of every version but the first: that id is AWS's alone."""
        return {
            name: artifact.provisioning_artifact_id for name, artifact in self._artifacts.items()
        }

    def _add_version(self, version: ProductVersion) -> ServicecatalogProvisioningArtifact:
        return ServicecatalogProvisioningArtifact(
            self,
            f"Version-{version.name}",
            product_id=self._resource.id,
            name=version.name,
            description=_escape_optional(version.description),
            type=TEMPLATE_TYPE,
            template_url=self._publish(version),
            guidance=version.guidance,
            active=version.active,
            lifecycle=TerraformResourceLifecycle(ignore_changes=["template_url"]),
        )

    def _publish(self, version: ProductVersion) -> str:
        """Put the template under the version's own key; return its URL."""
        newest = version is self.versions[-1]
        published = S3Object(
            self,
            f"Template-{version.name}",
            bucket=self._bucket_name,
            key=f"{self._key_prefix}/{version.name}.json",
            content=self._template.as_string,
            content_type="application/json",
            metadata={SHA256: self._digest.as_string},
            override_provider=NO_DEFAULT_TAGS,
            depends_on=self._depends_on,
            lifecycle=TerraformResourceLifecycle(
                ignore_changes=["content", "key", "metadata"],
                postcondition=[self._unchanged_since(version)] if newest else None,
            ),
        )
        return f"https://{self._domain}/{published.key}"

    def _unchanged_since(self, version: ProductVersion) -> Postcondition:
        return Postcondition(
            condition=f'${{try(self.metadata["{SHA256}"], "") == {self._digest.fqn}}}',
            error_message=(
                f"The product's template has changed since version {version.name} was "
                "published: add a version to the settings."
            ),
        )

    def _first_version_stays(self, first: ProductVersion) -> Postcondition:
        return Postcondition(
            condition=f'${{self.provisioning_artifact_parameters[0].name == "{first.name}"}}',
            error_message=(
                f"The settings name {first.name} as the product's first version, but the product "
                "was created with another: keep that one first, and retire it by active = false."
            ),
        )

    def _check_versions(self, versions: Sequence[ProductVersion]) -> None:
        if not versions:
            raise ValueError(f"{self.node.path}: a product needs at least one version, got none")
        names = [version.name for version in versions]
        for version in versions:
            if not VERSION_NAME.fullmatch(version.name):
                raise ValueError(
                    f"{self.node.path}: version name {version.name!r}: allowed are 1 to 64 "
                    "letters, digits, dots, underscores and hyphens, beginning with a letter or "
                    "digit"
                )
            if names.count(version.name) > 1:
                raise ValueError(
                    f"{self.node.path}: version name {version.name!r} is given "
                    f"{names.count(version.name)} times: each version needs its own"
                )
            _check_length(self, "version description", version.description)


class Portfolio(Construct):
    """A portfolio; products and those who may launch them are added by its methods."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, provider_name: str, description: str
    ) -> None:
        super().__init__(scope, id_)
        _check_length(self, "portfolio name", name)
        _check_length(self, "portfolio provider name", provider_name)
        _check_length(self, "portfolio description", description)
        self._resource = ServicecatalogPortfolio(
            self,
            "Resource",
            name=_escape(name),
            provider_name=_escape(provider_name),
            description=_escape_optional(description),
        )
        self._products: dict[str, ServicecatalogProductPortfolioAssociation] = {}
        self._access: dict[str, ServicecatalogPrincipalPortfolioAssociation] = {}
        self._constraints: list[ServicecatalogConstraint] = []

    @property
    def id(self) -> str:
        return self._resource.id

    def add_product(self, product: Product) -> ServicecatalogProductPortfolioAssociation:
        """Associate ``product``; doing so again returns the association that exists."""
        path = product.node.path
        if path not in self._products:
            self._products[path] = ServicecatalogProductPortfolioAssociation(
                self,
                f"Product-{product.node.id}",
                portfolio_id=self.id,
                product_id=product.id,
            )
        return self._products[path]

    def grant_access(
        self, id_: str, *, role_arn: str, depends_on: Sequence[ITerraformDependable] = ()
    ) -> None:
        """Let ``role_arn`` see and launch the products; granting it again changes nothing.

        ``depends_on`` is what makes the role exist, which AWS checks.
        """
        if role_arn in self._access:
            return
        self._access[role_arn] = ServicecatalogPrincipalPortfolioAssociation(
            self,
            f"Access-{id_}",
            portfolio_id=self.id,
            principal_arn=role_arn,
            principal_type="IAM",
            depends_on=[*depends_on, *self._products.values(), *self._constraints],
        )

    def add_constraint(self, constraint: ServicecatalogConstraint) -> None:
        """Order all access, given before or after this call, behind ``constraint``."""
        self._constraints.append(constraint)
        address = f"{constraint.terraform_resource_type}.{constraint.friendly_unique_id}"
        for access in self._access.values():
            access.depends_on = [*(access.depends_on or []), address]


class LaunchConstraint(Construct):
    """Service Catalog launches ``product`` in ``portfolio`` with a role, whoever asks."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        portfolio: Portfolio,
        product: Product,
        role_arn: str,
        description: str | None = None,
        depends_on: Sequence[ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        _check_length(self, "constraint description", description)
        association = portfolio.add_product(product)
        resource = ServicecatalogConstraint(
            self,
            "Resource",
            portfolio_id=portfolio.id,
            product_id=product.id,
            type="LAUNCH",
            parameters=json.dumps({"RoleArn": role_arn}),
            description=_escape_optional(description),
            depends_on=[association, *depends_on],
        )
        portfolio.add_constraint(resource)


def _check_length(construct: Construct, what: str, value: str | None) -> None:
    if value is None or Token.is_unresolved(value):
        return
    if len(value) > LIMITS[what]:
        raise ValueError(
            f"{construct.node.path}: {what} has {len(value)} characters, at most {LIMITS[what]} "
            f"are allowed: {value[:40]!r}..."
        )


_TERRAFORM_TEMPLATE = re.compile(r"\$\{(?!TfToken\[)|%\{")


def _escape(text: str) -> str:
    """Keep Terraform from reading text of ours as an expression; tokens of cdktf pass."""
    return _TERRAFORM_TEMPLATE.sub(lambda match: match[0][0] + match[0], text)


def _escape_optional(text: str | None) -> str | None:
    return _escape(text) if text else None
