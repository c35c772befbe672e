"""What is: Domains and who works in them with which role, portfolios and who may see them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from scripts.lib.clients import Account
from scripts.lib.errors import InputError
from scripts.lib.jumpstart.quota import DEFAULT_QUOTA, Quota
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
    shared spaces (``DefaultSpaceSettings``). ``leaving`` are users and spaces that are being
    deleted or never came about, each with its status; they are not among ``users`` and ``spaces``.
    """

    id: str
    name: str
    status: str
    auth_mode: str
    user_role: str | None = None
    space_role: str | None = None
    users: tuple[UserProfile, ...] = ()
    spaces: tuple[Space, ...] = ()
    leaving: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"Domain {self.name} ({self.id})"

    def role_of_user(self, user: UserProfile) -> str | None:
        """Return the role with which ``user`` works: the profile's, else the Domain's."""
        return user.role_arn or self.user_role

    def role_of_space(self, space: Space) -> str | None:
        """Return the role of ``space``: the Domain's for shared ones, else the owner's."""
        return self.space_role if space.owner is None else self._roles_of_users.get(space.owner)

    @cached_property
    def _roles_of_users(self) -> dict[str, str | None]:
        return {user.name: self.role_of_user(user) for user in self.users}


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

    @property
    def roles(self) -> frozenset[str]:
        """The ARNs of the roles that may see it by their own name."""
        return frozenset(
            principal.arn
            for principal in self.principals
            if principal.type is PrincipalType.IAM and ":role/" in principal.arn
        )

    @property
    def patterns(self) -> frozenset[Principal]:
        return frozenset(
            principal
            for principal in self.principals
            if principal.type is PrincipalType.IAM_PATTERN
        )

    def admits(self, role: str) -> bool:
        return any(principal.covers(role) for principal in self.principals)

    def missing(self, roles: Iterable[str]) -> frozenset[str]:
        """Return those of ``roles`` that do not see it."""
        return frozenset(role for role in roles if not self.admits(role))


def roles_of(portfolios: Iterable[Portfolio]) -> tuple[str, ...]:
    """Return every role that a portfolio names itself, users, groups and patterns left aside."""
    return tuple(sorted({arn for portfolio in portfolios for arn in portfolio.roles}))


@dataclass(frozen=True)
class RoleFacts:
    """What IAM says of a role. ``error`` says why it cannot be associated, ``unchecked`` why
    IAM could not be asked, and ``equivalent`` is the inline policy that gives full access."""

    arn: str
    error: str = ""
    unchecked: str = ""
    trusts_sagemaker: bool = True
    has_full_access: bool = True
    equivalent: str = ""


@dataclass(frozen=True)
class Selection:
    """Whom a run is for. Empty ``domains`` or ``users`` mean all of them.

    With ``role_arns`` these roles are meant, whoever uses them. ``leaving`` counts what is being
    deleted as in use.
    """

    role_arns: tuple[str, ...] | None = None
    domains: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    leaving: bool = False

    def left_out(self, status: str | None) -> bool:
        """Tell whether nobody can work in what has this status, so that it does not count."""
        return status in LEAVING and not self.leaving

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
    quota: Quota = DEFAULT_QUOTA

    def admits(self, role: str) -> bool:
        """Tell whether ``role`` sees JumpStart: enabled, and associated everywhere."""
        return (
            self.enabled
            and bool(self.portfolios)
            and all(portfolio.admits(role) for portfolio in self.portfolios)
        )
