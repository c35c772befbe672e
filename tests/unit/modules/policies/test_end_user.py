from __future__ import annotations

import json
import re
from typing import Literal

from modules.naming import LENGTH_LIMITS, AwsEnvironment, ProjectNames
from modules.policies.document import Document, to_json
from modules.policies.end_user import end_user_policy
from tests.unit.modules.facts import ENV, NAMES, PROJECT_ID, SECURITY_GROUP_ID, SUBNET_ID
from tests.unit.modules.policies.authorization import faults
from tests.unit.modules.policies.test_launch import INLINE_POLICY_LIMIT
from tests.unit.modules.policies.test_notebook_start import EXPECTED as START


def policy_of(build: Literal["lambda", "cloudformation"]) -> Document:
    return end_user_policy(
        env=ENV,
        names=NAMES,
        project_id=PROJECT_ID,
        build=build,
        subnet_id=SUBNET_ID,
        security_group_id=SECURITY_GROUP_ID,
    )


POLICY = policy_of("lambda")
NATIVE = policy_of("cloudformation")
ACTIONS = {action for statement in POLICY["Statement"] for action in statement["Action"]}
OF_PROJECT = {
    "StringEquals": {
        "aws:ResourceTag/ProjectName": "churn",
        "aws:ResourceTag/ProjectID": "QuickStart007",
    }
}


def test_what_an_end_user_may_do() -> None:
    assert POLICY["Version"] == "2012-10-17"
    assert POLICY["Statement"] == [
        {
            "Sid": "BrowseCatalogHasNoResourceLevel",
            "Effect": "Allow",
            "Action": ["servicecatalog:DescribeProductView", "servicecatalog:SearchProducts"],
            "Resource": ["*"],
        },
        {
            "Sid": "LaunchProductsOfProject",
            "Effect": "Allow",
            "Action": [
                "servicecatalog:DescribeProduct",
                "servicecatalog:DescribeProvisioningArtifact",
                "servicecatalog:DescribeProvisioningParameters",
                "servicecatalog:ListLaunchPaths",
                "servicecatalog:ListProvisioningArtifacts",
                "servicecatalog:ProvisionProduct",
            ],
            "Resource": ["arn:aws-cn:catalog:cn-north-1:123456789012:product/*"],
            "Condition": OF_PROJECT,
        },
        {
            "Sid": "OwnProvisionedProductsHaveNoResourceLevel",
            "Effect": "Allow",
            "Action": [
                "servicecatalog:DescribeProvisionedProduct",
                "servicecatalog:DescribeRecord",
                "servicecatalog:ListRecordHistory",
                "servicecatalog:ScanProvisionedProducts",
                "servicecatalog:SearchProvisionedProducts",
                "servicecatalog:TerminateProvisionedProduct",
                "servicecatalog:UpdateProvisionedProduct",
            ],
            "Resource": ["*"],
            "Condition": {"StringEquals": {"servicecatalog:userLevel": "self"}},
        },
        {
            "Sid": "SeeStacksOfServiceCatalog",
            "Effect": "Allow",
            "Action": [
                "cloudformation:DescribeStackEvents",
                "cloudformation:DescribeStacks",
                "cloudformation:ListStackResources",
            ],
            "Resource": ["arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/SC-*"],
        },
        {
            "Sid": "ListNotebooksHasNoResourceLevel",
            "Effect": "Allow",
            "Action": ["sagemaker:ListNotebookInstances"],
            "Resource": ["*"],
        },
        {
            "Sid": "UseOwnNotebooks",
            "Effect": "Allow",
            "Action": [
                "sagemaker:CreatePresignedNotebookInstanceUrl",
                "sagemaker:DescribeNotebookInstance",
                "sagemaker:StartNotebookInstance",
                "sagemaker:StopNotebookInstance",
            ],
            "Resource": ["arn:aws-cn:sagemaker:cn-north-1:123456789012:notebook-instance/*"],
            "Condition": {
                "StringEquals": {
                    **OF_PROJECT["StringEquals"],
                    "aws:ResourceTag/LaunchedBy": "${aws:userid}",
                }
            },
        },
        *START,
    ]


def test_natively_every_notebook_of_the_project_is_open_to_its_users() -> None:
    differing = [
        (ours, native)
        for ours, native in zip(POLICY["Statement"], NATIVE["Statement"], strict=True)
        if ours != native
    ]
    ((ours, native),) = differing
    assert native == ours | {"Sid": "UseNotebooksOfProject", "Condition": OF_PROJECT}


def test_terraform_leaves_iams_variable_to_iam() -> None:
    assert '"aws:ResourceTag/LaunchedBy":"$${aws:userid}"' in to_json(POLICY)


def test_every_action_is_given_a_resource_of_its_type() -> None:
    assert faults(POLICY, unscoped=frozenset({"ec2:DescribeVpcs"})) == []


def test_creates_changes_and_deletes_nothing_past_the_catalog() -> None:
    writes = re.compile("(Create|Delete|Update|Put|Add|Remove|Set|Attach|Execute|Tag|Untag)")
    names = {action.split(":")[1] for action in ACTIONS}

    assert {name for name in names if writes.match(name)} == {
        "CreateNetworkInterface",
        "CreatePresignedNotebookInstanceUrl",
        "UpdateProvisionedProduct",
    }
    assert not [action for action in ACTIONS if "*" in action]


def test_names_neither_partition_nor_region_nor_account_of_its_own() -> None:
    text = json.dumps(
        end_user_policy(
            env=AwsEnvironment("P", "A", "R", "D"),
            names=NAMES,
            project_id=PROJECT_ID,
            build="lambda",
            subnet_id="s",
            security_group_id="g",
        )
    )

    assert re.findall(r"arn:(?!P:)", text) == []
    assert re.findall(r"arn:P:(?!iam)[a-z0-9]+:(?!R:A:)", text) == []


def test_fits_an_inline_policy_with_the_longest_names() -> None:
    longest = ProjectNames(
        key_alias="n" * LENGTH_LIMITS["key_alias"],
        execution_role="n" * LENGTH_LIMITS["execution_role"],
        project="p" * 64,
    )
    policy = end_user_policy(
        env=AwsEnvironment("aws-us-gov", "1" * 12, "ap-southeast-99", "amazonaws.com.cn"),
        names=longest,
        project_id="i" * 256,
        build="lambda",
        subnet_id="subnet-" + "0" * 17,
        security_group_id="sg-" + "0" * 17,
    )

    assert len(to_json(policy)) <= INLINE_POLICY_LIMIT
