"""Which types there are."""

import pytest

from scripts.sandbox.backends.cloudformation.errors import ValidationError
from scripts.sandbox.backends.cloudformation.resources import check, handler_of
from scripts.sandbox.backends.cloudformation.resources.custom import CustomResource
from scripts.sandbox.backends.cloudformation.resources.notebook import NotebookInstance


def test_types_have_their_handlers() -> None:
    assert isinstance(handler_of("Custom::Anything"), CustomResource)
    assert isinstance(handler_of("AWS::CloudFormation::CustomResource"), CustomResource)
    assert isinstance(handler_of("AWS::SageMaker::NotebookInstance"), NotebookInstance)
    check(["Custom::Anything", "AWS::SageMaker::NotebookInstance", "AWS::SNS::Topic"])


def test_refuses_types_that_do_not_exist() -> None:
    with pytest.raises(ValidationError) as caught:
        check(["Nonsense", "AWS::SNS::Topic", "Custom", "AWS::EC2::Instance"])
    assert caught.value.message == (
        "Template format error: Unrecognized resource types: [Custom, Nonsense]"
    )


def test_names_types_that_are_not_here() -> None:
    with pytest.raises(NotImplementedError, match="resource types AWS::EC2::Instance, AWS::S3"):
        check(["AWS::S3::Bucket", "AWS::EC2::Instance"])
