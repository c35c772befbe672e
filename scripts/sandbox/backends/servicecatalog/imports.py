"""Portfolios of other accounts, accepted into this one."""

from moto.servicecatalog.models import servicecatalog_backends

from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import ResourceNotFoundError
from scripts.sandbox.backends.servicecatalog.paging import page
from scripts.sandbox.backends.servicecatalog.records import Import, Share
from scripts.sandbox.backends.servicecatalog.store import Store

# Type of an accepted share -> type of the share as its owner keeps it.
OFFERS = {"IMPORTED": "ACCOUNT", "AWS_ORGANIZATIONS": "ORGANIZATION_MEMBER_ACCOUNT"}


class Imports(Store):
    """The recipient's side of portfolio shares."""

    def accept_portfolio_share(self, request: Request) -> Answer:
        """Repeating it changes nothing."""
        kind = request.get("PortfolioShareType", "IMPORTED")
        owner, share = self._offer(request["PortfolioId"], kind)
        share.accepted = True
        self.imports.setdefault(request["PortfolioId"], Import(owner, kind))
        return {}

    def reject_portfolio_share(self, request: Request) -> Answer:
        """The account loses the portfolio if it had accepted it; the offer stands."""
        portfolio_id = request["PortfolioId"]
        _, share = self._offer(portfolio_id, request.get("PortfolioShareType", "IMPORTED"))
        share.accepted = False
        self.forget(portfolio_id)
        return {}

    def list_accepted_portfolio_shares(self, request: Request) -> Answer:
        """Those of one type. A fresh import may be missing from the first lists, as in AWS."""
        kind = request.get("PortfolioShareType", "IMPORTED")
        visible = []
        for portfolio_id, imported in self.imports.items():
            if imported.type != kind:
                continue
            if imported.hidden <= 0:
                visible.append(self.portfolio(portfolio_id).detail())
            elif not request.get("PageToken"):
                imported.hidden -= 1
        return page(request, "PortfolioDetails", visible)

    def _offer(self, portfolio_id: str, kind: str) -> tuple[str, Share]:
        """The account that shares the portfolio with this one, and the share."""
        for account_id in list(servicecatalog_backends):
            for share in self.account(account_id).shares.get(portfolio_id, []):
                if (share.type, share.value) == (OFFERS.get(kind), self.account_id):
                    return account_id, share
        raise ResourceNotFoundError(f"Portfolio {portfolio_id} is not shared with this account")
