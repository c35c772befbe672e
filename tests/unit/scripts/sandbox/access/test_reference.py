"""The service authorisation reference, filled in from a call's parameters."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.sandbox.access import reference as module
from scripts.sandbox.access.reference import arns, types
from scripts.sandbox.policies import UNKNOWN_RESOURCE

HERE = "eu-west-1:123456789012"


@pytest.mark.parametrize(
    ("action", "params", "expected"),
    [
        ("sagemaker:ListDomains", {}, ["*"]),
        (
            "sagemaker:StopNotebookInstance",
            {"NotebookInstanceName": "n"},
            [f"arn:aws:sagemaker:{HERE}:notebook-instance/n"],
        ),
        (
            "sagemaker:DescribeSpace",
            {"DomainId": "d-1", "SpaceName": "s"},
            [f"arn:aws:sagemaker:{HERE}:space/d-1/s"],
        ),
        (
            "sagemaker:ListTags",
            {"ResourceArn": f"arn:aws:sagemaker:{HERE}:model/m"},
            [f"arn:aws:sagemaker:{HERE}:model/m"],
        ),
        (
            "sagemaker:CreateEndpoint",
            {"EndpointName": "e", "EndpointConfigName": "c"},
            [
                f"arn:aws:sagemaker:{HERE}:endpoint/e",
                f"arn:aws:sagemaker:{HERE}:endpoint-config/c",
            ],
        ),
        ("sagemaker:StopNotebookInstance", {}, [UNKNOWN_RESOURCE]),
        ("servicecatalog:CreatePortfolio", {}, [f"arn:aws:catalog:{HERE}:portfolio/*"]),
        (
            "cloudwatch:DeleteAlarms",
            {"AlarmNames": ["a", "b"]},
            [f"arn:aws:cloudwatch:{HERE}:alarm:{name}" for name in "ab"],
        ),
        (
            "ecr:BatchGetImage",
            {"repositoryName": "team/image"},
            [f"arn:aws:ecr:{HERE}:repository/team/image"],
        ),
        (
            "cloudtrail:StartLogging",
            {"Name": "t"},
            [UNKNOWN_RESOURCE],
        ),
        ("cloudtrail:NoSuchAction", {}, [UNKNOWN_RESOURCE]),
        ("nosuchservice:Get", {"Name": "n"}, [UNKNOWN_RESOURCE]),
    ],
)
def test_arns_are_filled_in(action: str, params: dict[str, Any], expected: list[str]) -> None:
    service, _, operation = action.partition(":")
    assert arns(service, operation, params, "eu-west-1") == expected


def test_a_place_may_be_filled_from_another_parameter() -> None:
    names = {"TrailName": ("Name",)}
    found = arns("cloudtrail", "StartLogging", {"Name": "t"}, "eu-west-1", names)
    assert found == [f"arn:aws:cloudtrail:{HERE}:trail/t"]


def test_an_arn_among_the_parameters_is_the_resource() -> None:
    trail = f"arn:aws:cloudtrail:{HERE}:trail/t"
    found = arns("cloudtrail", "StartLogging", {"Name": trail}, "x", {"TrailName": ("Name",)})
    assert found == [trail]


def test_optional_types_count_only_when_they_are_named() -> None:
    assert arns("sagemaker", "CreateTrainingJob", {"TrainingJobName": "j"}, "eu-west-1") == [
        f"arn:aws:sagemaker:{HERE}:training-job/j"
    ]


def test_no_resource_level_and_no_such_action_are_told_apart() -> None:
    assert types("kms", "ListKeys") == ()
    assert types("kms", "NoSuchAction") is None
    assert types("nosuchservice", "Get") is None


@pytest.mark.parametrize(
    "service",
    ["cloudformation", "ec2", "iam", "kms", "lambda", "logs", "s3", "sagemaker", "servicecatalog"],
)
def test_every_service_of_our_roles_is_there(service: str) -> None:
    reference = json.loads(Path(module.__file__).with_name("reference.json").read_text())
    assert len(reference[service]["actions"]) > 20
