"""Trails."""

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox


@pytest.mark.parametrize("by", ["Name", "TrailARN"])
def test_a_trail_is_deleted_by_its_name_or_its_arn(account: Sandbox, by: str) -> None:
    account.client("s3").create_bucket(
        Bucket="trails", CreateBucketConfiguration={"LocationConstraint": account.region}
    )
    cloudtrail = account.client("cloudtrail")
    trail, other = (
        cloudtrail.create_trail(Name=name, S3BucketName="trails") for name in ("one", "other")
    )
    cloudtrail.delete_trail(Name=trail[by])
    assert [left["Name"] for left in cloudtrail.list_trails()["Trails"]] == [other["Name"]]


def test_an_unknown_trail_cannot_be_deleted(account: Sandbox) -> None:
    with pytest.raises(ClientError) as refused:
        account.client("cloudtrail").delete_trail(Name="no-such-trail")
    assert refused.value.response["Error"]["Code"] == "TrailNotFoundException"
