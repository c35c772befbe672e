"""Portfolios shared with other accounts, as the owner and as the recipient see it."""

from scripts.sandbox.backends.servicecatalog.dispatch import Answer, Request
from scripts.sandbox.backends.servicecatalog.errors import (
    InvalidParametersError,
    ResourceNotFoundError,
)
from scripts.sandbox.backends.servicecatalog.ids import new_id
from scripts.sandbox.backends.servicecatalog.paging import page
from scripts.sandbox.backends.servicecatalog.records import Share
from scripts.sandbox.backends.servicecatalog.store import Store

# Type of an organization's node -> type of its share.
NODES = {
    "ACCOUNT": "ORGANIZATION_MEMBER_ACCOUNT",
    "ORGANIZATION": "ORGANIZATION",
    "ORGANIZATIONAL_UNIT": "ORGANIZATIONAL_UNIT",
}


class Shares(Store):
    """The owner's side. Shares with an organization are kept and complete at once."""

    def create_portfolio_share(self, request: Request) -> Answer:
        """Repeating it changes nothing. A node of the organization gets a token to ask with."""
        portfolio = self.own_portfolio(request["PortfolioId"])
        kind, value = self._recipient(request)
        share = Share(
            type=kind,
            value=value,
            accepted=kind != "ACCOUNT",
            tag_options=request.get("ShareTagOptions", False),
            principals=request.get("SharePrincipals", False),
        )
        if share.principals and kind not in {"ORGANIZATION", "ORGANIZATIONAL_UNIT"}:
            raise InvalidParametersError(
                "SharePrincipals is for an organization or an organizational unit only"
            )
        shares = self.shares.setdefault(portfolio.id, [])
        if not any((each.type, each.value) == (kind, value) for each in shares):
            shares.append(share)
        return self._token(portfolio.id, share)

    def update_portfolio_share(self, request: Request) -> Answer:
        """What goes along with the portfolio."""
        share = self._share(request)
        share.tag_options = request.get("ShareTagOptions", share.tag_options)
        share.principals = request.get("SharePrincipals", share.principals)
        return {**self._token(request["PortfolioId"], share), "Status": "COMPLETED"}

    def delete_portfolio_share(self, request: Request) -> Answer:
        """An account that had imported the portfolio loses it."""
        share = self._share(request)
        self.shares[request["PortfolioId"]].remove(share)
        if share.type == "ACCOUNT":
            self.account(share.value).forget(request["PortfolioId"])
        return self._token(request["PortfolioId"], share)

    def describe_portfolio_shares(self, request: Request) -> Answer:
        """Of one type."""
        portfolio = self.own_portfolio(request["PortfolioId"])
        shares = self.shares.get(portfolio.id, [])
        details = [share.detail() for share in shares if share.type == request["Type"]]
        return page(request, "PortfolioShareDetails", details)

    def describe_portfolio_share_status(self, request: Request) -> Answer:
        """By the token of a share with the organization."""
        token = request["PortfolioShareToken"]
        if token not in self.share_tokens:
            raise ResourceNotFoundError(f"Portfolio share token {token} not found")
        portfolio_id, value = self.share_tokens[token]
        return {
            "PortfolioShareToken": token,
            "PortfolioId": portfolio_id,
            "OrganizationNodeValue": value,
            "Status": "COMPLETED",
            "ShareDetails": {"SuccessfulShares": [], "ShareErrors": []},
        }

    def list_portfolio_access(self, request: Request) -> Answer:
        """Accounts that the portfolio is shared with."""
        portfolio = self.own_portfolio(request["PortfolioId"])
        shares = self.shares.get(portfolio.id, [])
        return page(
            request, "AccountIds", [each.value for each in shares if each.type == "ACCOUNT"]
        )

    def list_organization_portfolio_access(self, request: Request) -> Answer:
        """Nodes of the organization, of one type, that the portfolio is shared with."""
        portfolio = self.own_portfolio(request["PortfolioId"])
        kind = request["OrganizationNodeType"]
        nodes = [
            {"Type": kind, "Value": share.value}
            for share in self.shares.get(portfolio.id, [])
            if share.type == NODES[kind]
        ]
        return page(request, "OrganizationNodes", nodes)

    def _recipient(self, request: Request) -> tuple[str, str]:
        account, node = request.get("AccountId"), request.get("OrganizationNode")
        if bool(account) == bool(node):
            raise InvalidParametersError("Specify either AccountId or OrganizationNode")
        if node:
            if not node.get("Type") or not node.get("Value"):
                raise InvalidParametersError("OrganizationNode needs a Type and a Value")
            return NODES[node["Type"]], node["Value"]
        if account == self.account_id:
            raise InvalidParametersError("A portfolio cannot be shared with its own account")
        return "ACCOUNT", str(account)

    def _share(self, request: Request) -> Share:
        portfolio = self.own_portfolio(request["PortfolioId"])
        kind, value = self._recipient(request)
        for share in self.shares.get(portfolio.id, []):
            if (share.type, share.value) == (kind, value):
                return share
        raise ResourceNotFoundError(f"Portfolio {portfolio.id} is not shared with {value}")

    def _token(self, portfolio_id: str, share: Share) -> Answer:
        if share.type == "ACCOUNT":
            return {}
        token = new_id("share")
        self.share_tokens[token] = portfolio_id, share.value
        return {"PortfolioShareToken": token}
