from __future__ import annotations

from modules.naming import AwsEnvironment
from modules.policies.document import Document, to_json
from modules.policies.product_use import product_use_policy
from tests.unit.modules.policies.authorization import ENV, faults
from tests.unit.modules.policies.golden import assert_golden

USE_ROLE = ENV.role_arn("AmazonSageMakerServiceCatalogProductsUseRole", "/service-role/")
INLINE_LIMIT = 10_240

READ_BY_EVERYBODY = frozenset(
    f"ecr:{action}"
    for action in (
        "BatchCheckLayerAvailability",
        "BatchGetImage",
        "DescribeImages",
        "DescribeRepositories",
        "GetDownloadUrlForLayer",
    )
)
"""The images of SageMaker's own accounts."""

OF_EVERY_SERVICE = frozenset(
    {
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:GetLogEvents",
        "logs:PutLogEvents",
        "cloudwatch:PutMetricData",
    }
)
"""Log groups that are named after the service that writes them; metrics without a data set."""


def policy() -> Document:
    return product_use_policy(env=ENV, use_role_arn=USE_ROLE)


def test_the_whole_document() -> None:
    assert_golden("product_use", policy())


def resources() -> dict[str, list[str]]:
    return {each["Sid"]: each["Resource"] for each in policy()["Statement"] if "Resource" in each}


def test_which_resources_each_statement_is_about() -> None:
    here = "cn:{}:*:123456789012:{}".format
    in_buckets = ["arn:aws-cn:s3:::aws-glue-*", "arn:aws-cn:s3:::sagemaker-*"]
    assert resources() == {
        "Stacks": [f"arn:aws-{here('cloudformation', 'stack/sagemaker-*')}"],
        "Builds": [f"arn:aws-{here('codebuild', 'project/sagemaker-*')}"],
        "Repositories": [f"arn:aws-{here('codecommit', 'sagemaker-*')}"],
        "Pipelines": [f"arn:aws-{here('codepipeline', 'sagemaker-*')}"],
        "Connections": [f"arn:aws-{here('codestar-connections', 'connection/*')}"],
        "LogInToEcrHasNoResourceLevel": ["*"],
        "ReadImagesOfAllAccounts": ["*"],
        "WriteImages": [f"arn:aws-{here('ecr', 'repository/sagemaker-*')}"],
        "Rules": [f"arn:aws-{here('events', 'rule/sagemaker-*')}"],
        "Streams": [f"arn:aws-{here('firehose', 'deliverystream/sagemaker-*')}"],
        "Functions": [f"arn:aws-{here('lambda', 'function:sagemaker-*')}"],
        "DataCatalog": [
            f"arn:aws-{here('glue', kind)}"
            for kind in (
                "catalog",
                "database/default",
                "database/global_temp",
                "database/sagemaker-*",
                "table/sagemaker-*",
                "userDefinedFunction/sagemaker-*",
            )
        ],
        "ListBucketsHasNoResourceLevel": ["*"],
        "Buckets": in_buckets,
        "Objects": [f"{bucket}/*" for bucket in in_buckets],
        "ListStateMachinesHasNoResourceLevel": ["*"],
        "StateMachines": [f"arn:aws-{here('states', 'stateMachine:sagemaker-*')}"],
        "Executions": [f"arn:aws-{here('states', 'execution:sagemaker-*:*')}"],
        "Logs": ["*"],
        "MetricsAndRouteTables": ["*"],
        "PassTheUseRole": [
            (
                "arn:aws-cn:iam::123456789012:role/service-role/"
                "AmazonSageMakerServiceCatalogProductsUseRole"
            )
        ],
    }


def test_sagemaker_is_allowed_but_for_domains_profiles_apps_and_flows_of_any_region() -> None:
    assert policy()["Statement"][-1] == {
        "Sid": "SageMakerButForDomainsAndFlows",
        "Effect": "Allow",
        "Action": ["sagemaker:*"],
        "NotResource": [
            "arn:aws-cn:sagemaker:*:123456789012:domain/*",
            "arn:aws-cn:sagemaker:*:123456789012:user-profile/*",
            "arn:aws-cn:sagemaker:*:123456789012:app/*",
            "arn:aws-cn:sagemaker:*:123456789012:flow-definition/*",
        ],
    }


def test_connections_must_carry_sagemakers_tag() -> None:
    (connections,) = (s for s in policy()["Statement"] if s["Sid"] == "Connections")
    assert connections["Action"] == ["codestar-connections:UseConnection"]
    assert connections["Condition"] == {
        "StringEqualsIgnoreCase": {"aws:ResourceTag/sagemaker": "true"}
    }


def test_every_action_exists_and_has_its_own_kind_of_resource() -> None:
    scoped = policy()
    scoped["Statement"] = [each for each in scoped["Statement"] if "Resource" in each]
    assert faults(scoped, unscoped=READ_BY_EVERYBODY | OF_EVERY_SERVICE) == []


def test_passes_itself_and_administers_no_identity() -> None:
    granted = [action for each in policy()["Statement"] for action in each["Action"]]
    assert [a for a in granted if a.startswith(("iam:", "sts:", "kms:", "organizations:"))] == [
        "iam:PassRole"
    ]
    assert [action for action in granted if "*" in action] == ["sagemaker:*"]
    assert len(granted) == len(set(granted))


def test_fits_an_inline_policy_in_the_longest_partition() -> None:
    env = AwsEnvironment("aws-us-gov", "1" * 12, "us-gov-west-1", "amazonaws.com")
    assert len(to_json(product_use_policy(env=env, use_role_arn=USE_ROLE))) <= INLINE_LIMIT
