"""Who may use a portfolio's products."""

import re

from scripts.sandbox.backends.servicecatalog.callers import exists
from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import (
    InvalidParametersError,
    LimitExceededError,
    ResourceNotFoundError,
)
from scripts.sandbox.backends.servicecatalog.paging import page
from scripts.sandbox.backends.servicecatalog.records import Principal
from scripts.sandbox.backends.servicecatalog.store import Store

_KINDS = "(user|group|role)"


class Principals(Store):
    """Associate principals with portfolios, own or imported."""

    # Service Quotas L-E8959660; adjustable in AWS, hence here.
    principal_quota = 100
    pattern_quota = 10

    def associate_principal_with_portfolio(self, request: Request) -> Answer:
        """Repeating it changes nothing."""
        portfolio = self.portfolio(request["PortfolioId"])
        principal = Principal(request["PrincipalARN"], request["PrincipalType"])
        self._check(principal)
        associated = self.principals.setdefault(portfolio.id, [])
        if principal in associated:
            return {}
        patterns = sum(each.type == "IAM_PATTERN" for each in associated)
        if principal.type == "IAM_PATTERN" and patterns >= self.pattern_quota:
            raise LimitExceededError(
                f"Portfolio {portfolio.id} has {patterns} principals of type IAM_PATTERN, the limit"
            )
        if len(associated) >= self.principal_quota:
            raise LimitExceededError(
                f"Portfolio {portfolio.id} has {len(associated)} principals, the limit"
            )
        associated.append(principal)
        return {}

    def disassociate_principal_from_portfolio(self, request: Request) -> Answer:
        """The type must be the one associated; AWS takes a missing one for IAM."""
        portfolio = self.portfolio(request["PortfolioId"])
        principal = Principal(request["PrincipalARN"], request.get("PrincipalType", "IAM"))
        associated = self.principals.get(portfolio.id, [])
        if principal not in associated:
            raise ResourceNotFoundError(
                f"Principal {principal.arn} of type {principal.type} is not associated with "
                f"portfolio {portfolio.id}"
            )
        associated.remove(principal)
        return {}

    def list_principals_for_portfolio(self, request: Request) -> Answer:
        """Those that this account associated."""
        portfolio = self.portfolio(request["PortfolioId"])
        principals = [
            {"PrincipalARN": principal.arn, "PrincipalType": principal.type}
            for principal in self.principals.get(portfolio.id, [])
        ]
        return page(request, "Principals", principals)

    def _check(self, principal: Principal) -> None:
        """Refuse what is no principal of this account, or no pattern."""
        if principal.type == "IAM_PATTERN":
            if not re.fullmatch(rf"arn:{self.partition}:iam:::{_KINDS}/.+", principal.arn):
                raise InvalidParametersError(
                    f"Invalid principal {principal.arn}: an IAM_PATTERN is "
                    f"arn:{self.partition}:iam:::user|group|role/name, without account, with * "
                    "and ? in the name only"
                )
        elif not re.fullmatch(
            rf"arn:{self.partition}:iam::{self.account_id}:{_KINDS}/.+", principal.arn
        ) or not exists(self.account_id, self.partition, principal.arn):
            raise InvalidParametersError(
                f"Invalid principal {principal.arn}: no such user, group or role in account "
                f"{self.account_id}"
            )
