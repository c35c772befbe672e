"""The demo's people: what they may do, and how an attempt's outcome is told."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from scripts.lib.demo.scientists import ALLOWED, REFUSED, Attempt, Person
from scripts.sandbox import Sandbox

ROLE = "Colleague"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": "sts:AssumeRole",
        }
    ],
}


@pytest.fixture
def enforced(account: Sandbox) -> Sandbox:
    account.client("iam").create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))
    account.enforce(True)
    return account


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "AnyOperation")


def failing(code: str) -> Attempt:
    def call() -> object:
        raise refusal(code)

    return Attempt("dana", "tries", call)


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])
def test_a_refusal_is_an_outcome(code: str) -> None:
    assert failing(code).outcome() == REFUSED


@pytest.mark.parametrize("code", ["ValidationException", "NoSuchBucket", "Throttling"])
def test_fails_when_an_error_is_no_refusal(code: str) -> None:
    with pytest.raises(ClientError, match=code):
        failing(code).outcome()


def test_what_is_answered_is_allowed() -> None:
    assert Attempt("dana", "tries", dict).outcome() == ALLOWED


def test_a_person_takes_on_roles_under_her_name_and_does_nothing_else(enforced: Sandbox) -> None:
    dana = Person(enforced, "dana")
    identity = dana.as_role(ROLE, "sts").get_caller_identity()
    assert identity["Arn"].endswith(f":assumed-role/{ROLE}/dana")
    with pytest.raises(ClientError, match="AccessDenied"):
        dana.client("s3").list_buckets()


def test_a_person_may_do_what_she_is_made_for(enforced: Sandbox) -> None:
    sam = Person(enforced, "sam", "s3:*")
    assert sam.client("s3").list_buckets()["Buckets"]
    with pytest.raises(ClientError, match="AccessDenied"):
        sam.as_role(ROLE, "sts")


def test_nothing_is_left_of_a_person_who_is_forgotten(enforced: Sandbox) -> None:
    iam = enforced.client("iam")
    before = [user["UserName"] for user in iam.list_users()["Users"]]
    dana = Person(enforced, "dana")
    assert [user["UserName"] for user in iam.list_users()["Users"]] != before
    dana.forget()
    assert [user["UserName"] for user in iam.list_users()["Users"]] == before
