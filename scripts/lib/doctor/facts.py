"""What was found, before anybody judges it. What AWS did not answer is a fact as well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ParamSpec, TypeVar

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from scripts.lib.clients import Account
from scripts.lib.errors import describe
from scripts.lib.jumpstart.model import Domain, Portfolio

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Refused:
    """A question that got no answer, and why: access denied, or no answer at all."""

    reason: str


def ask(question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | Refused:
    """Return the answer, or why there is none.

    A question that cannot be put as it is (ParamValidationError) is the caller's fault: raised.
    """
    try:
        return question(*args, **kwargs)
    except ParamValidationError:
        raise
    except (ClientError, BotoCoreError) as exc:
        return Refused(describe(exc))


class MemberKind(StrEnum):
    """Who works with a role."""

    USER = "User"
    SPACE = "Space"


@dataclass(frozen=True)
class Member:
    """A user profile, or a shared space, which has no role of its own."""

    kind: MemberKind
    domain_id: str
    name: str
    status: str | Refused
    own_role: str | None = None


@dataclass(frozen=True)
class PolicyDocument:
    """A policy of a role, as JSON."""

    name: str
    text: str


@dataclass(frozen=True)
class Policies:
    """What a role may do. Documents are read only if AWS's own policy is not attached."""

    full_access: bool = False
    documents: tuple[PolicyDocument, ...] = ()
    unread: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class Role:
    """What IAM says. ``found`` is the ARN that it knows the role's name by, None if it knows
    none; nothing is asked about a role that is ``foreign``: of another account, or no ARN of a
    role at all. ``trust`` is JSON."""

    arn: str
    found: str | Refused | None = None
    foreign: bool = False
    trust: str = "{}"
    policies: Policies = Policies()

    @property
    def is_usable(self) -> bool:
        """Whether it could be associated; what IAM does not tell, it may be."""
        return not self.foreign and (isinstance(self.found, Refused) or self.found == self.arn)


@dataclass(frozen=True)
class ServiceRole:
    """A role that SageMaker's portfolio needs in the account, and the ARN found, if any."""

    name: str
    found: str | Refused | None


@dataclass(frozen=True)
class AccountFacts:
    """What all users of an account and Region have in common.

    ``imported`` tells whether there is a portfolio at all, which may be known although who may
    see it is not.
    """

    account: Account
    enabled: bool | Refused
    imported: bool | Refused
    portfolios: tuple[Portfolio, ...] | Refused
    service_roles: tuple[ServiceRole, ...]


@dataclass(frozen=True)
class Facts:
    """Everything that one chain is made of. ``role`` is that of ``effective_role``."""

    account: AccountFacts
    domain: Domain | Refused
    member: Member
    role: Role | None = None


def effective_role(domain: Domain | Refused, member: Member) -> str | None:
    """Return the ARN of the role that ``member`` works with, or None if it is not known or none."""
    if isinstance(member.status, Refused):
        return None
    if member.own_role or isinstance(domain, Refused):
        return member.own_role
    return domain.space_role if member.kind is MemberKind.SPACE else domain.user_role
