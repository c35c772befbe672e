from __future__ import annotations

import pytest

from scripts.lib.plan_review.rules import bucket_public_access
from tests.unit.scripts.lib.plan_review.rules.subjects import found, risks, subject

BLOCK, ACL = "aws_s3_bucket_public_access_block", "aws_s3_bucket_acl"
ON = {
    "bucket": "data",
    "block_public_acls": True,
    "ignore_public_acls": True,
    "block_public_policy": True,
    "restrict_public_buckets": True,
}


def test_a_flag_goes_off() -> None:
    looked_at = subject(BLOCK, ON, {**ON, "block_public_policy": False})
    (finding,) = found(bucket_public_access, looked_at)
    assert finding.message == "For the bucket, policies that let everybody in are accepted."
    assert str(finding.risk) == "high"


def test_of_all_flags_it_speaks_once() -> None:
    off = {**dict.fromkeys(ON, False), "bucket": "data"}
    assert risks(bucket_public_access, subject(BLOCK, ON, off)) == ["high"]
    assert risks(bucket_public_access, subject(BLOCK, None, off)) == ["high"]
    assert not found(bucket_public_access, subject(BLOCK, off, off))


def test_the_block_goes_and_the_bucket_stays() -> None:
    assert risks(bucket_public_access, subject(BLOCK, ON)) == ["high"]
    with_it = subject(BLOCK, ON, ending=frozenset({("aws_s3_bucket", "data")}))
    assert not found(bucket_public_access, with_it)
    assert not found(bucket_public_access, subject(BLOCK, ON, deposed="ab12"))


def test_the_account() -> None:
    (finding,) = found(bucket_public_access, subject("aws_s3_account_public_access_block", ON))
    assert "the account's buckets" in finding.message


@pytest.mark.parametrize("acl", ["public-read", "public-read-write", "authenticated-read"])
def test_an_acl_for_everybody(acl: str) -> None:
    assert risks(bucket_public_access, subject(ACL, {"acl": "private"}, {"acl": acl})) == ["high"]
    assert not found(bucket_public_access, subject(ACL, {"acl": acl}, {"acl": acl}))
    assert not found(bucket_public_access, subject(ACL, {"acl": acl}, {"acl": "private"}))


@pytest.mark.parametrize("acl", [None, "", "private", "log-delivery-write", {"public-read": 1}, 1])
def test_an_acl_that_is_not(acl: object) -> None:
    assert not found(bucket_public_access, subject(ACL, None, {"acl": acl}))


def test_a_grant_to_everybody() -> None:
    def grants(uri: object) -> dict[str, object]:
        return {"access_control_policy": [{"grant": [{"grantee": [{"uri": uri}]}]}]}

    everybody = grants("http://acs.amazonaws.com/groups/global/AllUsers")
    logs = grants("http://acs.amazonaws.com/groups/s3/LogDelivery")
    assert risks(bucket_public_access, subject(ACL, logs, everybody)) == ["high"]
    assert not found(bucket_public_access, subject(ACL, everybody, everybody))
    assert not found(bucket_public_access, subject(ACL, None, logs))
    assert not found(bucket_public_access, subject(ACL, None, grants(["AllUsers"])))


def test_acls_count_again() -> None:
    def owned(how: str) -> dict[str, object]:
        return {"rule": [{"object_ownership": how}]}

    kind = "aws_s3_bucket_ownership_controls"
    enforced, preferred = owned("BucketOwnerEnforced"), owned("BucketOwnerPreferred")
    assert risks(bucket_public_access, subject(kind, enforced, preferred)) == ["medium"]
    assert not found(bucket_public_access, subject(kind, preferred, enforced))
    assert not found(bucket_public_access, subject(kind, enforced))
    unknown = {"rule": [{"object_ownership": True}]}
    later = subject(kind, enforced, {"rule": [{}]}, after_unknown=unknown)
    assert not found(bucket_public_access, later)
    assert not found(bucket_public_access, subject(kind, owned("ObjectWriter"), preferred))
