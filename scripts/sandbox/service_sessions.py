"""What an AWS service does with a role of the account: takes it on, if the role trusts it.

Rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

import json
from dataclasses import dataclass, field

from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from scripts.sandbox.account import ACCOUNT, REGION
from scripts.sandbox.policies import ALLOW, Request, decide

DURATION = 3600
"""Seconds that a session lasts."""
# Services that name no account when they take on a role, so that a trust which asks for one locks
# them out.
NAMES_NO_ACCOUNT = frozenset({"lambda.amazonaws.com"})


class NotTrustedError(Exception):
    """The role does not exist, or its trust policy does not let the service take it on."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A session's credentials, and the ARN that it acts as."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(repr=False)
    arn: str

    def answer(self) -> dict[str, str]:
        """As STS names them in its answers."""
        return {
            "AccessKeyId": self.access_key,
            "SecretAccessKey": self.secret_key,
            "SessionToken": self.session_token,
        }


def assume(service: str, role_arn: str, session_name: str) -> Credentials:
    """A session of a role, made by a service. The trust is checked always, enforcement or not.

    Args:
        service: service principal, such as `lambda.amazonaws.com`.
        role_arn: a role of this account.
        session_name: last part of the session's ARN.

    Raises:
        NotTrustedError: there is no such role, or it does not trust the service.
    """
    require_trust(service, role_arn)
    session = sts_backends[ACCOUNT]["aws"].assume_role(
        region_name=REGION,
        role_session_name=session_name,
        role_arn=role_arn,
        policy="",
        duration=DURATION,
        external_id="",
    )
    return Credentials(
        access_key=session.access_key_id,
        secret_key=session.secret_access_key,
        session_token=session.session_token,
        arn=session.arn,
    )


def require_trust(service: str, role_arn: str) -> None:
    """Check that a service could take on a role.

    Raises:
        NotTrustedError: there is no such role, or it does not trust the service.
    """
    try:
        role = iam_backends[ACCOUNT]["aws"].get_role_by_arn(role_arn)
    except NotFoundException:
        raise NotTrustedError(f"{service} cannot assume {role_arn}: no such role") from None
    context = {} if service in NAMES_NO_ACCOUNT else {"aws:SourceAccount": ACCOUNT}
    request = Request((service,), "sts:AssumeRole", role_arn, context)
    if decide(json.loads(role.assume_role_policy_document), request) != ALLOW:
        raise NotTrustedError(
            f"{service} cannot assume {role_arn}: the role's trust policy does not allow it"
        )
