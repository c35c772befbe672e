"""What is: Domains and who works in them with which role, portfolios and who may see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from scripts.lib.clients import Account
from scripts.lib.errors import InputError
from scripts.lib.role_arn import RoleArn

PROVIDER_NAME = "Amazon SageMaker"
"""Provider of SageMaker's own portfolios. Their display name has changed over time."""

SAGEMAKER = "sagemaker.amazonaws.com"
FULL_ACCESS = "AmazonSageMakerFullAccess"

IN_SERVICE = "InService"
LEAVING = frozenset({"Deleting", "Failed"})
"""States in which nobody can work any more, or never could."""


@dataclass(frozen=True)
class UserProfile:
    """A user of a Domain; ``role_arn`` is None if the profile names no role of its own."""

    name: str
    role_arn: str | None = None


@dataclass(frozen=True)
class Space:
    """A space of a Domain; ``owner`` is None for a shared one."""

    name: str
    owner: str | None = None


@dataclass(frozen=True)
class Domain:
    """A Domain with those of its users and spaces that were looked at.

    ``user_role`` is the Domain's own role (``DefaultUserSettings``), ``space_role`` that of its
    shared spaces (``DefaultSpaceSettings``).
    """

    id: str
    name: str
    status: str
    auth_mode: str
    user_role: str | None = None
    space_role: str | None = None
    users: tuple[UserProfile, ...] = ()
    spaces: tuple[Space, ...] = ()

    def __str__(self) -> str:
        return f"Domain {self.name} ({self.id})"

    def role_of_user(self, user: UserProfile) -> str | None:
        """Return the role with which ``user`` works: the profile's, else the Domain's."""
        return user.role_arn or self.user_role

    def role_of_space(self, space: Space) -> str | None:
        """Return the role of ``space``: the Domain's for shared ones, else the owner's."""
        if space.owner is None:
            return self.space_role
        owners = [user for user in self.users if user.name == space.owner]
        return self.role_of_user(owners[0]) if owners else None


class PrincipalType(StrEnum):
    """How a principal of a portfolio is written."""

    IAM = "IAM"
    IAM_PATTERN = "IAM_PATTERN"


@dataclass(frozen=True)
class Principal:
    """Who may see a portfolio."""

    arn: str
    type: PrincipalType = PrincipalType.IAM

    def covers(self, role: str) -> bool:
        """Tell whether this principal is the role ``role`` (an ARN), or a pattern matching it.

        A pattern leaves out the account; ``*`` is any characters, ``/`` too, and ``?`` one or
        none (API reference of AssociatePrincipalWithPortfolio).
        """
        if self.type is PrincipalType.IAM:
            return self.arn == role
        pattern = re.escape(self.arn).replace(r"\*", ".*").replace(r"\?", ".?")
        return re.fullmatch(pattern, re.sub(r"::\d{12}:", ":::", role, count=1)) is not None


@dataclass(frozen=True)
class Portfolio:
    """A portfolio of SageMaker's that the account has imported."""

    id: str
    name: str
    principals: frozenset[Principal] = frozenset()

    def __str__(self) -> str:
        return f"{self.id} ({self.name})"

    def admits(self, role: str) -> bool:
        return any(principal.covers(role) for principal in self.principals)


@dataclass(frozen=True)
class RoleFacts:
    """What IAM says of a role. ``error`` says why it cannot be associated, ``unchecked`` why
    IAM could not be asked."""

    arn: str
    error: str = ""
    unchecked: str = ""
    trusts_sagemaker: bool = True
    has_full_access: bool = True


@dataclass(frozen=True)
class Selection:
    """Whom a run is for. Empty ``domains`` or ``users`` mean all of them.

    With ``role_arns`` these roles are meant, whoever uses them.
    """

    role_arns: tuple[str, ...] | None = None
    domains: tuple[str, ...] = ()
    users: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.role_arns is not None and self.users:
            raise InputError("give roles or users, not both: a user's roles are found by itself")
        for arn in self.role_arns or ():
            RoleArn.parse(arn)


@dataclass(frozen=True)
class State:
    """One account and Region as found."""

    account: Account
    enabled: bool
    domains: tuple[Domain, ...] = ()
    portfolios: tuple[Portfolio, ...] = ()
    roles: tuple[RoleFacts, ...] = ()

    def admits(self, role: str) -> bool:
        """Tell whether ``role`` sees JumpStart: enabled, and associated everywhere."""
        return (
            self.enabled
            and bool(self.portfolios)
            and all(portfolio.admits(role) for portfolio in self.portfolios)
        )
