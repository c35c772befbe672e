"""Errors in the form that each service's clients read."""

import json
from typing import Any

import pytest
from botocore.parsers import create_parser
from botocore.session import Session

from scripts.sandbox.answers import aws_error, json_answer


def answer(*arguments: Any) -> tuple[str, dict[str, str], bytes]:
    started: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _fault: Any = None) -> Any:
        started.extend((status, dict(headers)))

    body = b"".join(aws_error(start, *arguments))
    return started[0], started[1], body


@pytest.mark.parametrize(
    "service", ["sagemaker", "servicecatalog", "iam", "ec2", "s3", "lambda", "sns"]
)
def test_each_protocols_client_reads_code_and_message(service: str) -> None:
    status, headers, body = answer(service, 501, "NotImplementedException", "no <such> thing")
    model = Session().get_service_model(service)
    lowered = {name.lower(): value for name, value in headers.items()}
    parsed = create_parser(model.metadata["protocol"]).parse(
        {"status_code": int(status[:3]), "headers": lowered, "body": body}, None
    )
    assert parsed["Error"]["Code"] == "NotImplementedException"
    assert parsed["Error"]["Message"] == "no <such> thing"
    assert lowered["content-length"] == str(len(body))


def test_a_service_that_does_not_exist_is_answered_too() -> None:
    status, _, body = answer("nonsense", 500, "InternalFailure", "m")
    assert status == "500 Internal Server Error"
    assert json.loads(body) == {"__type": "InternalFailure", "message": "m"}


def test_controls_answer_json() -> None:
    started: list[Any] = []
    body = json_answer(lambda *given: started.append(given), 404, {"error": "x"})
    assert b"".join(body) == b'{"error": "x"}'
    assert started[0][0] == "404 Not Found"
