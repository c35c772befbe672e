"""UpdateRole."""

from typing import Any

import pytest

from scripts.sandbox import Sandbox

NAME = {"RoleName": "CustomRoleBen"}


@pytest.mark.parametrize(
    ("given", "description", "duration"),
    [
        ({}, "one", 7200),
        ({"Description": "two"}, "two", 7200),
        ({"MaxSessionDuration": 3600}, "one", 3600),
        ({"Description": "two", "MaxSessionDuration": 3600}, "two", 3600),
    ],
)
def test_what_is_not_given_stays(
    account: Sandbox, given: dict[str, Any], description: str, duration: int
) -> None:
    iam = account.client("iam")
    iam.update_role(**NAME, Description="one", MaxSessionDuration=7200)
    iam.update_role(**NAME, **given)
    role = iam.get_role(**NAME)["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == (description, duration)


def test_fails_for_a_role_that_does_not_exist(account: Sandbox) -> None:
    iam = account.client("iam")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.update_role(RoleName="absent", Description="x")
