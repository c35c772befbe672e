"""A service takes on a role when the role trusts it, and only then."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from scripts.sandbox.account import ACCOUNT, REGION
from scripts.sandbox.service_sessions import Credentials, NotTrustedError, assume

CATALOG = "servicecatalog.amazonaws.com"
LAMBDA = "lambda.amazonaws.com"
OWN_ACCOUNT = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
OTHER_ACCOUNT = {"StringEquals": {"aws:SourceAccount": "999999999999"}}


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def role(*statements: dict[str, Any]) -> str:
    arn: str = boto3.client("iam", REGION).create_role(
        RoleName="Launch",
        Path="/service-role/",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )["Role"]["Arn"]
    return arn


def trust(principal: Any, *, effect: str = "Allow", condition: Any = None) -> dict[str, Any]:
    statement = {"Effect": effect, "Principal": principal, "Action": "sts:AssumeRole"}
    return statement | ({"Condition": condition} if condition else {})


def identity(credentials: Credentials) -> dict[str, str]:
    sts = boto3.client(
        "sts",
        REGION,
        aws_access_key_id=credentials.access_key,
        aws_secret_access_key=credentials.secret_key,
        aws_session_token=credentials.session_token,
    )
    answer = sts.get_caller_identity()
    return {name: answer[name] for name in ("Arn", "Account")}


@pytest.mark.parametrize(
    ("service", "principal", "condition"),
    [
        (CATALOG, {"Service": CATALOG}, OWN_ACCOUNT),
        (CATALOG, {"Service": CATALOG}, None),
        (CATALOG, {"Service": ["glue.amazonaws.com", CATALOG]}, OWN_ACCOUNT),
        (LAMBDA, {"Service": LAMBDA}, None),
    ],
)
def test_a_trusted_service_gets_a_session_of_the_role(
    service: str, principal: Any, condition: Any
) -> None:
    credentials = assume(service, role(trust(principal, condition=condition)), "builder")
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/Launch/builder"
    assert credentials.arn == arn
    assert identity(credentials) == {"Arn": arn, "Account": ACCOUNT}


def test_every_session_has_credentials_of_its_own() -> None:
    arn = role(trust({"Service": CATALOG}))
    first, second = assume(CATALOG, arn, "a"), assume(CATALOG, arn, "b")
    assert first.access_key != second.access_key
    assert identity(first)["Arn"].endswith("/a")


@pytest.mark.parametrize(
    ("service", "principal", "condition"),
    [
        (CATALOG, {"Service": "glue.amazonaws.com"}, None),
        (CATALOG, {"Service": "cloudformation.amazonaws.com"}, OWN_ACCOUNT),
        (CATALOG, {"Service": CATALOG}, OTHER_ACCOUNT),
        (CATALOG, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, None),
        (LAMBDA, {"Service": LAMBDA}, OWN_ACCOUNT),
    ],
    ids=["other service", "a third service", "other account", "account", "lambda names none"],
)
def test_refuses_a_service_that_the_role_does_not_trust(
    service: str, principal: Any, condition: Any
) -> None:
    arn = role(trust(principal, condition=condition))
    with pytest.raises(NotTrustedError, match=rf"^{service} cannot assume {arn}: .* not allow it$"):
        assume(service, arn, "s")


def test_refuses_what_the_trust_denies() -> None:
    arn = role(trust({"Service": CATALOG}), trust({"Service": CATALOG}, effect="Deny"))
    with pytest.raises(NotTrustedError):
        assume(CATALOG, arn, "s")


def test_refuses_a_role_that_does_not_exist() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/Nobody"
    with pytest.raises(NotTrustedError, match=f"{arn}: no such role"):
        assume(CATALOG, arn, "s")


def test_the_secrets_are_not_shown() -> None:
    credentials = assume(CATALOG, role(trust({"Service": CATALOG})), "s")
    assert credentials.secret_key not in repr(credentials)
    assert credentials.session_token not in repr(credentials)


def test_credentials_are_named_as_sts_names_them() -> None:
    session = assume(LAMBDA, role(trust({"Service": LAMBDA})), "builder")
    assert session.answer() == {
        "AccessKeyId": session.access_key,
        "SecretAccessKey": session.secret_key,
        "SessionToken": session.session_token,
    }
