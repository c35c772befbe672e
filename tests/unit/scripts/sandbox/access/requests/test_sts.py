"""STS's calls: who takes on which role."""

from typing import Any

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.access.people import (
    ACCOUNT,
    ROOT,
    allow,
    document,
    refusal,
    role,
    session,
    trust,
    user,
    wanting,
)

ASSUME = "sts:AssumeRole"


def attempt(sandbox: Sandbox, keys: Any, target: str, **more: Any) -> str:
    sts = sandbox.client("sts", credentials=keys)
    return refusal(sts.assume_role, RoleArn=target, RoleSessionName="dana", **more)


def test_a_trust_in_the_account_takes_a_right_as_well(enforced: Sandbox) -> None:
    target = role(enforced, principal={"AWS": ROOT})
    words = attempt(enforced, user(enforced), target)
    assert words.startswith("AccessDenied: User: arn:aws:iam::")
    assert words.endswith("because no identity-based policy allows the sts:AssumeRole action")
    assert attempt(enforced, user(enforced, allow(ASSUME, target)), target) == ""


def test_a_trust_in_a_user_is_enough_for_that_user(enforced: Sandbox) -> None:
    dana, eve = user(enforced), user(enforced, allow(ASSUME))
    target = role(enforced, principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/{dana['UserName']}"})
    assert attempt(enforced, dana, target) == ""
    words = attempt(enforced, eve, target)
    assert words.endswith("because no role trust policy allows the sts:AssumeRole action")


def test_an_administrator_is_refused_what_a_service_alone_is_trusted_with(
    enforced: Sandbox,
) -> None:
    target = role(enforced, principal={"Service": "lambda.amazonaws.com"})
    words = refusal(enforced.client("sts").assume_role, RoleArn=target, RoleSessionName="dana")
    assert "no role trust policy" in words


@pytest.mark.parametrize("external_id", [None, "right", "wrong"])
def test_a_trust_may_ask_for_an_external_id(enforced: Sandbox, external_id: str | None) -> None:
    condition = {"StringEquals": {"sts:ExternalId": "right"}}
    keys = user(enforced, allow(ASSUME))
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:user/{keys['UserName']}"}
    target = role(enforced, principal=principal)
    enforced.client("iam").update_assume_role_policy(
        RoleName=target.rpartition("/")[2], PolicyDocument=trust(principal, Condition=condition)
    )
    given = {"ExternalId": external_id} if external_id else {}
    assert (attempt(enforced, keys, target, **given) == "") is (external_id == "right")


def test_a_session_has_the_roles_rights_and_no_more(enforced: Sandbox) -> None:
    reader = role(enforced, allow("s3:ListAllMyBuckets"))
    s3 = enforced.client("s3", credentials=session(enforced, reader))
    assert wanting(s3.list_buckets) == ""
    assert wanting(s3.list_objects_v2, Bucket="prosm-code") == "s3:ListBucket"


def test_a_session_policy_narrows_a_session(enforced: Sandbox) -> None:
    wide = role(enforced, allow("s3:*"), allow("iam:ListUsers"))
    keys = session(enforced, wide, Policy=document(allow("s3:ListAllMyBuckets"), allow("ec2:*")))
    assert wanting(enforced.client("s3", credentials=keys).list_buckets) == ""
    words = refusal(enforced.client("iam", credentials=keys).list_users)
    assert words.endswith("because no session policy allows the iam:ListUsers action")
    assert wanting(enforced.client("ec2", credentials=keys).describe_vpcs) == "ec2:DescribeVpcs"


def test_a_boundary_limits_a_roles_sessions(enforced: Sandbox) -> None:
    bounded = role(
        enforced,
        allow("*"),
        PermissionsBoundary="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
    )
    keys = session(enforced, bounded)
    assert wanting(enforced.client("s3", credentials=keys).list_buckets) == ""
    words = refusal(enforced.client("iam", credentials=keys).list_users)
    assert words.endswith("because no permissions boundary allows the iam:ListUsers action")


def test_everybody_may_ask_who_he_is(enforced: Sandbox) -> None:
    sts = enforced.client("sts", credentials=user(enforced))
    assert wanting(sts.get_caller_identity) == ""
