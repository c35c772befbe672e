"""Who calls, and which associations of a portfolio mean the caller."""

import re
from dataclasses import dataclass

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from scripts.sandbox.service_sessions import Credentials


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls: the user or the role's session, as a provisioned product remembers its owner.

    Attributes:
        principal: ARN of the user, or of the role.
        credentials: the caller's own; their `arn` is the user's, or the session's.
    """

    principal: str
    credentials: Credentials


NOBODY = Identity("", Credentials("", "", "", ""))


def identify(account_id: str, partition: str, access_key: str) -> Identity:
    """The holder of the key; of a key that belongs to nobody, nothing but the key."""
    session = sts_backends[account_id][partition].get_assumed_role_from_access_key(access_key)
    if session:
        return Identity(
            session.role_arn,
            Credentials(
                access_key, session.secret_access_key, session.session_token, str(session.arn)
            ),
        )
    for user in iam_backends[account_id][partition].users.values():
        for key in user.access_keys:
            if key.access_key_id == access_key:
                return Identity(
                    user.arn, Credentials(access_key, key.secret_access_key, "", user.arn)
                )
    return Identity("", Credentials(access_key, access_key, "", ""))


def caller_arns(account_id: str, partition: str, access_key: str) -> frozenset[str]:
    """IAM ARNs that the holder of the key counts as: the user and its groups, or the role.

    Empty if the key belongs to nobody.
    """
    assumed = sts_backends[account_id][partition].get_assumed_role_from_access_key(access_key)
    if assumed:
        return frozenset({assumed.role_arn})
    iam = iam_backends[account_id][partition]
    for user in iam.users.values():
        if user.has_access_key(access_key):
            groups = iam.get_groups_for_user(user.name)
            return frozenset({user.arn, *(group.arn for group in groups)})
    return frozenset()


def exists(account_id: str, partition: str, arn: str) -> bool:
    """Whether the account has this user, group or role."""
    iam = iam_backends[account_id][partition]
    users, groups, roles = iam.users.values(), iam.groups.values(), iam.roles.values()
    return arn in {
        *(user.arn for user in users),
        *(group.arn for group in groups),
        *(role.arn for role in roles),
    }


def matches(pattern: str, arn: str) -> bool:
    """Whether an `IAM_PATTERN` (an ARN without account) means this principal.

    `*` is any number of characters, slashes too; `?` is one or none, as Service Catalog has it.
    """
    prefix, _, resource = arn.partition("::")
    without_account = f"{prefix}:::{resource.partition(':')[2]}"
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".?")
    return re.fullmatch(expression, without_account) is not None
