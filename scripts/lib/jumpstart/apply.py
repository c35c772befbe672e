"""The executor that writes: makes the changes of a plan, decides nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from scripts.lib.changes import Change, Executor, Status
from scripts.lib.errors import NOT_FOUND, ToolError, error_code
from scripts.lib.jumpstart.ledger import Stage
from scripts.lib.jumpstart.observe import observe_portfolios
from scripts.lib.jumpstart.plan import AssociateRole, AwaitPortfolio, EnablePortfolio
from scripts.lib.jumpstart.removal import AdoptAssociation, DisassociateRole, ForgetAssociation

if TYPE_CHECKING:
    from scripts.lib.clients import Clients
    from scripts.lib.jumpstart.ledger_file import Book
    from scripts.lib.jumpstart.model import Portfolio

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 15.0
"""Seconds between two looks for the portfolio; each pause is twice the one before."""


class AwsExecutor(Executor):
    """Makes the changes in AWS, and keeps the ledger. Each may be repeated without harm."""

    success = Status.DONE

    def __init__(
        self,
        clients: Clients,
        book: Book,
        *,
        wait_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clients = clients
        self._book = book
        self._wait_seconds = wait_seconds
        self._clock = clock
        self._sleep = sleep
        self._imported: dict[str, Portfolio] = {}

    def expand(self, change: Change) -> Sequence[Change]:
        if isinstance(change, AssociateRole) and change.portfolio_id is None:
            return tuple(change.at(portfolio) for portfolio in self._imported.values())
        return (change,)

    def perform(self, change: Change) -> str:
        match change:
            case EnablePortfolio():
                self._clients.sagemaker.enable_sagemaker_servicecatalog_portfolio()
                return ""
            case AwaitPortfolio():
                return self._await_portfolio()
            case AssociateRole(portfolio_id=str(portfolio_id)):
                return self._associate(change, portfolio_id)
            case DisassociateRole(role_arn=role_arn, portfolio_id=portfolio_id):
                return self._disassociate(role_arn, portfolio_id)
            case AdoptAssociation(role_arn=role_arn, portfolio_id=portfolio_id):
                self._book.record(portfolio_id, role_arn, Stage.ADOPTED)
                return ""
            case ForgetAssociation(role_arn=role_arn, portfolio_id=portfolio_id):
                self._book.forget(portfolio_id, role_arn)
                return ""
            case _:
                raise TypeError(f"no way to perform {change!r}")

    def _await_portfolio(self) -> str:
        start = self._clock()
        pause = FIRST_PAUSE
        while not (portfolios := observe_portfolios(self._clients)):
            left = self._wait_seconds - (self._clock() - start)
            if left <= 0:
                raise ToolError(
                    f"has not appeared within {self._wait_seconds:g} s: run again later, "
                    "or with a larger --wait"
                )
            self._sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)
        self._imported = {portfolio.id: portfolio for portfolio in portfolios}
        return ", ".join(map(str, portfolios))

    def _associate(self, change: AssociateRole, portfolio_id: str) -> str:
        role_arn = change.role_arn
        imported = self._imported.get(portfolio_id)
        if imported and imported.admits(role_arn):
            return "was associated already"
        self._book.record(portfolio_id, role_arn, Stage.INTENDED, change.reasons)
        try:
            self._clients.servicecatalog.associate_principal_with_portfolio(
                PortfolioId=portfolio_id, PrincipalARN=role_arn, PrincipalType="IAM"
            )
        except ClientError as exc:
            if _is_refusal(exc):
                self._book.forget(portfolio_id, role_arn)
            raise
        self._book.record(portfolio_id, role_arn, Stage.MADE, change.reasons)
        return ""

    def _disassociate(self, role_arn: str, portfolio_id: str) -> str:
        remark = ""
        try:
            self._clients.servicecatalog.disassociate_principal_from_portfolio(
                PortfolioId=portfolio_id, PrincipalARN=role_arn, PrincipalType="IAM"
            )
        except ClientError as exc:
            if error_code(exc) not in NOT_FOUND:
                raise
            remark = "was gone already"
        self._book.forget(portfolio_id, role_arn)
        return remark


def _is_refusal(exc: ClientError) -> bool:
    """Tell whether AWS surely did nothing; after a failure of its own, it may have."""
    status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
