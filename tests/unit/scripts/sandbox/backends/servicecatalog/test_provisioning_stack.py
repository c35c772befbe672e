"""A stack by CloudFormation's API, and what is made of its answers."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox.backends.servicecatalog.provisioned import RecordError
from scripts.sandbox.backends.servicecatalog.provisioning_stack import (
    Stack,
    StackError,
    Wanted,
    outputs,
    refused,
)
from scripts.sandbox.service_sessions import Credentials
from tests.unit.scripts.sandbox.backends.servicecatalog.conftest import REGION
from tests.unit.scripts.sandbox.backends.servicecatalog.shop import Shop, notebook_template

NAME = {"ParameterKey": "Name", "ParameterValue": "mine"}
TAG = {"Key": "a", "Value": "1"}


def wanted(shop: Shop, body: Any = None, *more: dict[str, Any]) -> Wanted:
    url = shop.template(body or notebook_template())
    return Wanted(url, parameters=[NAME, *more], tags=[TAG])


@pytest.fixture
def seen() -> list[str]:
    return []


@pytest.fixture
def stack(shop: Shop, seen: list[str]) -> Stack:
    assumed = shop.client("sts").assume_role(RoleArn=shop.launch_role, RoleSessionName="session")
    keys = assumed["Credentials"]
    session = Credentials(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], "unused"
    )
    return Stack(shop.sandbox.endpoint, REGION, session, seen.append)


def ignore(_stack_id: str) -> None:
    """Nobody wants to know."""


def test_a_stack_is_made_with_parameters_and_tags(
    shop: Shop, stack: Stack, seen: list[str]
) -> None:
    started: list[str] = []
    made = stack.create("SC-one", wanted(shop), started.append)
    assert made["StackStatus"] == "CREATE_COMPLETE"
    assert started == [made["StackId"]]
    assert made["Tags"] == [TAG]
    assert {**NAME} in made["Parameters"]
    assert set(seen) == {"CREATE_IN_PROGRESS"}


def test_an_update_that_changes_nothing_answers_what_there_is(shop: Shop, stack: Stack) -> None:
    made = stack.create("SC-one", wanted(shop), ignore)
    assert stack.update(made["StackId"], wanted(shop))["StackStatus"] == "CREATE_COMPLETE"
    large = {"ParameterKey": "InstanceType", "ParameterValue": "ml.t3.large"}
    assert stack.update(made["StackId"], wanted(shop, None, large))["StackStatus"] == (
        "UPDATE_COMPLETE"
    )


def test_a_deletion_is_waited_for(shop: Shop, stack: Stack) -> None:
    made = stack.create("SC-one", wanted(shop), ignore)
    stack.delete(made["StackId"])
    assert stack.look(made["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_fails_to_delete_what_is_gone(shop: Shop, stack: Stack) -> None:
    made = stack.create("SC-one", wanted(shop), ignore)
    stack.delete(made["StackId"])
    with pytest.raises(StackError, match="does not exist"):
        stack.delete(made["StackId"])


@pytest.mark.parametrize(
    "act",
    [
        lambda stack, wish: stack.update("SC-none", wish),
        lambda stack, _: stack.delete("SC-none"),
        lambda stack, _: stack.look("SC-none"),
    ],
)
def test_fails_at_a_stack_that_never_was(
    shop: Shop, stack: Stack, act: Callable[[Stack, Wanted], Any]
) -> None:
    with pytest.raises(StackError, match=r"SC-none.*does not exist"):
        act(stack, wanted(shop))


def test_fails_before_a_stack_is_made_of_a_broken_template(shop: Shop, stack: Stack) -> None:
    with pytest.raises(StackError, match="AmazonCloudFormationException  Template format error"):
        stack.create("SC-one", wanted(shop, "{"), ignore)
    with pytest.raises(StackError, match="does not exist"):
        stack.look("SC-one")


def test_fails_with_the_reasons_of_the_last_operation_alone(shop: Shop, stack: Stack) -> None:
    made = stack.create("SC-one", wanted(shop), ignore)
    renamed = Wanted(
        shop.template(notebook_template()),
        parameters=[{"ParameterKey": "Name", "ParameterValue": "other"}],
        tags=[TAG],
    )
    for reason in ("first reason", "second reason"):
        shop.sandbox.fail_notebooks("other", reason)
        with pytest.raises(StackError) as caught:
            stack.update(made["StackId"], renamed)
        assert reason in str(caught.value)
    assert "first reason" not in str(caught.value)


def refusal(code: str, message: str) -> ClientError:
    metadata: Any = {"HTTPStatusCode": 400, "RequestId": "5528602a"}
    answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}
    return ClientError(answer, "CreateStack")


def test_a_refusal_reads_as_in_aws() -> None:
    told = refused(refusal("ValidationError", "Parameters: [KeyName] must have values"))
    assert str(told) == (
        "AmazonCloudFormationException  Parameters: [KeyName] must have values "
        "(Service: AmazonCloudFormation; Status Code: 400; Error Code: ValidationError; "
        "Request ID: 5528602a)"
    )


def test_outputs_begin_with_the_stack() -> None:
    described = [
        {"OutputKey": "A", "OutputValue": "1", "Description": "d", "ExportName": "e"},
        {"OutputKey": "B", "OutputValue": "2"},
    ]
    assert outputs({"StackId": "arn:stack", "Outputs": described}) == [
        {
            "OutputKey": "CloudformationStackARN",
            "OutputValue": "arn:stack",
            "Description": "The ARN of the launched Cloudformation Stack",
        },
        {"OutputKey": "A", "OutputValue": "1", "Description": "d"},
        {"OutputKey": "B", "OutputValue": "2", "Description": None},
    ]
    assert len(outputs({"StackId": "arn:stack"})) == 1


def test_an_error_tells_all_that_went_wrong() -> None:
    fault = StackError(RecordError("A", "one"), RecordError("B", "two"))
    assert str(fault) == "A  one; B  two"
