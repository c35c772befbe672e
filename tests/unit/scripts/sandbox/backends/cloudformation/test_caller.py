"""Whose credentials CloudFormation works with."""

import json
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from scripts.sandbox.account import ACCOUNT, role_arn
from scripts.sandbox.backends.cloudformation.caller import Caller, as_role, caller_of
from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.guard import GuardError

WHERE = {"endpoint": "http://127.0.0.1:1", "region": "eu-west-1"}


@pytest.fixture
def session() -> Iterator[boto3.Session]:
    keys = {"aws_access_key_id": "nobody", "aws_secret_access_key": "secret"}
    with mock_aws():
        yield boto3.Session(region_name="eu-west-1", **keys)


def trust(session: boto3.Session, name: str, **principal: str) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    session.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
    return role_arn(name)


def found(access_key: str) -> Caller:
    return caller_of(ACCOUNT, "aws", access_key, **WHERE)


def test_a_users_secret_is_found(session: boto3.Session) -> None:
    iam = session.client("iam")
    iam.create_user(UserName="me")
    key = iam.create_access_key(UserName="me")["AccessKey"]
    caller = found(key["AccessKeyId"])
    assert (caller.secret_key, caller.session_token) == (key["SecretAccessKey"], None)


def test_a_sessions_secret_and_token_are_found(session: boto3.Session) -> None:
    arn = trust(session, "Launch", AWS=ACCOUNT)
    made = session.client("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]
    caller = found(made["AccessKeyId"])
    assert caller.secret_key == made["SecretAccessKey"]
    assert caller.session_token == made["SessionToken"]


@pytest.mark.usefixtures("session")
def test_nobodys_key_is_good_for_something_too() -> None:
    caller = found("AKIANOBODY")
    assert (caller.access_key, caller.session_token) == ("AKIANOBODY", None)


@pytest.mark.usefixtures("session")
def test_calls_are_made_by_way_of_cloudformation() -> None:
    assert found("AKIANOBODY").via == ("cloudformation",)
    further = caller_of(ACCOUNT, "aws", "AKIANOBODY", came_via=("servicecatalog",), **WHERE)
    assert further.via == ("servicecatalog", "cloudformation")


def test_a_role_is_taken_on_and_then_calls_by_itself(session: boto3.Session) -> None:
    arn = trust(session, "Stacks", Service="cloudformation.amazonaws.com")
    caller = as_role(found("AKIANOBODY"), arn, "stack")
    assert caller.via == ()
    assert caller.endpoint == WHERE["endpoint"]
    assert found(caller.access_key).session_token == caller.session_token


@pytest.mark.parametrize("name", ["Trusting-others", "Gone"])
def test_refuses_a_role_that_does_not_trust_it(session: boto3.Session, name: str) -> None:
    if name != "Gone":
        trust(session, name, Service="lambda.amazonaws.com")
    with pytest.raises(ValidationError) as caught:
        as_role(found("AKIANOBODY"), role_arn(name), "stack")
    assert caught.value.message == f"Role {role_arn(name)} is invalid or cannot be assumed"


def test_no_secret_is_shown() -> None:
    shown = repr(Caller("http://127.0.0.1:1", "eu-west-1", "AKIA", "s3cret", "t0ken"))
    assert "s3cret" not in shown
    assert "t0ken" not in shown


def test_refuses_to_call_another_machine() -> None:
    caller = Caller("https://sns.eu-west-1.amazonaws.com", "eu-west-1", "AKIA", "secret")
    with pytest.raises(GuardError):
        caller.client("sns")
