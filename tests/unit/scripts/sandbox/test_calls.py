"""Reading requests and answers."""

from typing import Any

import pytest

from scripts.sandbox.calls import Asked, asked, error_code, region_of

KEY = "AKIAIOSFODNN7EXAMPLE"


def request(
    service: str = "s3", method: str = "GET", path: str = "/", query: str = "", **more: Any
) -> dict[str, Any]:
    scope = f"{KEY}/20260101/eu-west-1/{service}/aws4_request"
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "127.0.0.1:4566",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "4566",
        "wsgi.url_scheme": "http",
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=a, Signature=b",
        **more,
    }


def test_a_json_call_names_its_operation_in_a_header() -> None:
    environ = request("sagemaker", "POST", HTTP_X_AMZ_TARGET="SageMaker.CreateDomain")
    assert asked(environ, b"") == Asked(KEY, "sagemaker", "CreateDomain")


def test_a_query_call_names_its_operation_in_its_form() -> None:
    environ = request("iam", "POST")
    form = b"Action=CreateRole&Version=2010-05-08&RoleName=Action%3DDeleteRole"
    assert asked(environ, form) == Asked(KEY, "iam", "CreateRole")


@pytest.mark.parametrize(
    ("method", "path", "query", "operation"),
    [
        ("GET", "/", "", "ListBuckets"),
        ("PUT", "/bucket", "", "CreateBucket"),
        ("GET", "/bucket", "list-type=2&prefix=a", "ListObjectsV2"),
        ("GET", "/bucket", "publicAccessBlock", "GetPublicAccessBlock"),
        ("PUT", "/bucket", "policy", "PutBucketPolicy"),
        ("HEAD", "/bucket/a/b", "", "HeadObject"),
        ("PUT", "/bucket/a/b", "", "PutObject"),
        ("PUT", "/bucket/a/b", "tagging", "PutObjectTagging"),
        ("POST", "/bucket", "delete", "DeleteObjects"),
    ],
)
def test_a_rest_call_is_told_by_method_path_and_query(
    method: str, path: str, query: str, operation: str
) -> None:
    assert asked(request("s3", method, path, query), b"").operation == operation


def test_another_rest_service_is_told_too() -> None:
    environ = request("lambda", "POST", "/2015-03-31/functions/f/invocations")
    assert asked(environ, b"") == Asked(KEY, "lambda", "Invoke")


def test_a_presigned_call_is_read_from_its_query() -> None:
    scope = f"{KEY}%2F20260101%2Feu-west-1%2Fs3%2Faws4_request"
    environ = request(path="/bucket/key", query=f"X-Amz-Credential={scope}&X-Amz-Signature=0")
    del environ["HTTP_AUTHORIZATION"]
    assert asked(environ, b"") == Asked(KEY, "s3", "GetObject")


def test_an_older_presigned_call_is_read_from_its_query() -> None:
    environ = request(path="/bucket/key", query=f"AWSAccessKeyId={KEY}&Signature=0&Expires=1")
    del environ["HTTP_AUTHORIZATION"]
    assert asked(environ, b"") == Asked(KEY, "s3", "GetObject")


@pytest.mark.parametrize("header", ["", "Bearer x", "AWS4-HMAC-SHA256 Credential=a/b/c"])
def test_an_unsigned_call_asks_for_an_object(header: str) -> None:
    environ = request(path="/bucket/key", HTTP_AUTHORIZATION=header)
    assert asked(environ, b"") == Asked("", "s3", "GetObject")


def test_a_service_that_does_not_exist_has_no_operations() -> None:
    assert asked(request("nonsense", path="/x"), b"") == Asked(KEY, "nonsense", "")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"__type": "ResourceNotFound", "message": "no"}', "ResourceNotFound"),
        (b'{"__type": "com.amazonaws.x#ValidationException"}', "ValidationException"),
        (b'{"code": "Throttled"}', "Throttled"),
        (b"<Error><Code>NoSuchBucket</Code></Error>", "NoSuchBucket"),
        (b"<Code>" + b"x" * 500 + b"</Code>", ""),
        (b'["__type"]', ""),
        (b"Internal error", ""),
        (b"\xff\xfe", ""),
        (b"", ""),
    ],
)
def test_an_error_is_known_by_its_code(body: bytes, code: str) -> None:
    assert error_code(400, [], body) == code


def test_the_error_header_wins_over_the_body() -> None:
    headers = [("X-Amzn-ErrorType", "Conflict:http://internal.amazon.com/coral/")]
    assert error_code(409, headers, b'{"code": "Other"}') == "Conflict"


def test_success_has_no_code_whatever_it_contains() -> None:
    assert error_code(200, [], b"<Code>NoSuchBucket</Code>") == ""


def test_the_region_is_the_one_that_a_request_is_signed_for() -> None:
    assert region_of(request()) == "eu-west-1"
    elsewhere = f"Credential={KEY}/20260101/ap-southeast-2/s3/aws4_request"
    assert region_of({"HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 {elsewhere}"}) == "ap-southeast-2"
    scope = f"{KEY}%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"
    assert region_of({"QUERY_STRING": f"X-Amz-Credential={scope}&X-Amz-Date=1"}) == "us-east-1"
    assert region_of({}) == "eu-west-1"
