"""Attempts on the project's data and key."""

from __future__ import annotations

import json
from functools import partial

from tests.integration.rights.matrix import Attempt, Outcome
from tests.integration.rights.world import (
    CODE,
    DATA,
    ELSEWHERE,
    OTHER_PROJECT,
    PROJECT,
    SECRET,
    Way,
    Who,
    World,
    role_arn,
)

ONLY_NOTEBOOK = frozenset({Who.NOTEBOOK})
ONLY_DEPLOYER = frozenset({Who.DEPLOYER})
WITHOUT_KEY = {Who.DEPLOYER: Outcome.KEY, Who.ORDINARY: Outcome.KEY}
"""IAM lets them into every bucket; only the project's notebooks use its key."""


def read(world: World, who: Who, way: Way, project: str = PROJECT) -> None:
    s3 = world.client(who, "s3", way)
    found = s3.get_object(Bucket=world.output("bucket_name", project), Key=DATA)
    assert found["Body"].read() == SECRET


def write(world: World, who: Who, way: Way, **encryption: str) -> None:
    world.client(who, "s3", way).put_object(
        Bucket=world.output("bucket_name"), Key="new", Body=b"1", **encryption
    )


def list_(world: World, who: Who, way: Way) -> None:
    world.client(who, "s3", way).list_objects_v2(Bucket=world.output("bucket_name"))


def delete(world: World, who: Who, way: Way) -> None:
    world.client(who, "s3", way).delete_object(Bucket=world.output("bucket_name"), Key=DATA)


def carry_out(world: World, who: Who) -> None:
    """Write to a bucket that is not the project's, from where its notebooks are."""
    s3 = world.client(who, "s3", Way.INSIDE)
    s3.put_object(Bucket=ELSEWHERE, Key="stolen", Body=SECRET)


def copy_code(world: World, who: Who) -> None:
    world.client(who, "s3", Way.INSIDE).get_object(Bucket="prosm-code", Key=CODE)


def replace_template(world: World, who: Who) -> None:
    world.client(who, "s3").put_object(
        Bucket=world.output("catalog_bucket_name"), Key="product/1.json", Body=b"{}"
    )


def open_bucket(world: World, who: Who) -> None:
    world.client(who, "s3").delete_bucket_policy(Bucket=world.output("bucket_name"))


def decrypt(world: World, who: Who, project: str) -> None:
    found = world.client(who, "kms").decrypt(CiphertextBlob=world.ciphertexts[project])
    assert found["Plaintext"] == SECRET


def change_key_policy(world: World, who: Who) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"},
        ],
    }
    world.client(who, "kms").put_key_policy(
        KeyId=world.output("key_arn"), PolicyName="default", Policy=json.dumps(policy)
    )


def grant(world: World, who: Who) -> None:
    world.client(who, "kms").create_grant(
        KeyId=world.output("key_arn"),
        GranteePrincipal=role_arn("CustomRoleBen"),
        Operations=["Decrypt"],
    )


def end_key(world: World, who: Who) -> None:
    world.client(who, "kms").schedule_key_deletion(
        KeyId=world.output("key_arn").rpartition("/")[2], PendingWindowInDays=7
    )


def unfence(world: World, who: Who) -> None:
    everything = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    world.client(who, "ec2").modify_vpc_endpoint(
        VpcEndpointId=world.place.endpoints["s3"],
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [everything]}),
    )


ATTEMPTS = (
    Attempt(
        "read it from inside the VPC",
        partial(read, way=Way.INSIDE),
        ONLY_NOTEBOOK,
        WITHOUT_KEY,
        changes=False,
    ),
    *(
        Attempt(
            f"read it {way.value}",
            partial(read, way=way),
            refused={} if way is Way.PLAIN else {Who.DEPLOYER: Outcome.KEY},
            otherwise=Outcome.BUCKET,
        )
        for way in (Way.OUTSIDE, Way.ELSEWHERE, Way.PLAIN)
    ),
    Attempt(
        "write it from inside the VPC", partial(write, way=Way.INSIDE), ONLY_NOTEBOOK, WITHOUT_KEY
    ),
    Attempt(
        "write it from inside the VPC under S3's own key",
        partial(write, way=Way.INSIDE, ServerSideEncryption="AES256"),
        otherwise=Outcome.BUCKET,
    ),
    Attempt(
        "write it from outside the VPC",
        partial(write, way=Way.OUTSIDE),
        refused={Who.DEPLOYER: Outcome.KEY},
        otherwise=Outcome.BUCKET,
    ),
    Attempt(
        "list it from outside the VPC",
        partial(list_, way=Way.OUTSIDE),
        ONLY_DEPLOYER,
        otherwise=Outcome.BUCKET,
        changes=False,
    ),
    Attempt(
        "delete it from outside the VPC",
        partial(delete, way=Way.OUTSIDE),
        ONLY_DEPLOYER,
        otherwise=Outcome.BUCKET,
    ),
    Attempt(
        f"read that of project {OTHER_PROJECT} from inside the VPC",
        partial(read, way=Way.INSIDE, project=OTHER_PROJECT),
        refused=WITHOUT_KEY,
    ),
    Attempt(
        "carry it out to a bucket elsewhere, from inside the VPC",
        carry_out,
        otherwise=Outcome.ENDPOINT,
    ),
    Attempt(
        "copy the project's code, from inside the VPC",
        copy_code,
        ONLY_NOTEBOOK | {Who.DEPLOYER, Who.ORDINARY},
        changes=False,
    ),
    Attempt("replace the product's template", replace_template, ONLY_DEPLOYER),
    Attempt(
        "remove the policy of the data bucket",
        open_bucket,
        frozenset({Who.DEPLOYER, Who.ORDINARY}),
    ),
    Attempt(
        "decrypt with the project's key",
        partial(decrypt, project=PROJECT),
        ONLY_NOTEBOOK,
        otherwise=Outcome.KEY,
        changes=False,
    ),
    Attempt(
        f"decrypt with the key of project {OTHER_PROJECT}",
        partial(decrypt, project=OTHER_PROJECT),
        otherwise=Outcome.KEY,
    ),
    Attempt("change the key's policy", change_key_policy, ONLY_DEPLOYER),
    Attempt("grant the key to another role", grant, otherwise=Outcome.KEY),
    Attempt("end the key", end_key, ONLY_DEPLOYER),
    Attempt("change the policy of the VPC's S3 endpoint", unfence, ONLY_DEPLOYER),
)
