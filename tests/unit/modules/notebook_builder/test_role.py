from __future__ import annotations

import json

from modules.naming import BaseNames, project_names
from modules.notebook_builder.role import BuilderRole
from modules.policies.builder import builder_policy, builder_trust
from tests.unit.modules.policies.authorization import ENV
from tests.unit.modules.synthesis import Attributes, Synthesised, new_stack

NAMES = project_names(BaseNames(builder_function="Build", builder_role="BuildRole"), "alpha")


def built(boundary: str | None = None) -> tuple[BuilderRole, Synthesised]:
    stack = new_stack()
    role = BuilderRole(
        stack,
        "BuilderRole",
        env=ENV,
        names=NAMES,
        project_id="QuickStart007",
        subnet_id="subnet-1",
        security_group_id="sg-1",
        permissions_boundary=boundary,
    )
    return role, Synthesised(stack)


def the_role(synthesised: Synthesised) -> Attributes:
    return synthesised.all("aws_iam_role")["BuilderRole"]


def test_lambda_may_assume_it() -> None:
    role = the_role(built()[1])
    assert role["name"] == "BuildRole-alpha"
    assert json.loads(role["assume_role_policy"]) == builder_trust()
    assert "permissions_boundary" not in role


def test_holds_the_builders_policy_with_the_functions_own_log() -> None:
    _, synthesised = built()
    policy = synthesised.all("aws_iam_role_policy")["BuilderRole_Policy"]
    assert policy["role"] == f"${{{synthesised.address('aws_iam_role', 'BuilderRole')}.name}}"
    assert json.loads(policy["policy"]) == builder_policy(
        env=ENV,
        names=NAMES,
        project_id="QuickStart007",
        subnet_id="subnet-1",
        security_group_id="sg-1",
    )


def test_takes_a_boundary() -> None:
    boundary = "arn:aws-cn:iam::123456789012:policy/Boundary"
    assert the_role(built(boundary)[1])["permissions_boundary"] == boundary


def test_its_arn_is_known_before_it_exists() -> None:
    role, _ = built()
    assert (role.name, role.arn) == (
        "BuildRole-alpha",
        "arn:aws-cn:iam::123456789012:role/BuildRole-alpha",
    )
