"""Parameters against botocore's models."""

from typing import Any

import pytest
from botocore.model import Shape
from botocore.session import Session

from scripts.sandbox.backends.validation import faults, message

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-1"
MODEL = Session().get_service_model("sagemaker")


def shape(operation: str) -> Shape | None:
    return MODEL.operation_model(operation).input_shape


def notebook(**changes: Any) -> dict[str, Any]:
    role = "arn:aws:iam::123456789012:role/r"
    given = {"NotebookInstanceName": "n", "InstanceType": "ml.t3.medium", "RoleArn": role}
    return {**given, **changes}


def test_good_parameters_have_no_fault() -> None:
    assert list(faults(shape("CreateNotebookInstance"), notebook(VolumeSizeInGB=5))) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"NotebookInstanceName": "x" * 64},
            (
                "at 'notebookInstanceName' failed to satisfy constraint: Member must have length"
                " less than or equal to 63"
            ),
        ),
        (
            {"NotebookInstanceName": "under_score"},
            (
                "Value 'under_score' at 'notebookInstanceName' failed to satisfy constraint: Member"
                " must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9])*"
            ),
        ),
        ({"NotebookInstanceName": "n\n"}, "Member must satisfy regular expression pattern"),
        ({"InstanceType": "t3.medium"}, "Member must satisfy enum value set: [ml.t2.medium,"),
        ({"RoleArn": "r"}, "at 'roleArn'"),
        ({"VolumeSizeInGB": 4}, "Member must have value greater than or equal to 5"),
        ({"SecurityGroupIds": ["sg-1"] * 6}, "Member must have length less than or equal to 5"),
        ({"SecurityGroupIds": ["sg 1"]}, "at 'securityGroupIds.1.member'"),
        (
            {"Tags": [{"Key": "a", "Value": "v" * 257}]},
            "at 'tags.1.member.value' failed to satisfy constraint: Member must have length less",
        ),
    ],
)
def test_fails_as_the_service_does(changes: dict[str, Any], fault: str) -> None:
    found = list(faults(shape("CreateNotebookInstance"), notebook(**changes)))
    assert any(fault in one for one in found), found


def test_all_faults_are_told_at_once() -> None:
    changes = {"VolumeSizeInGB": 1, "InstanceType": "x"}
    found = list(faults(shape("CreateNotebookInstance"), notebook(**changes)))
    assert message(found).startswith("2 validation errors detected: Value ")
    assert message(found[:1]).startswith("1 validation error detected: Value ")


def test_a_pattern_that_python_cannot_read_is_left_out() -> None:
    tags = [{"Key": "ProjectName", "Value": "a b"}]
    assert list(faults(shape("AddTags"), {"ResourceArn": ARN, "Tags": tags})) == []


def test_an_operation_without_parameters_has_no_fault() -> None:
    assert list(faults(shape("EnableSagemakerServicecatalogPortfolio"), {})) == []
    assert list(faults(None, {"a": 1})) == []
