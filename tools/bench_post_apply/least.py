"""The account that is measured, and the least number of calls that its work takes."""

from math import ceil

from scripts.sandbox import Crowd
from scripts.sandbox.account import DOMAINS

PAGE = 100
"""Most that one page of Domains, users or spaces holds."""
MOST_ROLES = 300
QUOTA = 100
"""Principals that a portfolio takes unless AWS raises it: as many roles exist."""
OWN_ROLES = len(
    {domain_role for domain_role, _ in DOMAINS.values()}
    | {own for _, users in DOMAINS.values() for own in users.values() if own}
)
"""Roles with which the users of an account without a crowd work."""


def crowd_of(users: int, principals: int = QUOTA) -> Crowd:
    """The crowd of an account with so many users besides those that it has anyway.

    Args:
        users: one or more.
        principals: how many roles there are to associate in all, if there are users for them.
    """
    roles = min(MOST_ROLES, users)
    # The Domain of the crowd has a role as well.
    return Crowd(users=users, roles=roles, existing_roles=min(principals - OWN_ROLES - 1, roles))


def roles_to_associate(crowd: Crowd) -> int:
    """How many roles exist that somebody works with: all of the account's, and the crowd's."""
    return OWN_ROLES + 1 + crowd.existing_roles


def least_calls(crowd: Crowd) -> dict[str, int]:
    """Calls by operation of a first run: pages, one description of each user, one write for each
    role. What is not named is not judged: how to ask for it is a choice."""
    users = [crowd.users, *(len(members) for _, members in DOMAINS.values())]
    return {
        "ListDomains": ceil(len(users) / PAGE),
        "DescribeDomain": len(users),
        "ListUserProfiles": sum(ceil(count / PAGE) for count in users),
        "DescribeUserProfile": sum(users),
        "ListSpaces": len(users),
        "EnableSagemakerServicecatalogPortfolio": 1,
        "AssociatePrincipalWithPortfolio": roles_to_associate(crowd),
    }
