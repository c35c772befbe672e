"""What stands in front of moto."""

import json
import threading
from collections.abc import Iterable
from http.client import HTTPConnection
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.sandbox import Sandbox
from scripts.sandbox.application import Application


def request(sandbox: Sandbox, method: str, path: str, body: bytes = b"") -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    try:
        connection.request(method, path, body)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize(("method", "name"), [("GET", "nonsense"), ("GET", "fork"), ("PUT", "")])
def test_a_control_that_does_not_exist_is_refused_by_name(
    seeded: Sandbox, method: str, name: str
) -> None:
    status, body = request(seeded, method, f"/_sandbox/{name}")
    assert status == 404
    assert json.loads(body) == {"error": f"no such control: {method} {name}"}


def test_a_fault_of_a_control_is_told_in_its_answer() -> None:
    def fork() -> None:
        raise TimeoutError("2 calls still in progress after 30 s")

    answered: list[str] = []

    def start(status: str, _headers: Any, _fault: Any = None) -> Any:
        answered.append(status)

    application = Application(fork=fork, stop=lambda: None)
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/_sandbox/fork"}
    body: Iterable[bytes] = application(environ, start)
    assert answered == ["500 Internal Server Error"]
    assert json.loads(b"".join(body)) == {"error": "2 calls still in progress after 30 s"}


def test_controls_are_not_in_the_journal(account: Sandbox) -> None:
    request(account, "GET", "/_sandbox/health")
    assert account.journal() == []


def test_no_bucket_can_have_the_controls_name(account: Sandbox) -> None:
    assert request(account, "PUT", "/_sandbox/")[0] == 404
    assert len(account.client("s3").list_buckets()["Buckets"]) == 1


def test_the_journal_holds_no_bodies_and_no_secrets(account: Sandbox) -> None:
    account.client("iam").create_user(UserName="carries-a-secret-name")
    key = account.client("iam").create_access_key(UserName="carries-a-secret-name")["AccessKey"]
    account.client("iam", credentials=key).list_users()
    text = str(account.journal())
    assert "ListUsers" in text
    assert "user/carries-a-secret-name" in text.partition("CreateAccessKey")[2]
    assert key["SecretAccessKey"] not in text
    assert account.environment()["AWS_SECRET_ACCESS_KEY"] not in text


def test_an_operation_that_moto_lacks_fails_at_once_and_by_name(account: Sandbox) -> None:
    with pytest.raises(ClientError) as caught:
        account.client("sagemaker").list_algorithms()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert caught.value.response["Error"]["Code"] == "NotImplementedException"
    assert "sagemaker:ListAlgorithms" in caught.value.response["Error"]["Message"]
    assert account.journal()[-1].status == 501


def test_an_invoked_function_may_call_back() -> None:
    """`Invoke` runs beside other calls, or a function could never call the sandbox."""

    def ignore(_status: str, _headers: Any, _fault: Any = None) -> Any:
        return None

    inside, release = threading.Event(), threading.Event()
    application = Application(fork=lambda: None, stop=lambda: None)

    def slow(environ: Any, start: Any) -> Iterable[bytes]:
        start("200 OK", [])
        if environ["PATH_INFO"].endswith("/invocations"):
            inside.set()
            assert release.wait(5)
        return [b"done"]

    application._moto = slow  # type: ignore[assignment]  # a stand-in that blocks on demand
    scope = "AKIAIOSFODNN7EXAMPLE/20260101/eu-west-1/lambda/aws4_request"
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/2015-03-31/functions/f/invocations",
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=a",
        "HTTP_HOST": "127.0.0.1:1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "1",
        "wsgi.url_scheme": "http",
    }
    invoke = threading.Thread(target=lambda: application(environ, ignore))
    invoke.start()
    assert inside.wait(5)
    other = {**environ, "REQUEST_METHOD": "GET", "PATH_INFO": "/2015-03-31/functions/f"}
    assert application(other, ignore) == [b"done"]
    release.set()
    invoke.join()
    assert [call.operation for call in application.journal.calls()] == ["GetFunction", "Invoke"]
