"""A big account: many users in one more Domain, with many roles of their own."""

import re
from dataclasses import dataclass

from scripts.lib.errors import InputError

MOST_USERS = 50_000
MOST_ROLES = 5_000
"""As many roles as an account can have."""
LONGEST_NAME = 40
_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*")


@dataclass(frozen=True, slots=True)
class Crowd:
    """Users of one Domain, who take turns with the roles.

    The Domain's own role exists, besides those below. A role that exists trusts SageMaker and has
    `AmazonSageMakerFullAccess`; of the others there is nothing but the ARN in the users' profiles.

    Attributes:
        users: how many.
        roles: how many roles of their own they have; with none they work with the Domain's.
        existing_roles: how many of these exist in IAM, the first ones.
        domain: name of the Domain, with which the names of its users and roles begin.

    Raises:
        InputError: one of these cannot be; the message says what is allowed.
    """

    users: int
    roles: int = 0
    existing_roles: int = 0
    domain: str = "crowd"

    def __post_init__(self) -> None:
        _require("users", self.users, 1, MOST_USERS)
        _require("roles", self.roles, 0, min(MOST_ROLES, self.users))
        _require("existing_roles", self.existing_roles, 0, self.roles)
        if not _NAME.fullmatch(self.domain) or len(self.domain) > LONGEST_NAME:
            raise InputError(
                f"domain of a crowd is {self.domain!r}, allowed: letters, digits and hyphens"
                f" inside, {LONGEST_NAME} at most"
            )

    @property
    def domain_role(self) -> str:
        """Name of the Domain's own role."""
        return f"{self.domain}-domain-role"

    def user(self, number: int) -> str:
        """Name of a user, who are numbered from 1."""
        return f"{self.domain}-user-{number:05}"

    def role(self, number: int) -> str:
        """Name of a role, which are numbered from 1."""
        return f"{self.domain}-role-{number:04}"

    def role_of(self, number: int) -> str | None:
        """Name of a user's own role; None if the user works with the Domain's."""
        return self.role((number - 1) % self.roles + 1) if self.roles else None


def _require(name: str, value: int, least: int, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InputError(f"{name} of a crowd is {value!r}, allowed: {least} to {most}")
