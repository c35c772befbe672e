"""The executor that writes: makes the changes of a plan, decides nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from scripts.lib.changes import Change, Executor, Status
from scripts.lib.errors import ToolError
from scripts.lib.jumpstart.observe import observe_portfolios
from scripts.lib.jumpstart.plan import AssociateRole, AwaitPortfolio, EnablePortfolio

if TYPE_CHECKING:
    from scripts.lib.clients import Clients
    from scripts.lib.jumpstart.model import Portfolio

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 15.0
"""Seconds between two looks for the portfolio; each pause is twice the one before."""


class AwsExecutor(Executor):
    """Makes the changes in AWS. Each of them may be repeated without harm."""

    success = Status.DONE

    def __init__(
        self,
        clients: Clients,
        *,
        wait_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clients = clients
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
            case AssociateRole(role_arn=role_arn, portfolio_id=str(portfolio_id)):
                return self._associate(role_arn, portfolio_id)
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

    def _associate(self, role_arn: str, portfolio_id: str) -> str:
        imported = self._imported.get(portfolio_id)
        if imported and imported.admits(role_arn):
            return "was associated already"
        self._clients.servicecatalog.associate_principal_with_portfolio(
            PortfolioId=portfolio_id, PrincipalARN=role_arn, PrincipalType="IAM"
        )
        return ""
