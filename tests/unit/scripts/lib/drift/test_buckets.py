"""Buckets that look deleted because nobody may look at them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from scripts.lib.drift.buckets import bucket_of, reason, refused_buckets, without
from scripts.lib.plan_review.model import Action, ResourceChange
from scripts.sandbox import Sandbox

CLOSED, OPEN, GONE = "closed-to-most", "open-to-all", "not-there"
DENY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:ListBucket",
    "Resource": f"arn:aws:s3:::{CLOSED}",
    "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
}


def change(
    name: Any, kind: str = "aws_s3_bucket", action: Action = Action.DESTROY
) -> ResourceChange:
    return ResourceChange(
        "web", f"{kind}.{name}", "managed", kind, "b", "", "", action, before={"bucket": name}
    )


@pytest.fixture
def s3(account: Sandbox) -> Iterator[Any]:
    """A client outside the VPC, in an account with one bucket that is closed to it."""
    client = account.client("s3")
    for name in (CLOSED, OPEN):
        client.create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": account.region}
        )
    client.put_bucket_policy(Bucket=CLOSED, Policy=json.dumps({"Statement": [DENY]}))
    return client


def test_only_a_bucket_that_may_not_be_looked_at_is_told(s3: Any) -> None:
    changes = [change(CLOSED), change(OPEN), change(GONE)]
    assert list(refused_buckets(s3, changes)) == [CLOSED]


@pytest.mark.parametrize(
    "other",
    [
        change(CLOSED, action=Action.UPDATE),
        change(CLOSED, "aws_s3_bucket_policy"),
        change(None),
        change(7),
        change(""),
    ],
)
def test_nothing_is_asked_of_what_is_no_deleted_bucket(other: ResourceChange) -> None:
    assert list(refused_buckets(None, [other])) == []


def test_what_belongs_to_the_bucket_goes_with_it() -> None:
    kept = [change(OPEN), change(CLOSED, "aws_kms_key"), change(None, "aws_s3_object")]
    dropped = [change(CLOSED), change(CLOSED, "aws_s3_bucket_versioning", Action.UPDATE)]
    assert without([*dropped, *kept], [CLOSED]) == kept


def test_a_hostile_name_stays_in_one_line() -> None:
    assert "\n" not in reason("a\nb")
    assert bucket_of(change(["a"])) == ""
