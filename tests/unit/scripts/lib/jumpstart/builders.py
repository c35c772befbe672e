"""Short ways to write accounts, Domains and roles in tests."""

from collections.abc import Iterable
from dataclasses import replace

from scripts.lib.changes import Change
from scripts.lib.clients import Account
from scripts.lib.jumpstart.ledger import Entry, Ledger, Stage
from scripts.lib.jumpstart.model import Domain, Portfolio, Principal, Space, State, UserProfile
from scripts.lib.jumpstart.plan import AssociateRole, AwaitPortfolio, EnablePortfolio
from scripts.lib.jumpstart.removal import AdoptAssociation, DisassociateRole, ForgetAssociation

ACCOUNT = Account("123456789012", "aws", "eu-west-1")
SOLUTIONS = "Amazon SageMaker Solutions and ML Ops products"


def role(name: str) -> str:
    return f"arn:aws:iam::123456789012:role/{name}"


def user(name: str, own_role: str | None = None) -> UserProfile:
    return UserProfile(name, role(own_role) if own_role else None)


def domain(
    name: str = "lab",
    *members: UserProfile | Space,
    status: str = "InService",
    own: str | None = "Own",
    shared: str | None = "Shared",
) -> Domain:
    return Domain(
        id=f"d-{name}",
        name=name,
        status=status,
        auth_mode="IAM",
        user_role=role(own) if own else None,
        space_role=role(shared) if shared else None,
        users=tuple(item for item in members if isinstance(item, UserProfile)),
        spaces=tuple(item for item in members if isinstance(item, Space)),
    )


def portfolio(identifier: str = "port-a", *roles: str) -> Portfolio:
    return Portfolio(identifier, SOLUTIONS, frozenset(Principal(role(name)) for name in roles))


def after(found: State, changes: Iterable[Change]) -> State:
    """Return what the account is like when the changes are made.

    Enabling imports a portfolio; what is to be associated "once imported" goes to every one.
    """
    enabled = found.enabled
    there = {each.id: each for each in found.portfolios}
    for change in changes:
        match change:
            case EnablePortfolio():
                enabled = True
            case AwaitPortfolio():
                there = there or {"port-new": Portfolio("port-new", SOLUTIONS)}
            case AssociateRole(role_arn=arn, portfolio_id=identifier):
                for key in [identifier] if identifier else list(there):
                    principals = there[key].principals | {Principal(arn)}
                    there[key] = replace(there[key], principals=principals)
            case DisassociateRole(role_arn=arn, portfolio_id=key):
                principals = there[key].principals - {Principal(arn)}
                there[key] = replace(there[key], principals=principals)
            case AdoptAssociation() | ForgetAssociation():
                pass
            case _:
                raise TypeError(f"no way to tell what comes of {change!r}")
    return replace(found, enabled=enabled, portfolios=tuple(there.values()))


def written(ledger: Ledger, changes: Iterable[Change]) -> Ledger:
    """Return what the ledger says when the changes are made."""
    for change in changes:
        match change:
            case AssociateRole(role_arn=arn, portfolio_id=str(key)):
                ledger = ledger.with_entry(Entry(key, arn, Stage.MADE, "", change.reasons))
            case AdoptAssociation(role_arn=arn, portfolio_id=key):
                ledger = ledger.with_entry(Entry(key, arn, Stage.ADOPTED, ""))
            case (
                DisassociateRole(role_arn=arn, portfolio_id=key)
                | ForgetAssociation(role_arn=arn, portfolio_id=key)
            ):
                ledger = ledger.without(key, arn)
    return ledger
