"""Who calls: from an access key to a principal and the policies that it carries."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from moto.core.utils import utcnow
from moto.iam.models import IAMBackend, User, iam_backends
from moto.sts.models import AssumedRole, sts_backends

from scripts.sandbox.access.evaluation import Policy
from scripts.sandbox.account import ACCOUNT

PARTITION = "aws"


class UnknownKeyError(Exception):
    """An access key that nobody has, or that is not active."""


class ExpiredKeyError(Exception):
    """A session that has ended."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller.

    Attributes:
        arn: of the user or of the session; empty for an anonymous caller.
        names: what policies may call it: the user; or the role, then the session.
        userid: `aws:userid`.
        type: `aws:PrincipalType`.
        username: `aws:username`, which only users have.
        tags: of the user or of the role.
        identity, boundary, session: the policies that it carries.
    """

    arn: str = ""
    names: tuple[str, ...] = ()
    userid: str = "anonymous"
    type: str = "Anonymous"
    username: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None

    @property
    def account(self) -> str:
        return self.arn.split(":")[4] if self.arn else ""


def names(access_key: str) -> tuple[str, ...]:
    """ARNs that the key's owner goes by: the user; or the role, then the session. Or nothing."""
    user = _user_of(access_key)
    if user:
        return (str(user.arn),)
    session = _session_of(access_key)
    return (str(session.role_arn), str(session.arn)) if session else ()


def find(access_key: str) -> Principal:
    """The key's owner; the anonymous caller if there is no key.

    Raises:
        UnknownKeyError: nobody has the key, or it is not active.
        ExpiredKeyError: the key's session has ended.
    """
    if not access_key:
        return Principal()
    user = _user_of(access_key)
    if user:
        key = user.get_access_key_by_id(access_key)
        if key.status != "Active":
            raise UnknownKeyError(access_key)
        return _as_user(user)
    session = _session_of(access_key)
    if session is None:
        raise UnknownKeyError(access_key)
    if session.expiration < utcnow():
        raise ExpiredKeyError(access_key)
    return _as_session(session)


def iam() -> IAMBackend:
    return iam_backends[ACCOUNT][PARTITION]


def policy(name: str, text: str) -> Policy:
    """A policy, its text read once however often it is asked for."""
    return Policy(name, _parsed(text))


def managed_policy(arn: str) -> Policy:
    """The default version of a managed policy; one that is gone allows nothing."""
    found = iam().managed_policies.get(arn)
    texts = [each.document for each in found.versions if each.is_default] if found else []
    return policy(arn, texts[0] if texts else "{}")


@lru_cache(maxsize=4096)
def _parsed(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    return document


def _user_of(access_key: str) -> User | None:
    return next(
        (
            user
            for user in iam().users.values()
            if any(key.access_key_id == access_key for key in user.access_keys)
        ),
        None,
    )


def _session_of(access_key: str) -> AssumedRole | None:
    sts = sts_backends[ACCOUNT][PARTITION]
    return sts.get_assumed_role_from_access_key(access_key)


def _as_user(user: User) -> Principal:
    groups = [group for group in iam().groups.values() if user in group.users]
    arn = str(user.arn)
    return Principal(
        arn=arn,
        names=(arn,),
        userid=str(user.id),
        type="User",
        username=str(user.name),
        tags=_plain(user.tags),
        identity=tuple(each for owner in (user, *groups) for each in _identity(owner)),
    )


def _as_session(session: AssumedRole) -> Principal:
    role = next((each for each in iam().roles.values() if each.arn == session.role_arn), None)
    if role is None:
        # The role is gone, and with it all that its sessions may do.
        raise UnknownKeyError(session.access_key_id)
    boundary = role.permissions_boundary_arn
    passed = session.policy
    return Principal(
        arn=str(session.arn),
        names=(str(role.arn), str(session.arn)),
        userid=str(session.user_id),
        type="AssumedRole",
        tags=_plain(role.tags),
        identity=tuple(_identity(role)),
        boundary=managed_policy(boundary) if boundary else None,
        session=(policy("session policy", passed),) if passed else None,
    )


def _identity(owner: Any) -> Iterable[Policy]:
    """Attached and inline policies of a user, a group or a role."""
    for arn in owner.managed_policies:
        yield managed_policy(arn)
    for name, text in owner.policies.items():
        yield policy(f"{owner.arn}/{name}", text)


def _plain(tags: Any) -> dict[str, str]:
    """Tags as moto keeps them: a list of keys and values, or a mapping of such."""
    entries = tags.values() if isinstance(tags, Mapping) else tags or []
    return {entry["Key"]: entry["Value"] for entry in entries}
