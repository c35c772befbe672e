"""AWS's errors as botocore reads them back."""

import pytest
from botocore.parsers import create_parser

from scripts.sandbox.faults.answers import DENIED, EXPIRED, FAILED, THROTTLED, Protocol, Refusal
from scripts.sandbox.faults.errors import encode

PARSERS = {
    Protocol.JSON: "json",
    Protocol.QUERY: "query",
    Protocol.EC2: "ec2",
    Protocol.S3: "rest-xml",
    Protocol.REST_JSON: "rest-json",
}
JSON, QUERY, EC2, S3, REST_JSON = PARSERS
OTHER = Refusal("LimitExceeded", "<more> than & allowed")


@pytest.mark.parametrize(
    ("refusal", "protocol", "code", "status"),
    [
        (THROTTLED, JSON, "ThrottlingException", 400),
        (THROTTLED, QUERY, "Throttling", 400),
        (THROTTLED, EC2, "RequestLimitExceeded", 503),
        (THROTTLED, S3, "SlowDown", 503),
        (THROTTLED, REST_JSON, "TooManyRequestsException", 429),
        (FAILED, JSON, "InternalFailure", 500),
        (FAILED, QUERY, "InternalFailure", 500),
        (FAILED, S3, "InternalError", 500),
        (EXPIRED, JSON, "ExpiredTokenException", 400),
        (EXPIRED, QUERY, "ExpiredToken", 403),
        (EXPIRED, S3, "ExpiredToken", 400),
        (DENIED, JSON, "AccessDeniedException", 400),
        (DENIED, QUERY, "AccessDenied", 403),
        (DENIED, EC2, "UnauthorizedOperation", 403),
        *((OTHER, protocol, "LimitExceeded", 400) for protocol in Protocol),
    ],
)
def test_code_and_message_are_read_back(
    refusal: Refusal, protocol: Protocol, code: str, status: int
) -> None:
    found, content_type, body = encode(refusal, protocol)
    response = {"status_code": found, "headers": {"content-type": content_type}, "body": body}
    error = create_parser(PARSERS[protocol]).parse(response, None)["Error"]
    assert (found, error["Code"], error["Message"]) == (status, code, refusal.message)
