"""The catalog as an end user sees it: products, the ways to them, and what a launch asks for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.sandbox.backends.servicecatalog.artifacts import artifact_by
from scripts.sandbox.backends.servicecatalog.callers import matches
from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import (
    InvalidParametersError,
    ResourceNotFoundError,
)
from scripts.sandbox.backends.servicecatalog.ids import stable_id
from scripts.sandbox.backends.servicecatalog.paging import page
from scripts.sandbox.backends.servicecatalog.parameters import (
    artifact_outputs,
    artifact_parameters,
    usage_instructions,
)
from scripts.sandbox.backends.servicecatalog.records import Constraint, Portfolio, Product
from scripts.sandbox.backends.servicecatalog.search import aggregations, found, in_order
from scripts.sandbox.backends.servicecatalog.store import Store
from scripts.sandbox.backends.servicecatalog.tags import tag_list


@dataclass(frozen=True)
class LaunchPath:
    """A way to a product: the portfolio through which the caller has it."""

    portfolio: Portfolio
    product: Product

    @property
    def id(self) -> str:
        """`lpv3-...`, always the same for the same portfolio and product."""
        return stable_id("lpv3", self.portfolio.id, self.product.id)


class Catalog(Store):
    """Operations of end users. The caller sees what its portfolios hold, and nothing else."""

    def search_products(self, request: Request) -> Answer:
        """Products that the caller may launch."""
        seen = {path.product.id: path.product for path in self.paths(request.caller)}
        products = in_order(found(seen.values(), request), request)
        return {
            **page(request, "ProductViewSummaries", [product.summary() for product in products]),
            "ProductViewAggregations": aggregations(products),
        }

    def describe_product(self, request: Request) -> Answer:
        """A product that the caller may launch, its active versions and the ways to it."""
        product = self.product_by(request.get("Id"), request.get("Name"))
        paths = self.launch_paths(product, request.caller)
        return {
            **_view(product),
            "Budgets": [],
            "LaunchPaths": [{"Id": path.id, "Name": path.portfolio.display_name} for path in paths],
        }

    def describe_product_view(self, request: Request) -> Answer:
        """The same by the id of the product's view."""
        for product in self.usable_products():
            if product.view_id == request["Id"]:
                self.launch_paths(product, request.caller)
                return _view(product)
        raise ResourceNotFoundError(f"Product view {request['Id']} not found")

    def list_launch_paths(self, request: Request) -> Answer:
        """The caller's ways to the product, with the constraints and tags of each."""
        product = self.product(request["ProductId"])
        summaries = [
            {
                "Id": path.id,
                "Name": path.portfolio.display_name,
                "ConstraintSummaries": [
                    each.summary() for each in self.constraints_on(path.portfolio.id, product.id)
                ],
                "Tags": tag_list(path.portfolio.tags | product.tags),
            }
            for path in self.launch_paths(product, request.caller)
        ]
        return page(request, "LaunchPathSummaries", summaries)

    def describe_provisioning_parameters(self, request: Request) -> Answer:
        """What a launch of a version by one path asks for."""
        product = self.product_by(request.get("ProductId"), request.get("ProductName"))
        path = self.launch_path(
            product, request.caller, request.get("PathId"), request.get("PathName")
        )
        artifact = artifact_by(
            product,
            request.get("ProvisioningArtifactId"),
            request.get("ProvisioningArtifactName"),
        )
        if not artifact.active:
            raise ResourceNotFoundError(f"Provisioning artifact {artifact.id} is not active")
        constraints = self.constraints_on(path.portfolio.id, product.id)
        outputs = artifact_outputs(artifact.template)
        return {
            "ProvisioningArtifactParameters": artifact_parameters(artifact.template),
            "ConstraintSummaries": [constraint.summary() for constraint in constraints],
            "UsageInstructions": [
                *usage_instructions(artifact.template),
                *self._constraint_instructions(constraints),
            ],
            "TagOptions": self._tag_options(path),
            "ProvisioningArtifactPreferences": _preferences(constraints),
            "ProvisioningArtifactOutputs": outputs,
            "ProvisioningArtifactOutputKeys": outputs,
        }

    def paths(self, caller: frozenset[str]) -> Iterator[LaunchPath]:
        """All the caller's ways to products, by portfolio."""
        for portfolio in self.usable_portfolios():
            if self.has_access(portfolio, caller):
                for product in self.products_of(portfolio):
                    yield LaunchPath(portfolio, product)

    def has_access(self, portfolio: Portfolio, caller: frozenset[str]) -> bool:
        """Whether the caller is associated with the portfolio, by ARN or by pattern."""
        return any(
            principal.arn in caller
            if principal.type == "IAM"
            else any(matches(principal.arn, arn) for arn in caller)
            for principal in self.principals.get(portfolio.id, [])
        )

    def launch_paths(self, product: Product, caller: frozenset[str]) -> list[LaunchPath]:
        """The caller's ways to the product.

        Raises:
            ResourceNotFoundError: there is none.
        """
        paths = [path for path in self.paths(caller) if path.product.id == product.id]
        if not paths:
            raise ResourceNotFoundError(f"No launch paths found for resource: {product.id}")
        return paths

    def launch_path(
        self,
        product: Product,
        caller: frozenset[str],
        path_id: str | None = None,
        path_name: str | None = None,
    ) -> LaunchPath:
        """The one way that the id or the name means; neither is needed if there is only one.

        Raises:
            InvalidParametersError: both are given, or neither where there are several.
            ResourceNotFoundError: the caller has no such way.
        """
        paths = self.launch_paths(product, caller)
        if path_id and path_name:
            raise InvalidParametersError("Specify the path's id or its name, not both")
        if path_id or path_name:
            paths = [
                path
                for path in paths
                if path_id == path.id or path_name == path.portfolio.display_name
            ]
            if not paths:
                raise ResourceNotFoundError(
                    f"Launch path {path_id or path_name} not found for resource: {product.id}"
                )
        if len(paths) > 1:
            names = ", ".join(path.id for path in paths)
            raise InvalidParametersError(
                f"Product {product.id} has more than one launch path, specify one of {names}"
            )
        return paths[0]

    def launch_role(self, constraint: Constraint) -> str:
        """ARN of a LAUNCH constraint's role; a local role is one of this account."""
        parameters = json.loads(constraint.parameters)
        return str(
            parameters.get("RoleArn")
            or f"arn:{self.partition}:iam::{self.account_id}:role/{parameters['LocalRoleName']}"
        )

    def _constraint_instructions(self, constraints: list[Constraint]) -> Iterator[Answer]:
        for constraint in constraints:
            parameters = json.loads(constraint.parameters)
            if constraint.type == "LAUNCH":
                yield {"Type": "launchAsRole", "Value": self.launch_role(constraint)}
            elif constraint.type == "TEMPLATE":
                yield {"Type": "rules", "Value": json.dumps(parameters["Rules"])}
            elif constraint.type == "RESOURCE_UPDATE":
                value = parameters["Properties"]["TagUpdateOnProvisionedProduct"]
                yield {"Type": "tagUpdateOnProvisionedProduct", "Value": value}

    def _tag_options(self, path: LaunchPath) -> list[Answer]:
        values: dict[str, list[str]] = {}
        for key in [*path.portfolio.tag_option_ids, *path.product.tag_option_ids]:
            option = self.tag_options.get(key)
            if option and option.active and option.value not in values.get(option.key, []):
                values.setdefault(option.key, []).append(option.value)
        return [{"Key": key, "Values": options} for key, options in values.items()]


def _view(product: Product) -> Answer:
    active = [artifact for artifact in product.artifacts.values() if artifact.active]
    return {
        "ProductViewSummary": product.summary(),
        "ProvisioningArtifacts": [artifact.view() for artifact in active],
    }


def _preferences(constraints: list[Constraint]) -> Answer | None:
    """Where a STACKSET constraint launches, if there is one."""
    for constraint in constraints:
        if constraint.type == "STACKSET":
            properties = json.loads(constraint.parameters)["Properties"]
            return {
                "StackSetAccounts": properties["AccountList"],
                "StackSetRegions": properties["RegionList"],
            }
    return None
