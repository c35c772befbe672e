import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError

from scripts.lib.doctor.facts import Member, MemberKind, Refused, Role, ask, effective_role
from tests.unit.scripts.lib.jumpstart.builders import domain, role

DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": "no\nsecond line"}}, "GetRole")


def raising(exc: Exception) -> None:
    raise exc


def member(own: str | None = None, kind: MemberKind = MemberKind.USER) -> Member:
    return Member(kind, "d-lab", "ben", "InService", own)


def test_answer_is_passed_on() -> None:
    assert ask(lambda word, end: word + end, "yes", end="!") == "yes!"
    assert ask(lambda: None) is None


def test_refusal_says_what_was_asked_and_why_there_is_no_answer() -> None:
    assert ask(raising, DENIED) == Refused("GetRole: AccessDenied: no")
    lost = ask(raising, EndpointConnectionError(endpoint_url="http://x"))
    assert isinstance(lost, Refused)
    assert lost.reason.startswith("AWS cannot be reached: ")


@pytest.mark.parametrize("exc", [ParamValidationError(report="empty"), KeyError("Role")])
def test_faults_of_the_caller_or_the_code_are_raised(exc: Exception) -> None:
    with pytest.raises(type(exc)):
        ask(raising, exc)


def test_users_own_role_goes_before_the_domains() -> None:
    assert effective_role(domain(), member(role("Mine"))) == role("Mine")
    assert effective_role(domain(), member()) == role("Own")
    assert effective_role(domain(own=None), member()) is None


def test_shared_space_works_with_the_domains_role_for_spaces() -> None:
    assert effective_role(domain(), member(kind=MemberKind.SPACE)) == role("Shared")
    assert effective_role(domain(shared=None), member(kind=MemberKind.SPACE)) is None


@pytest.mark.parametrize(
    ("role_facts", "usable"),
    [
        (Role("a", found="a"), True),
        (Role("a", found=Refused("denied")), True),
        (Role("a", found=None), False),
        (Role("a", found="b"), False),
        (Role("a", foreign=True), False),
        (Role("a", found="a", foreign=True), False),
    ],
)
def test_role_that_iam_does_not_know_by_its_arn_is_of_no_use(
    role_facts: Role, usable: bool
) -> None:
    assert role_facts.is_usable is usable


def test_role_is_not_guessed_where_aws_did_not_answer() -> None:
    refused = Refused("denied")
    silent = Member(MemberKind.USER, "d-lab", "ben", refused)

    assert effective_role(refused, member()) is None
    assert effective_role(refused, member(role("Mine"))) == role("Mine")
    assert effective_role(domain(), silent) is None
