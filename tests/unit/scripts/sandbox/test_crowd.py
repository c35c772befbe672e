"""What a crowd may be, and who works with which role."""

from collections import Counter
from typing import Any

import pytest

from scripts.lib.errors import InputError
from scripts.sandbox import Crowd
from scripts.sandbox.crowd import MOST_ROLES, MOST_USERS

NAMES_ALLOWED = "letters, digits and hyphens inside, 40 at most"


def test_users_take_turns_with_the_roles() -> None:
    crowd = Crowd(users=10, roles=4)
    assert [crowd.role_of(number) for number in (1, 2, 4, 5)] == [
        "crowd-role-0001",
        "crowd-role-0002",
        "crowd-role-0004",
        "crowd-role-0001",
    ]
    shares = Counter(crowd.role_of(number) for number in range(1, 11))
    assert sorted(shares.values()) == [2, 2, 3, 3]


def test_without_roles_users_work_with_the_domains() -> None:
    assert Crowd(users=3).role_of(1) is None


def test_names_begin_with_the_domains_and_stay_within_awss_limits() -> None:
    crowd = Crowd(users=MOST_USERS, roles=MOST_ROLES, domain="d" * 40)
    names = (crowd.user(MOST_USERS), crowd.role(MOST_ROLES), crowd.domain_role)
    assert all(name.startswith("d" * 40 + "-") for name in names)
    assert max(map(len, names)) <= 63


def test_the_ends_of_what_is_allowed_are_allowed() -> None:
    assert Crowd(users=1, roles=1, existing_roles=1, domain="a").roles == 1
    assert Crowd(users=5000, roles=5000, existing_roles=0).users == 5000


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"users": 0}, "users of a crowd is 0, allowed: 1 to 50000"),
        ({"users": 50_001}, "users of a crowd is 50001, allowed: 1 to 50000"),
        ({"users": "5"}, "users of a crowd is '5', allowed: 1 to 50000"),
        ({"users": True}, "users of a crowd is True, allowed: 1 to 50000"),
        ({"users": 2.0}, "users of a crowd is 2.0, allowed: 1 to 50000"),
        ({"users": 5, "roles": 6}, "roles of a crowd is 6, allowed: 0 to 5"),
        ({"users": 9000, "roles": 5001}, "roles of a crowd is 5001, allowed: 0 to 5000"),
        ({"users": 5, "roles": -1}, "roles of a crowd is -1, allowed: 0 to 5"),
        (
            {"users": 5, "roles": 3, "existing_roles": 4},
            "existing_roles of a crowd is 4, allowed: 0 to 3",
        ),
        *(
            (
                {"users": 1, "domain": name},
                f"domain of a crowd is {name!r}, allowed: {NAMES_ALLOWED}",
            )
            for name in ("", "-a", "a-", "a b", "a\n", "a/b", "d" * 41, "ä")
        ),
    ],
)
def test_fails_for_what_cannot_be(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        Crowd(**given)
    assert str(caught.value) == message
