"""Enforcement, over HTTP: on and off, unknown keys, and the record of decisions."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

from scripts.sandbox import Sandbox
from scripts.sandbox.decisions import Spoke
from tests.unit.scripts.sandbox.access.people import (
    allow,
    deny,
    document,
    refusal,
    role,
    session,
    user,
)

NOBODYS = {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "x"}
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


@pytest.fixture
def copy(seeded: Sandbox) -> Iterator[Sandbox]:
    with seeded.fork() as fork:
        yield fork


def test_nothing_is_enforced_until_it_is_asked_for(copy: Sandbox) -> None:
    keys = user(copy)
    for enabled in (False, True, False):
        copy.enforce(enabled)
        refused = refusal(copy.client("iam", credentials=keys).list_users)
        assert bool(refused) is enabled
    assert refusal(copy.client("iam", credentials=NOBODYS).list_users) == ""


def test_a_fork_is_enforced_as_what_it_came_from(copy: Sandbox) -> None:
    keys = user(copy)
    copy.enforce(True)
    with copy.fork() as fork:
        assert refusal(fork.client("iam", credentials=keys).list_users)
        fork.enforce(False)
        assert not refusal(fork.client("iam", credentials=keys).list_users)
    assert refusal(copy.client("iam", credentials=keys).list_users)


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("iam", "list_users", "InvalidClientTokenId"),
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("cloudformation", "list_stacks", "InvalidClientTokenId"),
        ("ec2", "describe_vpcs", "AuthFailure"),
        ("s3", "list_buckets", "InvalidAccessKeyId"),
        ("sagemaker", "list_domains", "UnrecognizedClientException"),
        ("servicecatalog", "search_products", "UnrecognizedClientException"),
        ("kms", "list_keys", "UnrecognizedClientException"),
        ("lambda", "list_functions", "UnrecognizedClientException"),
    ],
)
def test_refuses_a_key_that_nobody_has(
    enforced: Sandbox, service: str, operation: str, code: str
) -> None:
    call = getattr(enforced.client(service, credentials=NOBODYS), operation)
    assert refusal(call).startswith(f"{code}: ")


def test_refuses_a_key_that_is_not_active_or_was_deleted(enforced: Sandbox) -> None:
    keys = user(enforced, allow("*"))
    iam, mine = enforced.client("iam"), enforced.client("iam", credentials=keys)
    assert refusal(mine.list_users) == ""
    name = {"UserName": keys["UserName"], "AccessKeyId": keys["AccessKeyId"]}
    iam.update_access_key(**name, Status="Inactive")
    assert refusal(mine.list_users).startswith("InvalidClientTokenId")
    iam.update_access_key(**name, Status="Active")
    assert refusal(mine.list_users) == ""
    iam.delete_access_key(**name)
    assert refusal(mine.list_users).startswith("InvalidClientTokenId")


def test_refuses_the_sessions_of_a_role_that_is_gone(enforced: Sandbox) -> None:
    made = role(enforced)
    keys = session(enforced, made)
    sts = enforced.client("sts", credentials=keys)
    assert refusal(sts.get_caller_identity) == ""
    enforced.client("iam").delete_role(RoleName=made.rpartition("/")[2])
    assert refusal(sts.get_caller_identity).startswith("InvalidClientTokenId")


def unsigned(sandbox: Sandbox, service: str) -> Any:
    return Session().create_client(
        service,
        region_name=sandbox.region,
        endpoint_url=sandbox.endpoint,
        config=Config(signature_version=UNSIGNED, proxies={}),
    )


def test_an_anonymous_caller_reads_what_is_for_everybody(enforced: Sandbox) -> None:
    s3 = enforced.client("s3")
    s3.create_bucket(Bucket="public", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="public", Key="k", Body=b"x", ACL="public-read")
    get = unsigned(enforced, "s3").get_object
    assert refusal(get, Bucket="public", Key="k") == "AccessDenied: Access Denied"
    statement = {**allow("s3:GetObject", "arn:aws:s3:::public/*"), "Principal": "*"}
    s3.put_bucket_policy(Bucket="public", Policy=document(statement))
    assert refusal(get, Bucket="public", Key="k") == ""
    assert refusal(get, Bucket="prosm-code", Key="README.md")


def test_refuses_an_unsigned_call_of_all_but_s3(enforced: Sandbox) -> None:
    words = refusal(unsigned(enforced, "sagemaker").list_domains)
    assert words.startswith("MissingAuthenticationTokenException: ")


def test_rights_change_with_the_next_call(enforced: Sandbox) -> None:
    keys = user(enforced)
    iam, mine = enforced.client("iam"), enforced.client("iam", credentials=keys)
    name = {"UserName": keys["UserName"]}
    assert refusal(mine.list_users)
    iam.attach_user_policy(**name, PolicyArn=ADMIN)
    assert refusal(mine.list_users) == ""
    iam.put_user_policy(**name, PolicyName="no", PolicyDocument=document(deny("iam:ListUsers")))
    assert refusal(mine.list_users).endswith("with an explicit deny in an identity-based policy")
    iam.delete_user_policy(**name, PolicyName="no")
    iam.detach_user_policy(**name, PolicyArn=ADMIN)
    assert "no identity-based policy allows" in refusal(mine.list_users)


def test_a_group_gives_its_members_its_rights(enforced: Sandbox) -> None:
    iam, keys = enforced.client("iam"), user(enforced)
    iam.create_group(GroupName="readers")
    iam.put_group_policy(
        GroupName="readers", PolicyName="p", PolicyDocument=document(allow("iam:ListUsers"))
    )
    mine = enforced.client("iam", credentials=keys)
    assert refusal(mine.list_users)
    iam.add_user_to_group(GroupName="readers", UserName=keys["UserName"])
    assert refusal(mine.list_users) == ""


def test_the_default_version_of_a_managed_policy_is_in_force(enforced: Sandbox) -> None:
    iam, keys = enforced.client("iam"), user(enforced)
    mine = enforced.client("iam", credentials=keys)
    arn = iam.create_policy(PolicyName="v", PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
    iam.attach_user_policy(UserName=keys["UserName"], PolicyArn=arn)
    wider = {"PolicyArn": arn, "PolicyDocument": document(allow("iam:*"))}
    version = iam.create_policy_version(**wider)["PolicyVersion"]["VersionId"]
    assert refusal(mine.list_users)
    iam.set_default_policy_version(PolicyArn=arn, VersionId=version)
    assert refusal(mine.list_users) == ""


def test_every_decision_is_recorded_with_what_allowed_it(enforced: Sandbox) -> None:
    keys = user(enforced, {**allow("iam:List*"), "Sid": "Lists"})
    mine = enforced.client("iam", credentials=keys)
    arn = f"arn:aws:iam::123456789012:user/{keys['UserName']}"
    enforced.clear_decisions()
    mine.list_users()
    assert refusal(mine.get_user)
    allowed, refused = enforced.decisions()
    assert (allowed.principal, allowed.action, allowed.allowed) == (arn, "iam:ListUsers", True)
    assert allowed.statements == (Spoke("identity-based policy", f"{arn}/rights", "Lists"),)
    assert (refused.action, refused.resource, refused.allowed) == ("iam:GetUser", arn, False)
    assert refused.reason == "no allow in identity-based policy"
    assert refused.operation == "iam:GetUser"


def test_without_enforcement_nothing_is_decided(copy: Sandbox) -> None:
    copy.client("iam").list_users()
    assert copy.decisions() == []


def test_a_refused_call_has_no_effect_and_is_in_the_journal(enforced: Sandbox) -> None:
    keys = user(enforced)
    iam = enforced.client("iam", credentials=keys)
    assert refusal(iam.create_user, UserName="never")
    last = enforced.journal()[-1]
    assert (last.operation, last.status, last.error) == ("CreateUser", 403, "AccessDenied")
    assert "never" not in {
        each["UserName"] for each in enforced.client("iam").list_users()["Users"]
    }


def test_a_condition_that_cannot_be_evaluated_is_told(enforced: Sandbox) -> None:
    s3 = enforced.client("s3")
    s3.create_bucket(Bucket="odd", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    statement = {**deny("s3:GetBucketTagging", StringIs={"aws:SourceVpce": "v"}), "Principal": "*"}
    s3.put_bucket_policy(Bucket="odd", Policy=document(statement))
    with pytest.raises(ClientError, match="condition operator 'StringIs' does not exist"):
        s3.get_bucket_tagging(Bucket="odd")


def test_rights_may_depend_on_who_one_is(enforced: Sandbox) -> None:
    def listed(**condition: Any) -> bool:
        tags = [{"Key": "Team", "Value": "a"}]
        made = role(enforced, allow("iam:ListUsers", **condition), Tags=tags)
        keys = session(enforced, made, "dana")
        return not refusal(enforced.client("iam", credentials=keys).list_users)

    assert listed(StringEquals={"aws:PrincipalTag/Team": "a"})
    assert not listed(StringEquals={"aws:PrincipalTag/Team": "b"})
    assert listed(StringLike={"aws:userid": "AROA*:dana"})
    assert not listed(StringLike={"aws:userid": "AROA*:eve"})
    assert listed(ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/role*"})
    assert listed(StringEquals={"aws:PrincipalType": "AssumedRole"})
    assert not listed(Null={"aws:username": "false"})
    assert listed(StringEquals={"aws:RequestedRegion": "us-east-1"})
