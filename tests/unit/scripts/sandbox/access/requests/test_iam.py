"""IAM's calls: the ARNs behind names, and the conditions on what is attached."""

import json
from typing import Any

import pytest

from scripts.sandbox import Sandbox
from tests.unit.scripts.sandbox.access.people import (
    ACCOUNT,
    allow,
    asked,
    document,
    role,
    trust,
    user,
    wanting,
)

TRUST = trust({"Service": "lambda.amazonaws.com"})
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def iam_arn(resource: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{resource}"


def test_a_name_is_found_with_its_path(enforced: Sandbox) -> None:
    iam = enforced.client("iam")
    new = {"RoleName": "deep", "Path": "/team/a/", "AssumeRolePolicyDocument": TRUST}
    deep = iam_arn("role/team/a/deep")
    assert asked(enforced, iam.create_role, **new) == [("iam:CreateRole", deep)]
    assert asked(enforced, iam.get_role, RoleName="deep") == [("iam:GetRole", deep)]
    missing = asked(enforced, iam.get_role, RoleName="none")
    assert missing == [("iam:GetRole", iam_arn("role/none"))]


@pytest.mark.parametrize(
    ("operation", "parameters", "resource"),
    [
        ("create_user", {"UserName": "u", "Path": "/p/"}, "user/p/u"),
        ("create_group", {"GroupName": "g"}, "group/g"),
        (
            "create_policy",
            {"PolicyName": "p", "PolicyDocument": document(allow("s3:*"))},
            "policy/p",
        ),
        ("get_policy", {"PolicyArn": iam_arn("policy/p")}, "policy/p"),
        ("create_instance_profile", {"InstanceProfileName": "i"}, "instance-profile/i"),
        ("get_user", {}, "user/platform-deployer"),
        ("create_access_key", {}, "user/platform-deployer"),
    ],
)
def test_each_kind_is_decided_on_its_own_arn(
    enforced: Sandbox, operation: str, parameters: dict[str, Any], resource: str
) -> None:
    found = asked(enforced, getattr(enforced.client("iam"), operation), **parameters)
    assert [each for _, each in found] == [iam_arn(resource)]


def test_what_is_attached_is_a_condition(enforced: Sandbox) -> None:
    rights = allow("iam:AttachRolePolicy", ArnEquals={"iam:PolicyARN": READ})
    attach = enforced.client("iam", credentials=user(enforced, rights)).attach_role_policy
    name = role(enforced).rpartition("/")[2]
    assert wanting(attach, RoleName=name, PolicyArn=ADMIN) == "iam:AttachRolePolicy"
    assert wanting(attach, RoleName=name, PolicyArn=READ) == ""


def test_a_boundary_may_be_demanded(enforced: Sandbox) -> None:
    rights = allow("iam:CreateRole", StringEquals={"iam:PermissionsBoundary": READ})
    create = enforced.client("iam", credentials=user(enforced, rights)).create_role
    given = {"RoleName": "bounded", "AssumeRolePolicyDocument": TRUST}
    assert wanting(create, **given) == "iam:CreateRole"
    assert wanting(create, **given, PermissionsBoundary=ADMIN) == "iam:CreateRole"
    assert wanting(create, **given, PermissionsBoundary=READ) == ""


def test_roles_are_told_apart_by_their_tags(enforced: Sandbox) -> None:
    ours = role(enforced, Tags=[{"Key": "Team", "Value": "a"}]).rpartition("/")[2]
    theirs = role(enforced, Tags=[{"Key": "Team", "Value": "b"}]).rpartition("/")[2]
    rights = allow("iam:GetRole", StringEquals={"aws:ResourceTag/Team": "a"})
    get = enforced.client("iam", credentials=user(enforced, rights)).get_role
    assert wanting(get, RoleName=ours) == ""
    assert wanting(get, RoleName=theirs) == "iam:GetRole"


def test_nobody_raises_himself(enforced: Sandbox) -> None:
    keys = user(enforced, allow("s3:*"), allow("iam:GetUser"))
    iam = enforced.client("iam", credentials=keys)
    mine = {"UserName": keys["UserName"]}
    assert wanting(iam.get_user) == ""
    assert wanting(iam.attach_user_policy, **mine, PolicyArn=ADMIN) == "iam:AttachUserPolicy"
    inline = {"PolicyName": "p", "PolicyDocument": json.dumps({"Statement": allow("*")})}
    assert wanting(iam.put_user_policy, **mine, **inline) == "iam:PutUserPolicy"
