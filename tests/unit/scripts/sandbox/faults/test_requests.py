"""What a call asks for, and in which protocol."""

from email.message import Message

import pytest

from scripts.sandbox.faults.answers import Protocol
from scripts.sandbox.faults.requests import Asked, read

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def headers(service: str = "", **others: str) -> Message:
    message = Message()
    if service:
        scope = f"AKIAIOSFODNN7EXAMPLE/20261122/eu-west-1/{service}/aws4_request"
        message["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host"
    for name, value in others.items():
        message[name.replace("_", "-")] = value
    return message


def test_json_names_its_operation_in_a_header() -> None:
    given = headers("sagemaker", x_amz_target="SageMaker.DescribeDomain")
    assert read("POST", "/", given, b"{}") == Asked("DescribeDomain", Protocol.JSON)


@pytest.mark.parametrize(("service", "protocol"), [("iam", Protocol.QUERY), ("ec2", Protocol.EC2)])
def test_query_names_it_in_a_form(service: str, protocol: Protocol) -> None:
    given = headers(service, **FORM)
    body = b"Version=2010-05-08&Action=GetRole&RoleName=a"
    assert read("POST", "/", given, body) == Asked("GetRole", protocol)


def test_query_may_name_it_in_the_address() -> None:
    assert read("GET", "/?Action=GetCallerIdentity", headers("sts"), b"") == Asked(
        "GetCallerIdentity", Protocol.QUERY
    )


@pytest.mark.parametrize(
    ("method", "target", "operation"),
    [
        ("GET", "/", "ListBuckets"),
        ("PUT", "/bucket/key", "PutObject"),
        ("GET", "/bucket/key", "GetObject"),
        ("HEAD", "/bucket/key", "HeadObject"),
        ("DELETE", "/bucket/key", "DeleteObject"),
        ("GET", "/bucket?policy", "GetBucketPolicy"),
    ],
)
def test_s3_means_it_by_method_and_address(method: str, target: str, operation: str) -> None:
    assert read(method, target, headers("s3"), b"") == Asked(operation, Protocol.S3)


def test_other_rest_services_speak_json() -> None:
    target = "/2015-03-31/functions/builder/invocations"
    assert read("POST", target, headers("lambda"), b"{}") == Asked("Invoke", Protocol.REST_JSON)


def test_the_body_of_an_object_is_no_form() -> None:
    given = headers("s3", Content_Type="text/plain")
    assert read("PUT", "/bucket/key", given, b"Action=GetRole").operation == "PutObject"


def test_what_cannot_be_told_is_empty() -> None:
    assert read("POST", "/nonsense", headers("nonsense"), b"\xff\x00") == Asked(
        "", Protocol.REST_JSON
    )
