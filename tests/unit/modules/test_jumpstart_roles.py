from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from cdktf import TerraformStack
from cdktf import Testing as CdktfTesting

from modules.jumpstart_roles import JumpStartServiceRoles, service_role_trust
from modules.policies.product_use import product_use_policy
from modules.service_roles import SERVICE_ROLES
from tests.unit.modules.policies.authorization import ENV

ALL = [role.short_name for role in SERVICE_ROLES]
PREFIX = "AmazonSageMakerServiceCatalogProducts"
USE_ROLE_ARN = f"arn:aws-cn:iam::123456789012:role/service-role/{PREFIX}UseRole"


def synthesised(
    create: Sequence[str] = (), adopt: Sequence[str] = (), **changes: Any
) -> tuple[JumpStartServiceRoles, dict[str, Any]]:
    stack = TerraformStack(CdktfTesting.app(), "jumpstart")
    roles = JumpStartServiceRoles(stack, "Roles", env=ENV, create=create, adopt=adopt, **changes)
    return roles, json.loads(CdktfTesting.synth(stack))


def addresses(terraform: dict[str, Any]) -> set[str]:
    resources: dict[str, dict[str, Any]] = terraform.get("resource", {})
    return {f"{kind}.{name}" for kind, named in resources.items() for name in named}


def lifecycles(terraform: dict[str, Any]) -> list[dict[str, Any]]:
    resources: dict[str, dict[str, Any]] = terraform["resource"]
    return [each.get("lifecycle", {}) for named in resources.values() for each in named.values()]


class TestTrust:
    def test_whom_they_trust(self) -> None:
        trusted = {
            role.short_name: service_role_trust(role)["Statement"][0]["Principal"]["Service"]
            for role in SERVICE_ROLES
        }
        use = [
            "apigateway",
            "cloudformation",
            "codebuild",
            "codepipeline",
            "events",
            "firehose",
            "glue",
            "lambda",
            "sagemaker",
            "states",
        ]
        assert trusted == {
            "LaunchRole": ["servicecatalog.amazonaws.com"],
            "UseRole": [f"{service}.amazonaws.com" for service in use],
            "ApiGatewayRole": ["apigateway.amazonaws.com"],
            "CloudformationRole": ["cloudformation.amazonaws.com"],
            "CodeBuildRole": ["codebuild.amazonaws.com"],
            "CodePipelineRole": ["codepipeline.amazonaws.com"],
            "EventsRole": ["events.amazonaws.com"],
            "FirehoseRole": ["firehose.amazonaws.com"],
            "GlueRole": ["glue.amazonaws.com"],
            "LambdaRole": ["lambda.amazonaws.com"],
            "ExecutionRole": ["sagemaker.amazonaws.com"],
        }


class TestCreate:
    def test_makes_the_role_and_attaches_awss_policy(self) -> None:
        _, terraform = synthesised(create=["LaunchRole"])
        (role,) = terraform["resource"]["aws_iam_role"].values()
        assert (role["name"], role["path"]) == (f"{PREFIX}LaunchRole", "/service-role/")
        assert json.loads(role["assume_role_policy"]) == {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "AssumeByServices",
                    "Effect": "Allow",
                    "Principal": {"Service": ["servicecatalog.amazonaws.com"]},
                    "Action": ["sts:AssumeRole"],
                }
            ],
        }
        (attachment,) = terraform["resource"]["aws_iam_role_policy_attachment"].values()
        assert attachment["policy_arn"] == (
            "arn:aws-cn:iam::aws:policy/AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy"
        )
        assert "import" not in terraform

    def test_the_use_role_has_its_own_policy_inline(self) -> None:
        _, terraform = synthesised(create=["UseRole"])
        assert sorted(terraform["resource"]) == ["aws_iam_role", "aws_iam_role_policy"]
        (policy,) = terraform["resource"]["aws_iam_role_policy"].values()
        assert policy["name"] == "1PProductUseRolePolicy"
        assert json.loads(policy["policy"]) == product_use_policy(
            env=ENV, use_role_arn=USE_ROLE_ARN
        )

    def test_all_eleven(self) -> None:
        roles, terraform = synthesised(create=ALL)
        assert len(terraform["resource"]["aws_iam_role"]) == 11
        assert len(terraform["resource"]["aws_iam_role_policy_attachment"]) == 10
        assert len(terraform["resource"]["aws_iam_role_policy"]) == 1
        assert list(roles.role_arns) == ALL
        assert roles.role_arns["UseRole"] == USE_ROLE_ARN

    def test_takes_a_boundary(self) -> None:
        _, terraform = synthesised(create=["LaunchRole"], permissions_boundary="arn:boundary")
        (role,) = terraform["resource"]["aws_iam_role"].values()
        assert role["permissions_boundary"] == "arn:boundary"


class TestAdopt:
    def test_imports_the_role_and_leaves_it_as_it_is(self) -> None:
        roles, terraform = synthesised(create=["LaunchRole"], adopt=["LambdaRole"])
        by_name = {role["name"]: role for role in terraform["resource"]["aws_iam_role"].values()}
        (imported,) = terraform["import"]
        assert imported["id"] == f"{PREFIX}LambdaRole"
        assert imported["to"] in addresses(terraform)
        assert "LambdaRole" in imported["to"]
        assert by_name[f"{PREFIX}LambdaRole"]["lifecycle"]["ignore_changes"] == "all"
        assert "ignore_changes" not in by_name[f"{PREFIX}LaunchRole"]["lifecycle"]
        assert list(roles.role_arns) == ["LaunchRole", "LambdaRole"]

    def test_moving_a_role_from_create_to_adopt_keeps_its_address(self) -> None:
        _, created = synthesised(create=["LambdaRole"])
        _, adopted = synthesised(adopt=["LambdaRole"])
        assert addresses(created) == addresses(adopted)


class TestRetention:
    def test_protect_is_the_default_and_guards_every_resource(self) -> None:
        _, terraform = synthesised(create=ALL[:4], adopt=ALL[4:])
        assert [each["prevent_destroy"] for each in lifecycles(terraform)] == [True] * 22

    def test_delete_guards_none(self) -> None:
        _, terraform = synthesised(create=ALL[:4], adopt=ALL[4:], retention="delete")
        assert not any(each.get("prevent_destroy") for each in lifecycles(terraform))

    def test_release_forgets_exactly_what_protect_manages(self) -> None:
        _, protected = synthesised(create=ALL[:4], adopt=ALL[4:])
        roles, released = synthesised(create=ALL[:4], adopt=ALL[4:], retention="release")
        assert "resource" not in released
        assert "import" not in released
        assert len(released["removed"]) == 22
        assert {block["from"] for block in released["removed"]} == addresses(protected)
        assert all(block["lifecycle"] == {"destroy": False} for block in released["removed"])
        assert sorted(roles.role_arns) == sorted(ALL)

    def test_nothing_to_release_is_no_block(self) -> None:
        _, terraform = synthesised(retention="release")
        assert "removed" not in terraform


class TestValidation:
    def test_fails_on_names_that_are_not_awss(self) -> None:
        with pytest.raises(ValueError, match="jumpstart/Roles: unknown service roles") as raised:
            synthesised(create=["LaunchRole", "launchrole"], adopt=[f"{PREFIX}UseRole"])
        message = str(raised.value)
        assert f"'launchrole', '{PREFIX}UseRole'" in message
        assert f"allowed: {', '.join(ALL)}" in message

    @pytest.mark.parametrize(
        ("create", "adopt"),
        [(["UseRole", "UseRole"], []), (["UseRole"], ["UseRole"]), ([], ["UseRole", "UseRole"])],
    )
    def test_fails_on_a_role_named_twice(self, create: list[str], adopt: list[str]) -> None:
        with pytest.raises(ValueError, match="got more than once: UseRole"):
            synthesised(create=create, adopt=adopt)

    def test_fails_on_an_unknown_retention(self) -> None:
        retention: Any = "keep"
        with pytest.raises(
            ValueError, match="retention is 'keep', allowed: protect, release, delete"
        ):
            synthesised(retention=retention)
