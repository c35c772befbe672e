"""A call's parameters, out of every protocol."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from scripts.sandbox.access.parameters import parameters


def environ(path: str = "/", query: str = "", method: str = "POST", **more: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "1",
        "wsgi.url_scheme": "http",
        **more,
    }


def sent(body: bytes, kind: str, **more: str) -> dict[str, Any]:
    return environ(CONTENT_TYPE=kind, CONTENT_LENGTH=str(len(body)), **more)


def test_json() -> None:
    body = json.dumps({"NotebookInstanceName": "n", "Tags": [{"Key": "a", "Value": "b"}]}).encode()
    request = sent(body, "application/x-amz-json-1.1", HTTP_X_AMZ_TARGET="SageMaker.X")
    found = parameters(request, "sagemaker", "CreateNotebookInstance", body)
    assert found == {"NotebookInstanceName": "n", "Tags": [{"Key": "a", "Value": "b"}]}


@pytest.mark.parametrize(
    ("service", "operation", "form", "expected"),
    [
        (
            "iam",
            "TagRole",
            {"RoleName": "r", "Tags.member.1.Key": "a", "Tags.member.1.Value": "b"},
            {"RoleName": "r", "Tags": [{"Key": "a", "Value": "b"}]},
        ),
        (
            "ec2",
            "CreateNetworkInterface",
            {"SubnetId": "s", "SecurityGroupId.1": "g"},
            {"SubnetId": "s", "Groups": ["g"]},
        ),
        ("monitoring", "DeleteAlarms", {"AlarmNames.member.1": "a"}, {"AlarmNames": ["a"]}),
    ],
)
def test_forms(service: str, operation: str, form: dict[str, str], expected: Any) -> None:
    body = urlencode({"Action": operation, **form}).encode()
    request = sent(body, "application/x-www-form-urlencoded; charset=utf-8")
    assert parameters(request, service, operation, body) == expected


def test_rest() -> None:
    request = environ("/2015-03-31/functions/builder/invocations", "Qualifier=live")
    found = parameters(request, "lambda", "Invoke", b'{"a": 1}')
    assert (found["FunctionName"], found["Qualifier"]) == ("builder", "live")


@pytest.mark.parametrize(
    ("service", "operation"),
    [("s3", "PutObject"), ("sagemaker", ""), ("sagemaker", "NoSuchThing"), ("nosuch", "Get")],
)
def test_what_is_not_known_has_none(service: str, operation: str) -> None:
    assert parameters(environ("/b/k"), service, operation, b"body") == {}
