"""With whose credentials a stack's resources are made: those of whoever asked for them."""

from dataclasses import dataclass, field
from typing import Any

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.clients import CALLED_VIA_HEADER, create_client
from scripts.sandbox.service_sessions import NotTrustedError, assume

VIA = "cloudformation"
SERVICE = f"{VIA}.amazonaws.com"


@dataclass(frozen=True)
class Caller:
    """Credentials, and where to use them.

    Attributes:
        endpoint: the sandbox's own, as the request that is being answered came by it.
        via: services that call on with these rights, the first one first; empty for those of a role
            that CloudFormation has taken on itself.
    """

    endpoint: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    via: tuple[str, ...] = ()

    def client(self, service: str) -> Any:
        """A client of a service that acts as the caller."""
        return create_client(
            self.endpoint,
            service,
            region=self.region,
            access_key=self.access_key,
            secret_key=self.secret_key,
            session_token=self.session_token,
            headers={CALLED_VIA_HEADER: ",".join(self.via)} if self.via else None,
        )


def caller_of(
    account_id: str,
    partition: str,
    access_key: str,
    *,
    endpoint: str,
    region: str,
    came_via: tuple[str, ...] = (),
) -> Caller:
    """The holder of an access key, for whom CloudFormation calls on.

    A key that belongs to nobody has no secret: any will do.

    Args:
        account_id: whose key it is.
        partition: the account's.
        access_key: the key's id.
        endpoint: see `Caller`.
        region: where to work.
        came_via: services through which the caller's request came.
    """
    secret, token = _secret(account_id, partition, access_key)
    via = (*came_via, VIA)
    return Caller(endpoint, region, access_key, secret, token, via)


def _secret(account_id: str, partition: str, access_key: str) -> tuple[str, str | None]:
    session = sts_backends[account_id][partition].get_assumed_role_from_access_key(access_key)
    if session:
        return session.secret_access_key, session.session_token
    for user in iam_backends[account_id][partition].users.values():
        for key in user.access_keys:
            if key.access_key_id == access_key:
                return key.secret_access_key, None
    return access_key, None


def as_role(caller: Caller, role_arn: str, session_name: str) -> Caller:
    """The stack's own role, taken on by CloudFormation.

    Raises:
        ValidationError: there is no such role, or it does not trust CloudFormation.
    """
    try:
        session = assume(SERVICE, role_arn, session_name)
    except NotTrustedError:
        raise ValidationError(f"Role {role_arn} is invalid or cannot be assumed") from None
    return Caller(
        caller.endpoint,
        caller.region,
        session.access_key,
        session.secret_key,
        session.session_token,
    )
