"""AWS's managed policies."""

from scripts.sandbox import Sandbox


def test_the_managed_policies_are_there_and_can_be_read(seeded: Sandbox) -> None:
    iam = seeded.client("iam")
    arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])
    assert version["PolicyVersion"]["Document"]["Statement"]
    pages = iam.get_paginator("list_policies").paginate(Scope="AWS")
    assert sum(len(page["Policies"]) for page in pages) > 1000
