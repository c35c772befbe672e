from __future__ import annotations

import json

from moto.iam.aws_managed_policies import aws_managed_policies_data

from modules.service_roles import BY_SHORT_NAME, SERVICE_ROLES

PREFIX = "AmazonSageMakerServiceCatalogProducts"


def test_the_names_are_those_that_sagemaker_looks_for() -> None:
    assert [role.name.removeprefix(PREFIX) for role in SERVICE_ROLES] == [
        "LaunchRole",
        "UseRole",
        "ApiGatewayRole",
        "CloudformationRole",
        "CodeBuildRole",
        "CodePipelineRole",
        "EventsRole",
        "FirehoseRole",
        "GlueRole",
        "LambdaRole",
        "ExecutionRole",
    ]
    assert all(len(role.name) <= 64 for role in SERVICE_ROLES)


def test_the_managed_policies() -> None:
    own = f"{PREFIX}{{}}ServiceRolePolicy".format
    assert {role.short_name: role.managed_policy for role in SERVICE_ROLES} == {
        "LaunchRole": "AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy",
        "UseRole": None,
        "ApiGatewayRole": f"service-role/{own('ApiGateway')}",
        "CloudformationRole": f"service-role/{own('Cloudformation')}",
        "CodeBuildRole": own("CodeBuild"),
        "CodePipelineRole": f"service-role/{own('CodePipeline')}",
        "EventsRole": f"service-role/{own('Events')}",
        "FirehoseRole": f"service-role/{own('Firehose')}",
        "GlueRole": f"service-role/{own('Glue')}",
        "LambdaRole": f"service-role/{own('Lambda')}",
        "ExecutionRole": "AmazonSageMakerFullAccess",
    }


def test_the_managed_policies_exist_under_those_paths() -> None:
    known = {
        f"{policy['Path'].removeprefix('/')}{name}"
        for name, policy in json.loads(aws_managed_policies_data).items()
    }
    assert {role.managed_policy for role in SERVICE_ROLES if role.managed_policy} <= known


def test_a_role_is_found_by_its_short_name() -> None:
    assert [role.short_name for role in BY_SHORT_NAME.values()] == list(BY_SHORT_NAME)
    assert tuple(BY_SHORT_NAME.values()) == SERVICE_ROLES
    assert BY_SHORT_NAME["GlueRole"].name == f"{PREFIX}GlueRole"
