"""The HTTP side."""

import pytest
from moto.cloudformation.models import cloudformation_backends

from scripts.sandbox.backends.cloudformation import register
from scripts.sandbox.backends.cloudformation.models import CloudFormationBackend
from scripts.sandbox.backends.cloudformation.responses import OPERATIONS, CloudFormationResponse
from scripts.sandbox.backends.cloudformation.urls import url_paths
from tests.unit.scripts.sandbox.backends.cloudformation.stacks import Stacks, refused

NEEDED = {
    "CreateStack",
    "UpdateStack",
    "DeleteStack",
    "DescribeStacks",
    "DescribeStackEvents",
    "DescribeStackResource",
    "DescribeStackResources",
    "ListStackResources",
    "ListStacks",
    "GetTemplate",
    "GetTemplateSummary",
    "ValidateTemplate",
    "SetStackPolicy",
    "GetStackPolicy",
    "UpdateTerminationProtection",
}


def test_every_operation_that_is_needed_is_there() -> None:
    assert set(OPERATIONS) == NEEDED
    assert url_paths == {"{0}/$": CloudFormationResponse.dispatch}


def test_registering_takes_the_place_of_motos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudformation_backends, "backend", cloudformation_backends.backend)
    register()
    made = cloudformation_backends["123456789012"]["eu-west-1"]
    assert isinstance(made, CloudFormationBackend)
    cloudformation_backends.clear()


def test_refuses_parameters_outside_the_models_limits(stacks: Stacks) -> None:
    with refused() as messages:
        stacks.client.create_stack(
            StackName="a", TemplateBody="{}", ClientRequestToken="-starts-badly"
        )
    assert messages[0].startswith("1 validation error detected: Value '-starts-badly' at")
    with refused() as messages:
        stacks.client.create_stack(StackName="a", TemplateBody="{}", OnFailure="LAUGH")
    assert "[DO_NOTHING, ROLLBACK, DELETE]" in messages[0]


def test_an_operation_that_is_not_there_is_refused_by_name(stacks: Stacks) -> None:
    with refused("NotImplementedException") as messages:
        stacks.client.list_exports()
    assert "cloudformation:ListExports" in messages[0]


def test_calls_of_a_stack_are_in_the_journal(stacks: Stacks) -> None:
    stacks.sandbox.clear_journal()
    stacks.create({"T": {"Type": "AWS::SNS::Topic"}})
    made = [call.operation for call in stacks.sandbox.journal()]
    assert made[0] == "CreateStack"
    assert "CreateTopic" in made
