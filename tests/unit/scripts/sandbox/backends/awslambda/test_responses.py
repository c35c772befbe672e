"""Invoke's own answers and refusals."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.unit.scripts.sandbox.backends.awslambda.functions import Functions

ECHO = "def handler(event, context): return event"


def test_an_answer_names_its_version_and_its_log_only_if_asked(functions: Functions) -> None:
    name = functions.deploy(ECHO)
    answer = functions.client().invoke(FunctionName=name)
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "LogResult" not in answer
    assert answer["Payload"].read() == b"{}"
    assert functions.call(name).log.startswith("START RequestId: ")


def test_a_dry_run_runs_nothing(functions: Functions) -> None:
    name = functions.deploy(ECHO)
    answer = functions.client().invoke(FunctionName=name, InvocationType="DryRun")
    assert (answer["StatusCode"], answer["Payload"].read()) == (204, b"")
    groups = functions.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")
    assert groups["logGroups"] == []


def test_an_event_may_look_like_a_query(functions: Functions) -> None:
    name = functions.deploy(ECHO)
    event = {"a": "b&Qualifier=7&c=d"}
    assert functions.call(name, event).payload == event


def test_fails_for_a_function_that_does_not_exist(functions: Functions) -> None:
    with pytest.raises(ClientError, match=r"ResourceNotFoundException.*Function not found"):
        functions.call("absent")
    name = functions.deploy(ECHO)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        functions.call(name, Qualifier="5")
    functions.client().delete_function(FunctionName=name)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        functions.call(name)


@pytest.mark.parametrize("payload", [b"{", b"text", b"{'a': 1}"])
def test_fails_for_an_event_that_is_not_json(functions: Functions, payload: bytes) -> None:
    name = functions.deploy(ECHO)
    with pytest.raises(ClientError, match=r"InvalidRequestContentException.*Could not parse"):
        functions.client().invoke(FunctionName=name, Payload=payload)


@pytest.mark.parametrize(("kind", "limit"), [("RequestResponse", 6291456), ("Event", 1048576)])
def test_fails_for_an_event_that_is_too_large(functions: Functions, kind: str, limit: int) -> None:
    name = functions.deploy("def handler(event, context): return len(event)", Timeout=10)
    most = json.dumps("x" * (limit - 2))
    functions.client().invoke(FunctionName=name, InvocationType=kind, Payload=most)
    with pytest.raises(ClientError, match="RequestTooLargeException") as caught:
        functions.client().invoke(FunctionName=name, InvocationType=kind, Payload=most + " ")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert f"{limit + 1} byte payload" in str(caught.value)


def test_fails_for_another_kind_of_invocation(functions: Functions) -> None:
    name = functions.deploy(ECHO)
    with pytest.raises(ClientError, match=r"InvalidParameterValueException.*: Nonsense"):
        functions.client().invoke(FunctionName=name, InvocationType="Nonsense")


def test_fails_by_name_for_the_old_call(functions: Functions) -> None:
    name = functions.deploy(ECHO)
    with pytest.raises(ClientError, match="InvokeAsync is deprecated"):
        functions.client().invoke_async(FunctionName=name, InvokeArgs=b"{}")
