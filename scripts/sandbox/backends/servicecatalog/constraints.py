"""Constraints on a product in a portfolio."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from moto.iam.models import iam_backends

from scripts.sandbox.backends.servicecatalog.callers import exists
from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import (
    DuplicateResourceError,
    InvalidParametersError,
    ResourceNotFoundError,
)
from scripts.sandbox.backends.servicecatalog.ids import new_id
from scripts.sandbox.backends.servicecatalog.paging import page
from scripts.sandbox.backends.servicecatalog.records import Constraint
from scripts.sandbox.backends.servicecatalog.store import Store

# Of these a product has at most one in a portfolio, and not both.
LAUNCHERS = {"LAUNCH", "STACKSET"}


class Constraints(Store):
    """Create, describe, update, delete and list constraints."""

    def create_constraint(self, request: Request) -> Answer:
        """A constraint on a product that is in the portfolio (which may be an imported one)."""
        portfolio = self.portfolio(request["PortfolioId"])
        product = self.product(request["ProductId"])
        if product.id not in portfolio.product_ids:
            raise ResourceNotFoundError(
                f"Product {product.id} is not associated with portfolio {portfolio.id}"
            )
        kind, parameters = request["Type"], request["Parameters"]
        self._check_parameters(kind, parameters)
        for other in self.constraints_on(portfolio.id, product.id):
            if kind in LAUNCHERS and other.type in LAUNCHERS:
                raise DuplicateResourceError(
                    f"Constraint {other.id} of type {other.type} exists for product {product.id} "
                    f"in portfolio {portfolio.id}"
                )
            if (kind, parameters) == (other.type, other.parameters):
                raise DuplicateResourceError(f"Constraint {other.id} is the same")
        constraint = Constraint(
            id=new_id("cons"),
            type=kind,
            owner=self.account_id,
            portfolio_id=portfolio.id,
            product_id=product.id,
            parameters=parameters,
            description=request.get("Description"),
        )
        self.constraints[constraint.id] = constraint
        return _described(constraint)

    def describe_constraint(self, request: Request) -> Answer:
        """With its parameters as they were given."""
        return _described(self.constraint(request["Id"]))

    def update_constraint(self, request: Request) -> Answer:
        """The description, the parameters, or both."""
        constraint = self.constraint(request["Id"])
        if request.get("Parameters") is not None:
            self._check_parameters(constraint.type, request["Parameters"])
            constraint.parameters = request["Parameters"]
        constraint.description = request.get("Description", constraint.description)
        return _described(constraint)

    def delete_constraint(self, request: Request) -> Answer:
        """From now on it does not hold."""
        del self.constraints[self.constraint(request["Id"]).id]
        return {}

    def list_constraints_for_portfolio(self, request: Request) -> Answer:
        """Of one product, if the request names one."""
        portfolio = self.portfolio(request["PortfolioId"])
        product_id = request.get("ProductId")
        if product_id:
            self.product(product_id)
        constraints = self.constraints_on(portfolio.id, product_id)
        return page(request, "ConstraintDetails", [each.detail() for each in constraints])

    def _check_parameters(self, kind: str, text: str) -> None:
        checks: dict[str, Callable[[Mapping[str, Any]], str | None]] = {
            "LAUNCH": self._launch_fault,
            "NOTIFICATION": _notification_fault,
            "RESOURCE_UPDATE": _resource_update_fault,
            "STACKSET": _stack_set_fault,
            "TEMPLATE": _template_fault,
        }
        if kind not in checks:
            raise InvalidParametersError(
                f"Unsupported constraint type {kind}, allowed are {', '.join(checks)}"
            )
        try:
            parameters = json.loads(text)
        except ValueError:
            parameters = None
        if not isinstance(parameters, Mapping):
            raise InvalidParametersError(f"Constraint parameters are not a JSON object: {text}")
        fault = checks[kind](parameters)
        if fault:
            raise InvalidParametersError(f"Invalid parameters for a {kind} constraint: {fault}")

    def _launch_fault(self, parameters: Mapping[str, Any]) -> str | None:
        if len(parameters) != 1 or not set(parameters) <= {"RoleArn", "LocalRoleName"}:
            return "specify either RoleArn or LocalRoleName"
        (role,) = parameters.values()
        if "RoleArn" in parameters:
            known = re.fullmatch(
                rf"arn:{self.partition}:iam::{self.account_id}:role/.+", str(role)
            ) and exists(self.account_id, self.partition, role)
        else:
            roles = iam_backends[self.account_id][self.partition].roles.values()
            known = any(each.name == role for each in roles)
        return None if known else f"role {role} does not exist in account {self.account_id}"


def _notification_fault(parameters: Mapping[str, Any]) -> str | None:
    topics = parameters.get("NotificationArns")
    valid = isinstance(topics, list) and topics and all(":sns:" in str(topic) for topic in topics)
    return None if valid else "NotificationArns must list ARNs of SNS topics"


def _resource_update_fault(parameters: Mapping[str, Any]) -> str | None:
    value = _properties(parameters).get("TagUpdateOnProvisionedProduct")
    allowed = {"ALLOWED", "NOT_ALLOWED"}
    return (
        None if value in allowed else "TagUpdateOnProvisionedProduct must be ALLOWED or NOT_ALLOWED"
    )


def _stack_set_fault(parameters: Mapping[str, Any]) -> str | None:
    wanted = {"AccountList", "RegionList", "AdminRole", "ExecutionRole"}
    missing = sorted(wanted - set(_properties(parameters)))
    return f"Properties lacks {', '.join(missing)}" if missing else None


def _template_fault(parameters: Mapping[str, Any]) -> str | None:
    return None if isinstance(parameters.get("Rules"), Mapping) else "Rules must be an object"


def _properties(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = parameters.get("Properties")
    return properties if isinstance(properties, Mapping) else {}


def _described(constraint: Constraint) -> Answer:
    return {
        "ConstraintDetail": constraint.detail(),
        "ConstraintParameters": constraint.parameters,
        "Status": "AVAILABLE",
    }
