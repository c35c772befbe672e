"""Functions as they are deployed, and how their events are configured."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.scripts.sandbox.backends.awslambda.functions import Functions, zipped

CANNOT = r"InvalidParameterValueException.*role defined for the function cannot be assumed"
ECHO = "def handler(event, context): return context.function_version"


def foreign_role(functions: Functions, name: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "glue.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = functions.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    return str(made["Role"]["Arn"])


def test_fails_for_a_role_that_lambda_cannot_take_on(functions: Functions) -> None:
    arn = foreign_role(functions, "ForeignAtCreate")
    for role in (arn, "arn:aws:iam::123456789012:role/Nobody"):
        with pytest.raises(ClientError, match=CANNOT):
            functions.deploy(ECHO, FunctionName="refused", Role=role)
    names = [found["FunctionName"] for found in functions.client().list_functions()["Functions"]]
    assert "refused" not in names
    name = functions.deploy(ECHO)
    with pytest.raises(ClientError, match=CANNOT):
        functions.client().update_function_configuration(FunctionName=name, Role=arn)
    configuration = functions.client().get_function_configuration(FunctionName=name)
    assert configuration["Role"] == functions.role()


def test_a_log_group_of_its_own_is_described_and_changed(functions: Functions) -> None:
    name = functions.deploy(ECHO)
    lambda_ = functions.client()

    def described() -> Any:
        return lambda_.get_function_configuration(FunctionName=name)["LoggingConfig"]

    assert described() == {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}
    lambda_.update_function_configuration(FunctionName=name, LoggingConfig={"LogGroup": "/own"})
    assert described() == {"LogFormat": "Text", "LogGroup": "/own"}
    lambda_.update_function_configuration(FunctionName=name, Timeout=9)
    assert described()["LogGroup"] == "/own"


def test_versions_and_aliases_run_what_they_were_published_with(functions: Functions) -> None:
    name = functions.deploy("def handler(e, c): return ['old', c.invoked_function_arn]")
    lambda_ = functions.client()
    assert lambda_.publish_version(FunctionName=name)["Version"] == "1"
    lambda_.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    code = zipped({"app.py": "def handler(e, c): return ['new', c.invoked_function_arn]"})
    lambda_.update_function_code(FunctionName=name, ZipFile=code)
    arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{name}"
    assert functions.call(name).payload == ["new", arn]
    assert functions.call(name, Qualifier="1").payload == ["old", f"{arn}:1"]
    assert functions.call(name, Qualifier="live").payload == ["old", f"{arn}:live"]
    assert functions.call(f"{arn}:live").payload == ["old", f"{arn}:live"]
    assert functions.call(f"{name}:1").payload == ["old", f"{arn}:1"]
    assert functions.call(arn).payload == ["new", arn]


def test_a_function_is_published_when_it_is_made(functions: Functions) -> None:
    name = functions.deploy(ECHO, Publish=True)
    assert functions.call(name, Qualifier="1").payload == "1"
    assert functions.call(name).payload == "$LATEST"


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({"Runtime": "nodejs22.x"}, "runtime nodejs22.x"),
        ({"LoggingConfig": {"LogFormat": "JSON"}}, "logs as JSON"),
    ],
)
def test_fails_by_name_for_what_the_sandbox_cannot_run(
    functions: Functions, changes: dict[str, Any], lacking: str
) -> None:
    name = functions.deploy(ECHO, **changes)
    with pytest.raises(ClientError, match=f"lambda:Invoke: {name} needs {lacking}"):
        functions.call(name)


def test_fails_by_name_for_layers(functions: Functions) -> None:
    layer = functions.client().publish_layer_version(
        LayerName="l", Content={"ZipFile": zipped({"python/x.py": ""})}
    )["LayerVersionArn"]
    name = functions.deploy(ECHO, Layers=[layer])
    with pytest.raises(ClientError, match=f"{name} needs layers"):
        functions.call(name)


class TestEventConfiguration:
    def test_a_second_one_replaces_the_first(self, functions: Functions) -> None:
        name = functions.deploy(ECHO)
        lambda_ = functions.client()
        lambda_.put_function_event_invoke_config(
            FunctionName=name, MaximumRetryAttempts=1, MaximumEventAgeInSeconds=60
        )
        lambda_.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
        found = lambda_.get_function_event_invoke_config(FunctionName=name)
        assert found["MaximumRetryAttempts"] == 0
        assert "MaximumEventAgeInSeconds" not in found

    def test_an_update_leaves_what_it_does_not_name(self, functions: Functions) -> None:
        name = functions.deploy(ECHO)
        lambda_ = functions.client()
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            lambda_.update_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
        lambda_.put_function_event_invoke_config(
            FunctionName=name, MaximumRetryAttempts=1, MaximumEventAgeInSeconds=60
        )
        lambda_.update_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
        found = lambda_.get_function_event_invoke_config(FunctionName=name)
        assert (found["MaximumRetryAttempts"], found["MaximumEventAgeInSeconds"]) == (0, 60)

    def test_fails_by_name_for_a_destination(self, functions: Functions) -> None:
        name = functions.deploy(ECHO)
        destination = {"OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:123456789012:q"}}
        with pytest.raises(ClientError, match="destinations of events"):
            functions.client().put_function_event_invoke_config(
                FunctionName=name, DestinationConfig=destination
            )
