"""The words and codes of refusals, each as AWS documents them."""

import pytest

from scripts.sandbox.access.answer import Refusal, denied, expired_key, unknown_key, unsigned
from scripts.sandbox.access.evaluation import Decision, Kind
from scripts.sandbox.access.principals import Principal
from scripts.sandbox.access.requests.call import Need

DANA = Principal(arn="arn:aws:iam::123456789012:user/dana")
OBJECT = "arn:aws:s3:::b/k"
WHO = "User: arn:aws:iam::123456789012:user/dana is not authorized to perform: "


@pytest.mark.parametrize(
    ("kind", "explicit", "words"),
    [
        (Kind.IDENTITY, False, "because no identity-based policy allows the iam:GetUser action"),
        (Kind.BOUNDARY, False, "because no permissions boundary allows the iam:GetUser action"),
        (Kind.SESSION, False, "because no session policy allows the iam:GetUser action"),
        (Kind.RESOURCE, False, "because no resource-based policy allows the iam:GetUser action"),
        (Kind.ENDPOINT, False, "because no VPC endpoint policy allows the iam:GetUser action"),
        (Kind.TRUST, False, "because no role trust policy allows the iam:GetUser action"),
        (Kind.IDENTITY, True, "with an explicit deny in an identity-based policy"),
        (Kind.BOUNDARY, True, "with an explicit deny in a permissions boundary"),
        (Kind.SESSION, True, "with an explicit deny in a session policy"),
        (Kind.RESOURCE, True, "with an explicit deny in a resource-based policy"),
        (Kind.ENDPOINT, True, "with an explicit deny in a VPC endpoint policy"),
        (Kind.TRUST, True, "with an explicit deny in the role trust policy"),
    ],
)
def test_each_kind_of_policy_has_its_words(kind: Kind, explicit: bool, words: str) -> None:
    need = Need("iam:GetUser", DANA.arn)
    refused = denied("iam", DANA, need, Decision(False, kind, explicit))
    assert refused.message == f"{WHO}iam:GetUser on resource: {DANA.arn} {words}"


@pytest.mark.parametrize(
    ("service", "status", "code"),
    [
        ("iam", 403, "AccessDenied"),
        ("sts", 403, "AccessDenied"),
        ("cloudformation", 403, "AccessDenied"),
        ("s3", 403, "AccessDenied"),
        ("ec2", 403, "UnauthorizedOperation"),
        ("lambda", 403, "AccessDeniedException"),
        ("kms", 400, "AccessDeniedException"),
        ("sagemaker", 400, "AccessDeniedException"),
        ("servicecatalog", 400, "AccessDeniedException"),
        ("logs", 400, "AccessDeniedException"),
    ],
)
def test_each_service_has_its_code(service: str, status: int, code: str) -> None:
    refused = denied(service, DANA, Need("x:Y"), Decision(False, Kind.IDENTITY))
    assert (refused.status, refused.code) == (status, code)


def test_s3_puts_the_resource_in_quotes_and_tells_strangers_nothing() -> None:
    need, decision = Need("s3:GetObject", OBJECT), Decision(False, Kind.IDENTITY)
    assert f'on resource: "{OBJECT}" because' in denied("s3", DANA, need, decision).message
    assert denied("s3", Principal(), need, decision).message == "Access Denied"


@pytest.mark.parametrize("resource", ["*", ""])
def test_what_has_no_resource_is_a_star(resource: str) -> None:
    refused = denied("kms", DANA, Need("kms:ListKeys", resource), Decision(False, Kind.IDENTITY))
    assert "kms:ListKeys on resource: * because" in refused.message


@pytest.mark.parametrize(
    ("service", "unknown", "expired", "missing"),
    [
        ("iam", "InvalidClientTokenId", "ExpiredToken", "MissingAuthenticationToken"),
        ("ec2", "AuthFailure", "RequestExpired", "MissingAuthenticationToken"),
        (
            "sagemaker",
            "UnrecognizedClientException",
            "ExpiredTokenException",
            "MissingAuthenticationTokenException",
        ),
        (
            "lambda",
            "UnrecognizedClientException",
            "ExpiredTokenException",
            "MissingAuthenticationTokenException",
        ),
    ],
)
def test_keys_are_refused_in_each_services_words(
    service: str, unknown: str, expired: str, missing: str
) -> None:
    answers = (unknown_key(service), expired_key(service), unsigned(service))
    assert [answer.code for answer in answers] == [unknown, expired, missing]


def test_s3_knows_keys_by_another_name() -> None:
    assert unknown_key("s3") == Refusal(
        403,
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
    )
    assert expired_key("s3").code == "ExpiredToken"
