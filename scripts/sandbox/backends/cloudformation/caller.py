"""With whose credentials a stack's resources are made: those of whoever asked for them."""

from dataclasses import dataclass, field
from typing import Any

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.clients import create_client
from scripts.sandbox.service_sessions import NotTrustedError, assume

SERVICE = "cloudformation.amazonaws.com"


@dataclass(frozen=True)
class Caller:
    """Credentials, and where to use them.

    Attributes:
        endpoint: the sandbox's own, as the request that is being answered came by it.
    """

    endpoint: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)

    def client(self, service: str) -> Any:
        """A client of a service that acts as the caller."""
        return create_client(
            self.endpoint,
            service,
            region=self.region,
            access_key=self.access_key,
            secret_key=self.secret_key,
            session_token=self.session_token,
        )


def caller_of(
    account_id: str, partition: str, access_key: str, endpoint: str, region: str
) -> Caller:
    """The holder of an access key. A key that belongs to nobody has no secret: any will do."""
    session = sts_backends[account_id][partition].get_assumed_role_from_access_key(access_key)
    if session:
        secret, token = session.secret_access_key, session.session_token
        return Caller(endpoint, region, access_key, secret, token)
    for user in iam_backends[account_id][partition].users.values():
        for key in user.access_keys:
            if key.access_key_id == access_key:
                return Caller(endpoint, region, access_key, key.secret_access_key)
    return Caller(endpoint, region, access_key, access_key)


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
