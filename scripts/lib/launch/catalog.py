"""What the caller may launch: products, their versions and paths, and what a launch asks for.

Reads only, by calls that the end-user role has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from scripts.lib.errors import ACCESS_DENIED, NOT_FOUND, error_code
from scripts.lib.launch.model import Named, Parameter, Product, Version
from scripts.lib.launch.paging import pages

if TYPE_CHECKING:
    from mypy_boto3_servicecatalog.type_defs import (
        ProvisioningArtifactParameterTypeDef,
        ProvisioningArtifactTypeDef,
    )

    from scripts.lib.clients import Clients


def search_products(clients: Clients) -> tuple[Named, ...]:
    """Return the products that the caller may launch, by name."""
    found = {
        summary["ProductId"]: Named(summary["ProductId"], summary.get("Name", ""))
        for page in pages(clients.servicecatalog.search_products)
        for summary in page.get("ProductViewSummaries", [])
    }
    return tuple(sorted(found.values(), key=lambda product: (product.name, product.id)))


def describe_product(clients: Clients, product_id: str) -> Product:
    """Return a product with its active versions, oldest first, and the caller's paths to it."""
    found = clients.servicecatalog.describe_product(Id=product_id)
    summary = found.get("ProductViewSummary", {})
    versions = [_version(item) for item in found.get("ProvisioningArtifacts", [])]
    return Product(
        id=product_id,
        name=summary.get("Name", product_id),
        description=summary.get("ShortDescription", ""),
        versions=tuple(sorted(versions, key=lambda version: str(version.created or ""))),
        paths=tuple(
            Named(path.get("Id", ""), path.get("Name", "")) for path in found.get("LaunchPaths", [])
        ),
    )


def known_product(clients: Clients, product_id: str) -> Product:
    """Return a product that was launched once; one that the caller may not launch any more, or
    that is gone, has no other name than its id."""
    try:
        return describe_product(clients, product_id)
    except ClientError as exc:
        if error_code(exc) not in NOT_FOUND | ACCESS_DENIED:
            raise
        return Product(product_id, product_id)


def describe_parameters(
    clients: Clients, product: Named, version: Named, path: Named
) -> tuple[Parameter, ...]:
    """Return what a launch of the version by the path asks for, in the template's order."""
    found = clients.servicecatalog.describe_provisioning_parameters(
        ProductId=product.id, ProvisioningArtifactId=version.id, PathId=path.id
    )
    return tuple(map(_parameter, found.get("ProvisioningArtifactParameters", [])))


def _version(found: ProvisioningArtifactTypeDef) -> Version:
    return Version(
        id=found.get("Id", ""),
        name=found.get("Name", ""),
        description=found.get("Description", ""),
        created=found.get("CreatedTime"),
        deprecated=found.get("Guidance") == "DEPRECATED",
    )


def _parameter(found: ProvisioningArtifactParameterTypeDef) -> Parameter:
    limits = found.get("ParameterConstraints", {})
    return Parameter(
        name=found.get("ParameterKey", ""),
        type=found.get("ParameterType", "String"),
        default=found.get("DefaultValue"),
        description=found.get("Description", ""),
        is_secret=found.get("IsNoEcho", False),
        allowed_values=tuple(limits.get("AllowedValues", ())),
        allowed_pattern=limits.get("AllowedPattern"),
        constraint=limits.get("ConstraintDescription"),
        min_length=limits.get("MinLength"),
        max_length=limits.get("MaxLength"),
        min_value=limits.get("MinValue"),
        max_value=limits.get("MaxValue"),
    )
