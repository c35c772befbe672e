"""How many principals a portfolio may have, and whether that is enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from scripts.lib.errors import ACCESS_DENIED, describe, error_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.lib.clients import Clients
    from scripts.lib.jumpstart.model import Portfolio

SERVICE_CODE = "servicecatalog"
QUOTA_CODE = "L-E8959660"
"""Users, groups and roles per portfolio (Service Quotas, AWS Service Catalog); adjustable."""

DEFAULT_LIMIT = 100
NO_SUCH_QUOTA = "NoSuchResourceException"


@dataclass(frozen=True)
class Quota:
    """How many users, groups and roles a portfolio may have; ``unread`` says why AWS did not
    tell, so that its default is assumed."""

    limit: int = DEFAULT_LIMIT
    unread: str = ""

    @property
    def source(self) -> str:
        return f"AWS's default, as it could not be read: {self.unread}" if self.unread else "read"

    def excess(self, portfolios: Iterable[Portfolio], role_arns: Iterable[str]) -> Iterator[str]:
        """Say of which portfolio the roles would be too many, and by how much.

        Without any portfolio, they are held against one that is yet to come.
        """
        wanted = frozenset(role_arns)
        there = [
            (f"portfolio {portfolio}", len(portfolio.principals), len(portfolio.missing(wanted)))
            for portfolio in portfolios
        ]
        for subject, has, comes in there or [("SageMaker's portfolio", 0, len(wanted))]:
            if has + comes > self.limit and comes:
                yield (
                    f"{subject} has {has} principals and {comes} more are needed, "
                    f"{has + comes} in all; the limit is {self.limit} "
                    f"(Service Quotas {SERVICE_CODE} {QUOTA_CODE}, {self.source})"
                )


DEFAULT_QUOTA = Quota()


def observe_quota(clients: Clients) -> Quota:
    """Return the account's quota, or AWS's default if it may not be read or is not told."""
    try:
        found = clients.service_quotas.get_service_quota(
            ServiceCode=SERVICE_CODE, QuotaCode=QUOTA_CODE
        )
    except ClientError as exc:
        if error_code(exc) in {*ACCESS_DENIED, NO_SUCH_QUOTA}:
            return Quota(unread=describe(exc))
        raise
    value = found["Quota"].get("Value")
    return Quota(int(value)) if value else Quota(unread="Service Quotas tells no value")
