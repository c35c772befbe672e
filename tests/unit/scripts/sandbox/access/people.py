"""Users, roles and what becomes of their calls."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox

ACCOUNT = "123456789012"
REGION = "eu-west-1"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
_numbers = count()

Statement = dict[str, Any]
Keys = Mapping[str, str]


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def allow(action: str | Sequence[str], resource: Any = "*", **condition: Any) -> Statement:
    return _statement("Allow", action, resource, condition)


def deny(action: str | Sequence[str], resource: Any = "*", **condition: Any) -> Statement:
    return _statement("Deny", action, resource, condition)


def document(*statements: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal: Any, **more: Any) -> str:
    return document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more})


def user(sandbox: Sandbox, *statements: Statement) -> dict[str, str]:
    """A new user with these rights alone; its access key, and its name under `UserName`."""
    iam, name = sandbox.client("iam"), f"user{next(_numbers)}"
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(
            UserName=name, PolicyName="rights", PolicyDocument=document(*statements)
        )
    key: dict[str, str] = iam.create_access_key(UserName=name)["AccessKey"]
    return key


def role(sandbox: Sandbox, *statements: Statement, principal: Any = None, **more: Any) -> str:
    """A new role with these rights alone, trusted by the whole account if not said otherwise."""
    iam, name = sandbox.client("iam"), f"role{next(_numbers)}"
    trusted = trust(principal or {"AWS": ROOT})
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted, **more)["Role"]
    if statements:
        iam.put_role_policy(
            RoleName=name, PolicyName="rights", PolicyDocument=document(*statements)
        )
    return str(made["Arn"])


def session(sandbox: Sandbox, role_arn: str, name: str = "dana", **more: Any) -> dict[str, str]:
    """A session of a role, taken on by the deployer."""
    sts = sandbox.client("sts")
    keys: dict[str, str] = sts.assume_role(RoleArn=role_arn, RoleSessionName=name, **more)[
        "Credentials"
    ]
    return keys


def archive() -> bytes:
    """The code of a Lambda function."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("main.py", "def handler(event, context):\n    return 1\n")
    return content.getvalue()


def refusal(call: Callable[..., Any], **parameters: Any) -> str:
    """What access control says to a call: `CODE: words`; empty if it lets it pass.

    What the service itself then makes of the call is another matter, unless the sandbox fails.
    """
    try:
        call(**parameters)
    except ClientError as fault:
        error = fault.response["Error"]
        if error["Code"] in _REFUSALS:
            return f"{error['Code']}: {error['Message']}"
        if fault.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise
    return ""


def wanting(call: Callable[..., Any], **parameters: Any) -> str:
    """The action that a refused call lacks; empty if it passes."""
    words = refusal(call, **parameters)
    return words.partition("perform: ")[2].partition(" ")[0]


def asked(sandbox: Sandbox, call: Callable[..., Any], **parameters: Any) -> list[tuple[str, str]]:
    """Actions and resources that a call is decided on, whatever becomes of it."""
    sandbox.clear_decisions()
    try:
        call(**parameters)
    except ClientError as fault:
        if fault.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise
    return [(each.action, each.resource) for each in sandbox.decisions()]


_REFUSALS = (
    "403",
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "UnauthorizedOperation",
    "UnrecognizedClientException",
)


def _statement(effect: str, action: Any, resource: Any, condition: Any) -> Statement:
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement
