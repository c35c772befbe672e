"""Names, ARNs and tags, held against AWS's own models where they state a limit."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, asdict, fields

import botocore.session
import pytest

from modules.naming import (
    ACCOUNT_ID_LENGTH,
    BUCKET_NAME_LIMIT,
    LENGTH_LIMITS,
    AwsEnvironment,
    BaseNames,
    bucket_name,
    project_names,
    project_tags,
)

CHINA = AwsEnvironment(
    partition="aws-cn",
    account_id="123456789012",
    region="cn-north-1",
    dns_suffix="amazonaws.com.cn",
)
TOKENS = AwsEnvironment(partition="${p}", account_id="${a}", region="${r}", dns_suffix="${d}")


def longest(service: str, shape: str) -> int:
    """Return the longest string that AWS's model of a service allows."""
    model = botocore.session.get_session().get_service_model(service)
    return int(model.shape_for(shape).metadata["max"])


def test_arns_are_written_in_the_environments_partition() -> None:
    assert (
        CHINA.arn("lambda", "function:f") == "arn:aws-cn:lambda:cn-north-1:123456789012:function:f"
    )
    assert CHINA.global_arn("iam", "user/u") == "arn:aws-cn:iam::123456789012:user/u"
    assert CHINA.role_arn("r") == "arn:aws-cn:iam::123456789012:role/r"
    assert CHINA.role_arn("r", "/service-role/") == (
        "arn:aws-cn:iam::123456789012:role/service-role/r"
    )
    assert CHINA.bucket_arn("b") == "arn:aws-cn:s3:::b"
    assert CHINA.aws_policy_arn("service-role/P") == "arn:aws-cn:iam::aws:policy/service-role/P"
    assert CHINA.account_root == "arn:aws-cn:iam::123456789012:root"


def test_arns_keep_tokens_as_they_are() -> None:
    assert TOKENS.arn("kms", "key/*") == "arn:${p}:kms:${r}:${a}:key/*"
    assert TOKENS.role_arn("r") == "arn:${p}:iam::${a}:role/r"


def test_the_default_names_are_those_of_the_documented_system() -> None:
    assert asdict(BaseNames()) == {
        "key_alias": "SageMaker-CMK-DS",
        "execution_role": "SageMakerExecutionRole",
        "execution_policy": "SageMakerExecutionPolicy",
        "launch_role": "SCLaunchRole",
        "builder_function": "SageMakerBuild",
        "builder_role": "SageMakerBuildRole",
        "lifecycle_config": "Provisioned-LC",
        "lifecycle_config_s3": "Provisioned-LC-S3",
        "portfolio": "SageMakerPortfolio",
        "product": "SageMakerProduct",
    }


def test_every_name_of_a_project_has_its_suffix() -> None:
    base = BaseNames(launch_role="Launch")
    names = project_names(base, "vision")
    for field in fields(BaseNames):
        assert getattr(names, field.name) == f"{getattr(base, field.name)}-vision"
    assert names.launch_role == "Launch-vision"
    assert names.end_user_role("SCEndUserRole") == "SCEndUserRole-vision"
    assert names.builder_role == "SageMakerBuildRole-vision"
    assert names.builder_log_group == "/aws/lambda/SageMakerBuild-vision"
    assert names.project == "vision"


def test_no_two_names_of_a_project_are_the_same() -> None:
    names = project_names(BaseNames(), "vision")
    physical = [*asdict(names).values(), names.end_user_role("SCEndUserRole")]
    assert len(set(physical)) == len(physical)


def test_names_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        project_names(BaseNames(), "a").project = "b"  # type: ignore[misc]  # what is refused


def test_a_bucket_name_is_lower_case_and_unique_by_account_and_region() -> None:
    name = bucket_name("Vision", "notebook", "123456789012", "eu-west-1")
    assert name == "vision-notebook-123456789012-eu-west-1"
    assert bucket_name("Vision", "notebook", "${a}", "${r}") == "vision-notebook-${a}-${r}"


def test_a_project_has_three_tags() -> None:
    assert project_tags("vision", "Vision001") == {
        "ProjectName": "vision",
        "ProjectID": "Vision001",
        "ManagedBy": "Terraform",
    }


def test_every_name_has_a_limit() -> None:
    assert set(LENGTH_LIMITS) == {*(field.name for field in fields(BaseNames)), "end_user_role"}


@pytest.mark.parametrize(
    ("kind", "service", "shape"),
    [
        ("execution_role", "iam", "roleNameType"),
        ("launch_role", "iam", "roleNameType"),
        ("builder_role", "iam", "roleNameType"),
        ("end_user_role", "iam", "roleNameType"),
        ("execution_policy", "iam", "policyNameType"),
        ("lifecycle_config", "sagemaker", "NotebookInstanceLifecycleConfigName"),
        ("lifecycle_config_s3", "sagemaker", "NotebookInstanceLifecycleConfigName"),
        ("portfolio", "servicecatalog", "PortfolioDisplayName"),
    ],
)
def test_a_limit_is_that_of_awss_model(kind: str, service: str, shape: str) -> None:
    assert LENGTH_LIMITS[kind] == longest(service, shape)


def test_an_alias_keeps_to_its_limit_with_its_prefix() -> None:
    assert LENGTH_LIMITS["key_alias"] + len("alias/") == longest("kms", "AliasNameType")


def test_a_functions_name_keeps_to_lambdas_limit() -> None:
    """CreateFunction's documentation; the model's limit is that of a function's ARN."""
    assert LENGTH_LIMITS["builder_function"] == 64 < longest("lambda", "FunctionName")


def test_bucket_names_of_the_default_length_fit_every_region() -> None:
    session = botocore.session.get_session()
    regions = [
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("s3", partition)
    ]
    assert regions
    for region in regions:
        name = bucket_name("quickstart", "notebook", "1" * ACCOUNT_ID_LENGTH, region)
        assert len(name) <= BUCKET_NAME_LIMIT
