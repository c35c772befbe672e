"""Who calls: tests over HTTP are in `test_enforcement`; here are the corners."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from moto import mock_aws
from moto.core.utils import utcnow
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from scripts.sandbox.access import principals
from scripts.sandbox.access.principals import ExpiredKeyError, UnknownKeyError, find
from scripts.sandbox.account import ACCOUNT

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
)


@pytest.fixture(autouse=True)
def _account() -> Iterator[None]:
    with mock_aws():
        yield


def make_role(boundary: str | None = None) -> str:
    role = iam_backends[ACCOUNT]["aws"].create_role(
        role_name="R",
        assume_role_policy_document=TRUST,
        path="/deep/",
        permissions_boundary=boundary,
        description="",
        tags=[{"Key": "Team", "Value": "a"}],
        max_session_duration="3600",
    )
    return str(role.arn)


def assume(role_arn: str, policy: str = "") -> str:
    session = sts_backends[ACCOUNT]["aws"].assume_role(
        region_name="eu-west-1",
        role_session_name="dana",
        role_arn=role_arn,
        policy=policy,
        duration=900,
        external_id="",
    )
    return str(session.access_key_id)


def test_a_session_is_its_role_and_itself() -> None:
    role = make_role()
    iam_backends[ACCOUNT]["aws"].put_role_policy("R", "inline", POLICY)
    found = find(assume(role))
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/R/dana"
    assert (found.arn, found.names) == (session, (role, session))
    assert found.userid.endswith(":dana")
    assert found.userid.startswith("AROA")
    assert found.tags == {"Team": "a"}
    assert [policy.name for policy in found.identity] == [f"{role}/inline"]
    assert (found.boundary, found.session) == (None, None)


def test_a_boundary_that_is_gone_allows_nothing() -> None:
    found = find(assume(make_role(f"arn:aws:iam::{ACCOUNT}:policy/gone")))
    assert found.boundary is not None
    assert found.boundary.document == {}


def test_a_session_policy_comes_along() -> None:
    found = find(assume(make_role(), POLICY))
    assert found.session is not None
    assert found.session[0].document == json.loads(POLICY)


def test_no_key_is_the_anonymous_caller() -> None:
    found = find("")
    assert (found.arn, found.names, found.account) == ("", (), "")


def test_refuses_a_key_of_nobody() -> None:
    with pytest.raises(UnknownKeyError):
        find("AKIANOBODY")
    assert principals.names("AKIANOBODY") == ()


def test_refuses_a_session_that_has_ended() -> None:
    key = assume(make_role())
    session = sts_backends[ACCOUNT]["aws"].get_assumed_role_from_access_key(key)
    assert session is not None
    session.expiration = utcnow() - timedelta(seconds=1)
    with pytest.raises(ExpiredKeyError):
        find(key)
