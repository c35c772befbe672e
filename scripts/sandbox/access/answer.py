"""How a refusal is worded, and the code that each service gives it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from dataclasses import dataclass

from scripts.sandbox.access.evaluation import Decision, Kind
from scripts.sandbox.access.principals import Principal
from scripts.sandbox.access.requests.call import Need

FORBIDDEN = 403
_BAD_REQUEST = 400
_UNAUTHORISED = 401
# Services that answer XML, each with codes of its own, and Lambda, whose REST is JSON.
_QUERY = frozenset({"cloudformation", "cloudwatch", "iam", "sts", "sns", "autoscaling"})
_REST_JSON = frozenset({"lambda"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer: HTTP status, the service's code, and the words."""

    status: int
    code: str
    message: str


def denied(service: str, principal: Principal, need: Need, decision: Decision) -> Refusal:
    """The refusal of one authorisation request, in the answer of the service that was called."""
    if service == "s3" and not principal.arn:
        return Refusal(FORBIDDEN, "AccessDenied", "Access Denied")
    words = _words(service, principal, need, decision)
    if service == "ec2":
        text = f"You are not authorized to perform this operation. {words}"
        return Refusal(FORBIDDEN, "UnauthorizedOperation", text)
    if service == "s3" or service in _QUERY:
        return Refusal(FORBIDDEN, "AccessDenied", words)
    status = FORBIDDEN if service in _REST_JSON else _BAD_REQUEST
    return Refusal(status, "AccessDeniedException", words)


def unknown_key(service: str) -> Refusal:
    """The answer to an access key that nobody has."""
    if service == "s3":
        text = "The AWS Access Key Id you provided does not exist in our records."
        return Refusal(FORBIDDEN, "InvalidAccessKeyId", text)
    if service == "ec2":
        text = "AWS was not able to validate the provided access credentials"
        return Refusal(_UNAUTHORISED, "AuthFailure", text)
    text = "The security token included in the request is invalid."
    if service in _QUERY:
        return Refusal(FORBIDDEN, "InvalidClientTokenId", text)
    status = FORBIDDEN if service in _REST_JSON else _BAD_REQUEST
    return Refusal(status, "UnrecognizedClientException", text)


def expired_key(service: str) -> Refusal:
    """The answer to a session that has ended."""
    text = "The security token included in the request is expired"
    if service == "s3":
        return Refusal(_BAD_REQUEST, "ExpiredToken", "The provided token has expired.")
    if service in _QUERY:
        return Refusal(FORBIDDEN, "ExpiredToken", text)
    if service == "ec2":
        return Refusal(_BAD_REQUEST, "RequestExpired", "Request has expired.")
    status = FORBIDDEN if service in _REST_JSON else _BAD_REQUEST
    return Refusal(status, "ExpiredTokenException", text)


def unsigned(service: str) -> Refusal:
    """The answer to a request without credentials, which S3 alone takes."""
    code = "MissingAuthenticationToken"
    text = "Request is missing Authentication Token"
    if service in _QUERY or service == "ec2":
        return Refusal(FORBIDDEN, code, text)
    return Refusal(_BAD_REQUEST, f"{code}Exception", text)


def _words(service: str, principal: Principal, need: Need, decision: Decision) -> str:
    resource = f'"{need.resource}"' if service == "s3" else need.resource
    place = f" on resource: {resource}" if need.resource not in ("*", "") else " on resource: *"
    who = f"User: {principal.arn or 'anonymous'} is not authorized to perform: {need.action}{place}"
    kind = decision.kind
    if decision.explicit:
        article = "an" if kind is Kind.IDENTITY else "the" if kind is Kind.TRUST else "a"
        return f"{who} with an explicit deny in {article} {kind}"
    return f"{who} because no {kind} allows the {need.action} action"
