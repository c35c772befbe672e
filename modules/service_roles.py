"""Which service roles SageMaker's own portfolio needs, as AWS names and trusts them."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "AmazonSageMakerServiceCatalogProducts"


@dataclass(frozen=True)
class ServiceRole:
    """A role as AWS names it. ``managed_policy`` includes its path; the use role has none of
    AWS's, its policy is ``1PProductUseRolePolicy``."""

    short_name: str
    services: tuple[str, ...]
    managed_policy: str | None

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.short_name}"


def _with_own_policy(kind: str, service: str, policy_path: str = "service-role/") -> ServiceRole:
    policy = f"{policy_path}{PREFIX}{kind}ServiceRolePolicy"
    return ServiceRole(f"{kind}Role", (service,), policy)


SERVICE_ROLES = (
    ServiceRole(
        "LaunchRole",
        ("servicecatalog",),
        "AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy",
    ),
    ServiceRole(
        "UseRole",
        (
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
        ),
        None,
    ),
    _with_own_policy("ApiGateway", "apigateway"),
    _with_own_policy("Cloudformation", "cloudformation"),
    _with_own_policy("CodeBuild", "codebuild", policy_path=""),
    _with_own_policy("CodePipeline", "codepipeline"),
    _with_own_policy("Events", "events"),
    _with_own_policy("Firehose", "firehose"),
    _with_own_policy("Glue", "glue"),
    _with_own_policy("Lambda", "lambda"),
    ServiceRole("ExecutionRole", ("sagemaker",), "AmazonSageMakerFullAccess"),
)
"""https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-projects-studio-updates.html"""

BY_SHORT_NAME = {role.short_name: role for role in SERVICE_ROLES}
