"""The account that is measured, and the least calls of it."""

import pytest

from scripts.sandbox import Crowd
from tools.bench_post_apply.least import QUOTA, crowd_of, least_calls, roles_to_associate


def test_the_big_account_fills_the_portfolios_quota() -> None:
    crowd = crowd_of(5000)
    assert (crowd.users, crowd.roles) == (5000, 300)
    assert roles_to_associate(crowd) == QUOTA == 100


@pytest.mark.parametrize("users", [1, 10, 94, 95, 300, 301])
def test_a_smaller_one_has_as_many_roles_as_users_and_stays_within_the_quota(users: int) -> None:
    crowd = crowd_of(users)
    assert crowd.roles == min(300, users)
    assert crowd.existing_roles == min(94, users)


def test_fewer_roles_may_exist() -> None:
    crowd = crowd_of(300, principals=40)
    assert (crowd.users, crowd.roles, roles_to_associate(crowd)) == (300, 300, 40)


@pytest.mark.parametrize(("users", "pages"), [(1, 1), (100, 1), (101, 2), (5000, 50)])
def test_users_are_counted_in_pages_and_one_by_one(users: int, pages: int) -> None:
    least = least_calls(Crowd(users=users))
    # Two Domains with four users and one are in the account anyway.
    assert least["ListUserProfiles"] == pages + 2
    assert least["DescribeUserProfile"] == users + 5


def test_every_domain_is_looked_at_and_every_existing_role_associated_once() -> None:
    least = least_calls(Crowd(users=50, roles=20, existing_roles=7))
    assert least["ListDomains"] == 1
    assert least["DescribeDomain"] == least["ListSpaces"] == 3
    assert least["AssociatePrincipalWithPortfolio"] == 5 + 1 + 7
    assert least["EnableSagemakerServicecatalogPortfolio"] == 1
