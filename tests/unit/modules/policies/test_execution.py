from __future__ import annotations

from typing import Any

import pytest

from modules.naming import AwsEnvironment, BaseNames, bucket_name, project_names
from modules.policies.document import Document, Statement, to_json
from modules.policies.execution import code_bucket_policy, execution_policy, jobs_policy
from tests.unit.modules.policies.authorization import ENV, faults
from tests.unit.modules.policies.golden import assert_golden

NAMES = project_names(BaseNames(), "demo")
NETWORK = {"subnet_id": "subnet-1", "security_group_id": "sg-1"}
HERE = "cn-north-1:123456789012"
MANAGED_POLICY_LIMIT = 6_144
INLINE_POLICIES_LIMIT = 10_240

STAR_ALLOWED = {
    "EcrLoginNoResourceLevel",
    "PutMetricsNoResourceLevel",
    "DescribeNetworkNoResourceLevel",
    "DescribeScalingNoResourceLevel",
    "ListNoResourceLevel",
}
"""Every statement that may say ``*``: AWS scopes none of its actions to a resource."""


def _execution(**changes: Any) -> Document:
    given: dict[str, Any] = {"env": ENV, "names": NAMES, "bucket_name": "demo-notebook", **NETWORK}
    return execution_policy(**given | changes)


def _jobs(**changes: Any) -> Document:
    given: dict[str, Any] = {"env": ENV, "names": NAMES, **NETWORK}
    return jobs_policy(**given | changes)


def _all() -> dict[str, Statement]:
    documents = (_execution(), _jobs(), code_bucket_policy(env=ENV, code_bucket="code"))
    return {
        statement["Sid"]: statement for document in documents for statement in document["Statement"]
    }


@pytest.mark.parametrize(
    ("name", "policy"),
    [
        ("execution", _execution()),
        ("jobs", _jobs()),
        ("code_bucket", code_bucket_policy(env=ENV, code_bucket="code")),
    ],
)
def test_the_whole_document(name: str, policy: Document) -> None:
    assert_golden(name, policy)


def test_every_action_exists_and_fits_its_resources() -> None:
    # Data sets are new and not yet everywhere; PutMetricData is limited by namespace instead.
    unscoped = frozenset(["cloudwatch:PutMetricData"])
    assert faults(_execution(), unscoped=unscoped) == []
    assert faults(_jobs()) == []
    assert faults(code_bucket_policy(env=ENV, code_bucket="code")) == []


def test_a_star_stands_only_where_aws_has_no_resource_level() -> None:
    assert {sid for sid, s in _all().items() if "*" in s["Resource"]} == STAR_ALLOWED


def test_no_action_is_a_wildcard_but_for_two_families_of_kms() -> None:
    families = {a for s in _all().values() for a in s["Action"] if "*" in a}
    assert families == {"kms:GenerateDataKey*", "kms:ReEncrypt*"}


def test_passes_itself_to_sagemaker_and_nothing_else() -> None:
    passing = [s for s in _all().values() if "iam:PassRole" in s["Action"]]
    assert passing == [
        {
            "Sid": "PassItselfToSageMaker",
            "Effect": "Allow",
            "Action": ["iam:PassRole"],
            "Resource": ["arn:aws-cn:iam::123456789012:role/SageMakerExecutionRole-demo"],
            "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        }
    ]


@pytest.mark.parametrize("word", ["NotebookInstance", "Domain", "UserProfile", "DeleteTags"])
def test_administers_neither_notebooks_nor_domains_nor_tags(word: str) -> None:
    assert not [a for s in _all().values() for a in s["Action"] if word in a]


def test_tags_nothing_but_its_own_jobs() -> None:
    """Notebooks belong to their users by tag: code in one must not be able to move it."""
    for statement in _all().values():
        if "sagemaker:AddTags" in statement["Action"]:
            assert not [arn for arn in statement["Resource"] if "notebook" in arn or "*:*" in arn]
            assert all(arn.endswith("/demo-*") for arn in statement["Resource"])


def test_iam_and_kms_are_not_administered() -> None:
    actions = {a for s in _all().values() for a in s["Action"]}
    assert {a for a in actions if a.startswith("iam:")} == {"iam:PassRole"}
    assert {a for a in actions if a.startswith("kms:")} == {
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
    }


def test_the_key_is_the_projects_by_alias() -> None:
    alias = {"kms:ResourceAliases": "alias/SageMaker-CMK-DS-demo"}
    statements = _all()
    assert statements["UseKey"]["Resource"] == [f"arn:aws-cn:kms:{HERE}:key/*"]
    assert statements["UseKey"]["Condition"] == {"ForAnyValue:StringEquals": alias}
    assert statements["GrantKeyToAwsServices"]["Condition"] == {
        "ForAnyValue:StringEquals": alias,
        "Bool": {"kms:GrantIsForAWSResource": "true"},
    }


def test_data_is_the_projects_bucket() -> None:
    statements = _all()
    assert statements["ReadAndWriteObjects"]["Resource"] == ["arn:aws-cn:s3:::demo-notebook/*"]
    assert statements["ListBucket"]["Resource"] == ["arn:aws-cn:s3:::demo-notebook"]
    buckets = {
        arn.removeprefix("arn:aws-cn:s3:::").removesuffix("/*")
        for s in _all().values()
        for arn in s["Resource"]
        if ":s3:" in arn
    }
    assert buckets == {"demo-notebook", "code", "jumpstart-cache-prod-cn-north-1"}


def test_the_code_bucket_is_read_only() -> None:
    assert code_bucket_policy(env=ENV, code_bucket="code")["Statement"] == [
        {
            "Sid": "ReadCode",
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": ["arn:aws-cn:s3:::code/*"],
        },
        {
            "Sid": "ListCode",
            "Effect": "Allow",
            "Action": ["s3:ListBucket"],
            "Resource": ["arn:aws-cn:s3:::code"],
        },
    ]


def test_jobs_and_models_run_in_the_subnet_or_not_at_all() -> None:
    assert _all()["CreateInTheVpc"] == {
        "Sid": "CreateInTheVpc",
        "Effect": "Allow",
        "Action": [
            "sagemaker:CreateHyperParameterTuningJob",
            "sagemaker:CreateModel",
            "sagemaker:CreateProcessingJob",
            "sagemaker:CreateTrainingJob",
        ],
        "Resource": [
            f"arn:aws-cn:sagemaker:{HERE}:training-job/demo-*",
            f"arn:aws-cn:sagemaker:{HERE}:processing-job/demo-*",
            f"arn:aws-cn:sagemaker:{HERE}:hyper-parameter-tuning-job/demo-*",
            f"arn:aws-cn:sagemaker:{HERE}:model/demo-*",
        ],
        "Condition": {
            "ForAllValues:StringEquals": {
                "sagemaker:VpcSubnets": ["subnet-1"],
                "sagemaker:VpcSecurityGroupIds": ["sg-1"],
            },
            "Null": {
                "sagemaker:VpcSubnets": "false",
                "sagemaker:VpcSecurityGroupIds": "false",
            },
        },
    }


def test_endpoints_and_transforms_take_own_models() -> None:
    assert _all()["CreateFromOwnModels"]["Condition"] == {
        "ForAllValues:ArnLike": {
            "sagemaker:ModelArn": [f"arn:aws-cn:sagemaker:{HERE}:model/demo-*"]
        },
        # Without it, a request that names no model would pass.
        "Null": {"sagemaker:ModelArn": "false"},
    }


def test_every_job_model_and_endpoint_is_the_projects_by_name() -> None:
    jobs = {arn for s in _jobs()["Statement"] for arn in s["Resource"]} - {"*"}
    assert {arn.rpartition("/")[2] for arn in jobs} == {"demo-*"}


def test_a_mixed_case_project_is_written_in_both_cases() -> None:
    """SageMaker writes names in ARNs in lower case, a request carries them as typed."""
    policy = _jobs(names=project_names(BaseNames(), "QuickStart"))
    resources = policy["Statement"][0]["Resource"]
    assert f"arn:aws-cn:sagemaker:{HERE}:training-job/QuickStart-*" in resources
    assert f"arn:aws-cn:sagemaker:{HERE}:training-job/quickstart-*" in resources


def test_network_interfaces_are_made_in_the_subnet_alone() -> None:
    statements = _all()
    subnet = "arn:aws-cn:ec2:cn-north-1:*:subnet/subnet-1"
    interfaces = f"arn:aws-cn:ec2:{HERE}:network-interface/*"
    assert statements["AttachJobsToTheSubnet"]["Resource"] == [
        subnet,
        "arn:aws-cn:ec2:cn-north-1:*:security-group/sg-1",
        interfaces,
    ]
    assert statements["ManageInterfacesInTheSubnet"]["Resource"] == [interfaces]
    assert statements["ManageInterfacesInTheSubnet"]["Condition"] == {
        "ArnLike": {"ec2:Subnet": subnet}
    }


def test_scales_sagemaker_endpoints_alone() -> None:
    statements = _all()
    assert statements["ScaleEndpoints"]["Condition"] == {
        "StringEquals": {
            "application-autoscaling:service-namespace": "sagemaker",
            "application-autoscaling:scalable-dimension": "sagemaker:variant:DesiredInstanceCount",
        }
    }
    assert statements["AlarmsOfScaling"]["Resource"] == [
        f"arn:aws-cn:cloudwatch:{HERE}:alarm:TargetTracking-endpoint/demo-*"
    ]


def test_metrics_and_logs_keep_to_their_names() -> None:
    statements = _all()
    assert statements["PutMetricsNoResourceLevel"]["Condition"] == {
        "StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", "demo/*"]}
    }
    assert statements["WriteAndReadLogs"]["Resource"] == [
        f"arn:aws-cn:logs:{HERE}:log-group:/aws/sagemaker/*",
        f"arn:aws-cn:logs:{HERE}:log-group:/aws/sagemaker/*:log-stream:*",
    ]


@pytest.mark.parametrize("region", ["us-gov-west-1", "ap-southeast-3"])
def test_fits_with_the_longest_names(region: str) -> None:
    """A bucket's name holds the project's, the account and the Region in 63 characters."""
    env = AwsEnvironment("aws-us-gov", "123456789012", region, "amazonaws.com")
    room = 63 - len(bucket_name("", "notebook", env.account_id, region))
    names = project_names(BaseNames(key_alias="k" * (250 - room - 1)), "P" * room)
    execution = _execution(
        env=env,
        names=names,
        bucket_name=bucket_name(names.project, "notebook", env.account_id, region),
        subnet_id="subnet-" + "0" * 17,
        security_group_id="sg-" + "0" * 17,
    )
    jobs = _jobs(
        env=env,
        names=names,
        subnet_id="subnet-" + "0" * 17,
        security_group_id="sg-" + "0" * 17,
    )
    code = code_bucket_policy(env=env, code_bucket="c" * 63)
    assert len(to_json(execution)) < MANAGED_POLICY_LIMIT
    assert len(to_json(jobs)) + len(to_json(code)) < INLINE_POLICIES_LIMIT
