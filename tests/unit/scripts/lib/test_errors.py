import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
    ProxyConnectionError,
)

from scripts.lib.errors import (
    NO_CREDENTIALS,
    NO_REGION,
    ToolError,
    describe,
    error_code,
    is_unreachable,
    one_line,
)


def client_error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "GetRole")


def test_code_is_that_of_aws_and_empty_for_anything_else() -> None:
    assert error_code(client_error("NoSuchEntity", "gone")) == "NoSuchEntity"
    assert error_code(ClientError({}, "GetRole")) == ""
    assert error_code(ToolError("NoSuchEntity")) == ""
    assert error_code(EndpointConnectionError(endpoint_url="http://x")) == ""


@pytest.mark.parametrize(
    ("exc", "expected"),
    [
        (
            client_error("NoSuchEntity", "Role R not found."),
            "GetRole: NoSuchEntity: Role R not found.",
        ),
        (client_error("Throttling", ""), "GetRole: Throttling: no message"),
        (NoRegionError(), NO_REGION),
        (NoCredentialsError(), NO_CREDENTIALS),
        (PartialCredentialsError(provider="env", cred_var="x"), NO_CREDENTIALS),
        (
            CredentialRetrievalError(provider="sso", error_msg="token expired"),
            (
                "AWS credentials could not be had: "
                "Error when retrieving credentials from sso: token expired"
            ),
        ),
        (
            EndpointConnectionError(endpoint_url="http://127.0.0.1:9"),
            'AWS cannot be reached: Could not connect to the endpoint URL: "http://127.0.0.1:9"',
        ),
        (
            ConnectTimeoutError(endpoint_url="http://127.0.0.1:9"),
            'AWS cannot be reached: Connect timeout on endpoint URL: "http://127.0.0.1:9"',
        ),
        (
            ProxyConnectionError(proxy_url="http://127.0.0.1:9"),
            'AWS cannot be reached: Failed to connect to proxy URL: "http://127.0.0.1:9"',
        ),
        (ProfileNotFound(profile="none"), "The config profile (none) could not be found"),
    ],
)
def test_error_of_aws_is_told_in_one_line(exc: BotoCoreError | ClientError, expected: str) -> None:
    assert describe(exc) == expected


def test_request_that_a_signature_error_quotes_is_not_shown() -> None:
    message = "The signature does not match.\n\nThe Canonical String:\nx-amz-security-token:SECRET"

    told = describe(client_error("SignatureDoesNotMatch", message))

    assert told == "GetRole: SignatureDoesNotMatch: The signature does not match."


def test_line_holds_no_control_character_and_has_a_limit() -> None:
    assert one_line("a\nb\t c\x1b[31m\u202ed") == "a b c?[31m?d"
    assert one_line("x" * 301) == "x" * 297 + "..."
    assert one_line("x" * 300) == "x" * 300


def test_lost_connection_ends_a_run_and_a_refusal_does_not() -> None:
    assert is_unreachable(EndpointConnectionError(endpoint_url="http://x"))
    assert is_unreachable(NoCredentialsError())
    assert not is_unreachable(client_error("LimitExceeded", "full"))
    assert not is_unreachable(ParamValidationError(report="bad"))
    assert not is_unreachable(ToolError("no"))
