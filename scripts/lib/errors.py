"""Errors that end a script with one clear line, and AWS's errors put into words."""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
)
from botocore.exceptions import (
    ConnectionError as BotoConnectionError,
)

MESSAGE_LIMIT = 300
"""Characters of AWS's own message that are shown. Signature errors of AWS quote the whole
request, session token included, further down in theirs."""

NO_REGION = "no Region: give --region, or set AWS_REGION or the profile's region"
NO_CREDENTIALS = (
    "no AWS credentials: give --profile, or set AWS_PROFILE or "
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
)

ACCESS_DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"}
)
NO_LONGER_VALID = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"}
)
"""Codes that every later call with the same credentials would get as well."""

NOT_FOUND = frozenset(
    {"NoSuchEntity", "ResourceNotFound", "ResourceNotFoundException", "NotFoundException"}
)


class ToolError(Exception):
    """Something that a person has to put right; its text is one line for them."""


class InputError(ToolError):
    """An argument, or a file given as one, that cannot be used."""


class AwsError(ToolError):
    """AWS refused, or could not be reached."""


def error_code(exc: BaseException) -> str:
    """Return AWS's code of ``exc``, or an empty string if it did not come from AWS."""
    if isinstance(exc, ClientError):
        return str(exc.response.get("Error", {}).get("Code", ""))
    return ""


def one_line(text: object, limit: int = MESSAGE_LIMIT) -> str:
    """Return ``text`` as one line without control characters, cut off at ``limit``."""
    words = " ".join(str(text).split())
    line = words
    if not words.isprintable():
        line = "".join(char if char.isprintable() else "?" for char in words)
    return line if len(line) <= limit else line[: limit - 3] + "..."


def describe(exc: BotoCoreError | ClientError) -> str:
    """Say in one line what AWS or the way to it refused."""
    match exc:
        case ClientError():
            message = str(exc.response.get("Error", {}).get("Message", "")).strip()
            first = message.splitlines()[0] if message else "no message"
            return one_line(f"{exc.operation_name}: {error_code(exc)}: {first}")
        case NoRegionError():
            return NO_REGION
        case NoCredentialsError() | PartialCredentialsError():
            return NO_CREDENTIALS
        case CredentialRetrievalError():
            return one_line(f"AWS credentials could not be had: {exc}")
        case HTTPClientError() | BotoConnectionError():
            return one_line(f"AWS cannot be reached: {exc}")
        case _:
            return one_line(exc)


def is_unreachable(exc: BaseException) -> bool:
    """Tell whether every later call would fail as well: no answer, or no valid credentials."""
    if error_code(exc) in NO_LONGER_VALID:
        return True
    return isinstance(exc, BotoCoreError) and not isinstance(exc, ParamValidationError)
