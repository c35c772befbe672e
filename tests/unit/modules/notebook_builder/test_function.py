from __future__ import annotations

import json
from typing import Any

import pytest
from cdktf import TerraformStack, Token
from cdktf import Testing as CdktfTesting

from modules.naming import BaseNames, project_names
from modules.notebook_builder.archive import source_code_hash
from modules.notebook_builder.function import EVENT_AGE_SECONDS, NotebookBuilder
from modules.notebook_builder.role import BuilderRole
from tests.unit.modules.policies.authorization import ENV

NAMES = project_names(BaseNames(), "alpha")


def built(**changes: Any) -> tuple[NotebookBuilder, dict[str, Any]]:
    stack = TerraformStack(CdktfTesting.app(), "stack")
    arguments: dict[str, Any] = {
        "env": ENV,
        "names": NAMES,
        "vpc_id": "vpc-1",
        "subnet_id": "subnet-1",
        "security_group_id": "sg-1",
        "end_user_role_ids": {"SCEndUserRole-alpha": "${aws_iam_role.EndUser.unique_id}"},
        "execution_role_arn": ENV.role_arn(NAMES.execution_role),
        "key_arn": ENV.arn("kms", "key/k"),
        "platform_identifier": "notebook-al2023-v1",
        "project_id": "QuickStart007",
    }
    role = BuilderRole(
        stack,
        "BuilderRole",
        env=ENV,
        names=NAMES,
        project_id="QuickStart007",
        subnet_id="subnet-1",
        security_group_id="sg-1",
    )
    builder = NotebookBuilder(stack, "Builder", role=role, **arguments | changes)
    return builder, json.loads(CdktfTesting.synth(stack))["resource"]


def only(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    (resource,) = resources[kind].values()
    return dict(resource)


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    return built()[1]


def test_deploys_these_resources(resources: dict[str, Any]) -> None:
    assert sorted(resources) == [
        "aws_cloudwatch_log_group",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_lambda_function",
        "aws_lambda_function_event_invoke_config",
    ]


def test_the_function(resources: dict[str, Any]) -> None:
    function = only(resources, "aws_lambda_function")
    assert function["function_name"] == "SageMakerBuild-alpha"
    assert function["handler"] == "notebook_builder.handler.handler"
    assert function["runtime"] == "python3.13"
    assert function["role"] == "arn:aws-cn:iam::123456789012:role/SageMakerBuildRole-alpha"
    assert function["timeout"] == 900
    assert function["source_code_hash"] == source_code_hash()
    assert function["filename"].endswith("/notebook_builder.zip")
    assert not function["filename"].startswith("/")
    assert function["environment"]["variables"] == {
        "VPC_ID": "vpc-1",
        "SUBNET_ID": "subnet-1",
        "SECURITY_GROUP_ID": "sg-1",
        "EXECUTION_ROLE_ARN": "arn:aws-cn:iam::123456789012:role/SageMakerExecutionRole-alpha",
        "KMS_KEY_ARN": "arn:aws-cn:kms:cn-north-1:123456789012:key/k",
        "PLATFORM_IDENTIFIER": "notebook-al2023-v1",
        "PROJECT_NAME": "alpha",
        "PROJECT_ID": "QuickStart007",
        "END_USER_ROLE_IDS": '{"SCEndUserRole-alpha": "${aws_iam_role.EndUser.unique_id}"}',
    }
    for absent in ("vpc_config", "reserved_concurrent_executions"):
        assert absent not in function


def test_its_log_and_its_rights_are_there_before_it(resources: dict[str, Any]) -> None:
    waits_for = only(resources, "aws_lambda_function")["depends_on"]
    assert sorted(dependency.split(".")[0] for dependency in waits_for) == [
        "aws_cloudwatch_log_group",
        "aws_iam_role",
        "aws_iam_role_policy",
    ]
    log_group = only(resources, "aws_cloudwatch_log_group")
    assert (log_group["name"], log_group["retention_in_days"]) == (
        "/aws/lambda/SageMakerBuild-alpha",
        365,
    )


def test_a_request_is_dropped_before_cloudformation_gives_up(resources: dict[str, Any]) -> None:
    config = only(resources, "aws_lambda_function_event_invoke_config")
    assert config["maximum_event_age_in_seconds"] == EVENT_AGE_SECONDS
    assert config["maximum_retry_attempts"] == 2
    assert EVENT_AGE_SECONDS + only(resources, "aws_lambda_function")["timeout"] < 3600


def test_says_its_names_and_arns_before_terraform_runs() -> None:
    builder, _ = built()
    assert builder.function_name == "SageMakerBuild-alpha"
    assert builder.function_arn == (
        "arn:aws-cn:lambda:cn-north-1:123456789012:function:SageMakerBuild-alpha"
    )


def test_synthesis_gives_the_same_twice() -> None:
    assert built()[1] == built()[1]


@pytest.mark.parametrize("days", [0, 2, -1, 364, 3654])
def test_fails_on_a_retention_that_cloudwatch_does_not_take(days: int) -> None:
    with pytest.raises(ValueError, match=rf"stack/Builder: log_retention_days is {days}, allowed"):
        built(log_retention_days=days)


def test_takes_a_retention_that_only_terraform_knows() -> None:
    _, resources = built(log_retention_days=Token.as_number("${var.days}"))
    assert only(resources, "aws_cloudwatch_log_group")["retention_in_days"] == "${var.days}"


def test_fails_on_more_end_user_roles_than_its_environment_holds() -> None:
    roles = {f"Role{number:060}": "id" for number in range(40)}
    with pytest.raises(ValueError, match=r"40 end-user roles take 3720 .*, allowed: 3000"):
        built(end_user_role_ids=roles)
    built(end_user_role_ids=dict(list(roles.items())[:32]))
