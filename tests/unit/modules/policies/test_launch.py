from __future__ import annotations

import json
import re

import pytest

from modules.naming import LENGTH_LIMITS, AwsEnvironment, ProjectNames
from modules.policies.document import Document, to_json
from modules.policies.launch import launch_policy
from tests.unit.modules.facts import ENV, NAMES, PROJECT_ID, SECURITY_GROUP_ID, SUBNET_ID
from tests.unit.modules.policies.authorization import faults
from tests.unit.modules.policies.test_notebook_making import EXPECTED as MAKING
from tests.unit.modules.policies.test_notebook_start import EXPECTED as START

INLINE_POLICY_LIMIT = 10_240
"""IAM's quota for all inline policies of a role, in characters without white space."""

BY_LAMBDA = launch_policy(env=ENV, names=NAMES, project_id=PROJECT_ID, build="lambda")
BY_CLOUDFORMATION = launch_policy(
    env=ENV,
    names=NAMES,
    project_id=PROJECT_ID,
    build="cloudformation",
    subnet_id=SUBNET_ID,
    security_group_id=SECURITY_GROUP_ID,
)
both_ways = pytest.mark.parametrize("policy", [BY_LAMBDA, BY_CLOUDFORMATION])

NOTEBOOKS = ["arn:aws-cn:sagemaker:cn-north-1:123456789012:notebook-instance/*"]
REQUESTED = {"aws:RequestTag/ProjectName": "churn", "aws:RequestTag/ProjectID": "QuickStart007"}
OWNED = {"aws:ResourceTag/ProjectName": "churn", "aws:ResourceTag/ProjectID": "QuickStart007"}

STACKS = [
    {
        "Sid": "ManageStacksOfServiceCatalog",
        "Effect": "Allow",
        "Action": [
            "cloudformation:CreateStack",
            "cloudformation:DeleteStack",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStacks",
            "cloudformation:SetStackPolicy",
            "cloudformation:TagResource",
            "cloudformation:UpdateStack",
        ],
        "Resource": ["arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/SC-*"],
    },
    {
        "Sid": "InspectTemplatesHasNoResourceLevel",
        "Effect": "Allow",
        "Action": ["cloudformation:GetTemplateSummary", "cloudformation:ValidateTemplate"],
        "Resource": ["*"],
    },
    {
        "Sid": "ReadTemplatesThatServiceCatalogHolds",
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": ["arn:aws-cn:s3:::*/*"],
        "Condition": {"StringEquals": {"s3:ExistingObjectTag/servicecatalog:provisioning": "true"}},
    },
]

RETAGGING = {
    "Sid": "RetagNotebooksOfProject",
    "Effect": "Allow",
    "Action": ["sagemaker:AddTags"],
    "Resource": NOTEBOOKS,
    "Condition": {"StringEquals": OWNED, "StringEqualsIfExists": REQUESTED},
}


INVOKE_BUILDER = {
    "Sid": "InvokeBuilder",
    "Effect": "Allow",
    "Action": ["lambda:InvokeFunction"],
    "Resource": ["arn:aws-cn:lambda:cn-north-1:123456789012:function:SageMakerBuild-churn"],
}


def test_with_the_builder_the_role_manages_stacks_and_calls_the_builder() -> None:
    assert BY_LAMBDA["Version"] == "2012-10-17"
    assert BY_LAMBDA["Statement"] == [*STACKS, INVOKE_BUILDER]


def test_natively_the_role_manages_notebooks_of_its_project_alone() -> None:
    assert BY_CLOUDFORMATION["Version"] == "2012-10-17"
    assert BY_CLOUDFORMATION["Statement"] == [
        *STACKS,
        *MAKING,
        RETAGGING,
        *START,
    ]


@both_ways
def test_every_action_is_given_a_resource_of_its_type(policy: Document) -> None:
    assert (
        faults(
            policy, unscoped=frozenset({"cloudformation:GetTemplateSummary", "ec2:DescribeVpcs"})
        )
        == []
    )


@both_ways
def test_administers_no_iam_no_key_and_no_bucket(policy: Document) -> None:
    actions = {action for statement in policy["Statement"] for action in statement["Action"]}

    assert {action for action in actions if action.startswith(("iam:", "kms:", "s3:"))} <= {
        "iam:PassRole",
        "s3:GetObject",
    }
    assert not [action for action in actions if "*" in action]


@both_ways
def test_sids_are_unique(policy: Document) -> None:
    sids = [statement["Sid"] for statement in policy["Statement"]]

    assert len(set(sids)) == len(sids)
    assert all(re.fullmatch("[A-Za-z0-9]+", sid) for sid in sids)


@both_ways
def test_roles_are_passed_by_their_full_name(policy: Document) -> None:
    for statement in policy["Statement"]:
        if "iam:PassRole" in statement["Action"]:
            assert not [arn for arn in statement["Resource"] if "*" in arn]


def test_names_neither_partition_nor_region_nor_account_of_its_own() -> None:
    elsewhere = AwsEnvironment("P", "A", "R", "D")
    text = json.dumps(
        launch_policy(
            env=elsewhere,
            names=NAMES,
            project_id=PROJECT_ID,
            build="cloudformation",
            subnet_id="s",
            security_group_id="g",
        )
    )

    assert re.findall(r"arn:(?!P:)", text) == []
    assert re.findall(r"arn:P:(?:ec2|sagemaker|kms|cloudformation|lambda):(?!R:A:)", text) == []


def test_fits_an_inline_policy_with_the_longest_names() -> None:
    longest = ProjectNames(
        key_alias="n" * LENGTH_LIMITS["key_alias"],
        execution_role="n" * LENGTH_LIMITS["execution_role"],
        builder_function="n" * LENGTH_LIMITS["builder_function"],
        project="p" * 64,
    )
    policy = launch_policy(
        env=AwsEnvironment("aws-us-gov", "1" * 12, "ap-southeast-99", "amazonaws.com.cn"),
        names=longest,
        project_id="i" * 256,
        build="cloudformation",
        subnet_id="subnet-" + "0" * 17,
        security_group_id="sg-" + "0" * 17,
    )

    assert len(to_json(policy)) <= INLINE_POLICY_LIMIT


@pytest.mark.parametrize(("subnet", "group"), [(None, "sg-1"), ("subnet-1", None)])
def test_fails_natively_without_network(subnet: str | None, group: str | None) -> None:
    with pytest.raises(ValueError, match="building the notebook by cloudformation needs"):
        launch_policy(
            env=ENV,
            names=NAMES,
            project_id=PROJECT_ID,
            build="cloudformation",
            subnet_id=subnet,
            security_group_id=group,
        )
