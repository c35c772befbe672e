from __future__ import annotations

import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.named_role import NamedRole
from modules.policies.document import document, statement
from modules.policies.trust import service_trust
from tests.unit.modules.facts import ENV
from tests.unit.modules.synthesis import Synthesised, new_stack

TRUST = service_trust(["glue.amazonaws.com"], account_id="123456789012")
READ = document(statement("Read", actions=["s3:GetObject"], resources=["*"]))
WRITE = document(statement("Write", actions=["s3:PutObject"], resources=["*"]))


def named_role(stack: TerraformStack, **changes: Any) -> NamedRole:
    given: dict[str, Any] = {"env": ENV, "name": "Reader", "description": "Reads", "trust": TRUST}
    return NamedRole(stack, "Reader", **given | changes)


@pytest.fixture
def stack() -> TerraformStack:
    return new_stack()


def test_is_a_role_of_that_name_and_trust(stack: TerraformStack) -> None:
    role = named_role(stack)
    attributes = Synthesised(stack).all("aws_iam_role")["Reader"]
    assert (attributes["name"], attributes["description"]) == ("Reader", "Reads")
    assert json.loads(attributes["assume_role_policy"]) == TRUST
    assert "permissions_boundary" not in attributes
    assert (role.name, role.arn) == ("Reader", "arn:aws-cn:iam::123456789012:role/Reader")


def test_takes_a_permissions_boundary(stack: TerraformStack) -> None:
    boundary = "arn:aws-cn:iam::123456789012:policy/Boundary"
    named_role(stack, permissions_boundary=boundary)
    assert Synthesised(stack).all("aws_iam_role")["Reader"]["permissions_boundary"] == boundary


def test_may_do_what_its_policies_say_once_all_of_them_are_there(stack: TerraformStack) -> None:
    role = named_role(stack)
    role.add_inline_policy("Reading", name="read", policy=READ)
    role.add_inline_policy("Writing", name="write", policy=WRITE)
    synthesised = Synthesised(stack)
    policies = synthesised.all("aws_iam_role_policy")
    assert {key: json.loads(each["policy"]) for key, each in policies.items()} == {
        "Reader_Reading": READ,
        "Reader_Writing": WRITE,
    }
    assert {each["name"] for each in policies.values()} == {"read", "write"}
    address = synthesised.address("aws_iam_role", "Reader")
    assert {each["role"] for each in policies.values()} == {f"${{{address}.name}}"}
    assert len(role.dependables) == 3


def test_fails_when_a_policy_is_added_twice(stack: TerraformStack) -> None:
    role = named_role(stack)
    role.add_inline_policy("Reading", name="read", policy=READ)
    with pytest.raises(RuntimeError, match="Reading"):
        role.add_inline_policy("Reading", name="read", policy=READ)
