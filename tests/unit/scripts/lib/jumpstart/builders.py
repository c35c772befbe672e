"""Short ways to write accounts, Domains and roles in tests."""

from scripts.lib.clients import Account
from scripts.lib.jumpstart.model import Domain, Portfolio, Principal, Space, UserProfile

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
