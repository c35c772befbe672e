import json
from dataclasses import replace
from typing import Any

import pytest

from scripts.lib.doctor.facts import Policies, PolicyDocument, Refused
from scripts.lib.doctor.model import Link, Status
from scripts.lib.doctor.role_links import association_link, role_links
from scripts.lib.jumpstart.model import Portfolio, Principal, PrincipalType
from tests.unit.scripts.lib.doctor.builders import (
    ARN,
    MENDER,
    healthy,
    healthy_role,
    named,
    trust_of,
)
from tests.unit.scripts.lib.jumpstart.builders import portfolio, role
from tests.unit.scripts.lib.jumpstart.test_policies import ENOUGH, LIMITED, allow, policy

CHOSEN = Link("Execution role", Status.GREEN, ARN)
BROKEN = Link("Portfolio imported", Status.RED, "", MENDER.enable())
DARK = Link("Execution role", Status.UNKNOWN, "denied")
MEMBER = healthy().member
DENIED = Refused("GetRole: AccessDenied: no")


def links(**changes: Any) -> tuple[Link, ...]:
    return role_links(replace(healthy_role(), **changes), CHOSEN, MEMBER, MENDER)


def policies(*documents: str, unread: tuple[Refused, ...] = ()) -> Link:
    named_documents = tuple(PolicyDocument(f"p{i}", text) for i, text in enumerate(documents))
    found = links(policies=Policies(False, named_documents, unread))
    return named(found, "Policies")


def mend_of(link: Link) -> str:
    assert link.status is Status.RED
    assert link.mend is not None
    return link.mend.line


def test_healthy_role_is_green_throughout() -> None:
    assert [(link.name, link.status.value, link.detail) for link in links()] == [
        ("Role exists", "green", "in this account, by this ARN"),
        ("Trust", "green", "trusts sagemaker.amazonaws.com"),
        ("Policies", "green", "AmazonSageMakerFullAccess is attached"),
    ]


def test_without_a_role_nothing_is_known() -> None:
    found = role_links(None, DARK, MEMBER, MENDER)

    assert {(link.status.value, link.detail) for link in found} == {
        ("unknown", 'because "Execution role" is unknown')
    }
    assert [link.name for link in found] == ["Role exists", "Trust", "Policies"]


@pytest.mark.parametrize(
    ("changes", "detail", "mend"),
    [
        (
            {"found": None},
            "IAM does not know it: it was deleted, or never was",
            "aws iam create-role --role-name Ben ",
        ),
        (
            {"found": role("service-role/Ben")},
            f"its path is another: there is {role('service-role/Ben')}",
            (
                "aws sagemaker update-user-profile --domain-id d-lab --user-profile-name ben "
                f"--user-settings ExecutionRole={role('service-role/Ben')}"
            ),
        ),
        (
            {"arn": "arn:aws:iam::210987654321:role/Ben", "foreign": True},
            "arn:aws:iam::210987654321:role/Ben is not a role of account 123456789012",
            "aws sagemaker update-user-profile --domain-id d-lab --user-profile-name ben ",
        ),
        (
            {"arn": "Ben", "foreign": True},
            "Ben is not a role of account 123456789012",
            "aws sagemaker update-user-profile --domain-id d-lab --user-profile-name ben ",
        ),
    ],
)
def test_role_that_is_not_there_is_red_and_hides_what_follows(
    changes: dict[str, Any], detail: str, mend: str
) -> None:
    exists, trust, policies_are = links(**changes)

    assert exists.detail == detail
    assert mend_of(exists).startswith(mend)
    for link in (trust, policies_are):
        assert (link.status, link.detail) == (Status.UNKNOWN, 'because "Role exists" is red')


def test_role_that_may_not_be_read_leaves_its_policies_known() -> None:
    exists, trust, policies_are = links(found=DENIED)

    assert (exists.status, exists.detail) == (Status.UNKNOWN, DENIED.reason)
    assert (trust.status, trust.detail) == (Status.UNKNOWN, 'because "Role exists" is unknown')
    assert policies_are.status is Status.GREEN


@pytest.mark.parametrize("trust", ["{}", '{"Statement": []}', trust_of("lambda.amazonaws.com")])
def test_role_that_does_not_trust_sagemaker_is_red(trust: str) -> None:
    link = named(links(trust=trust), "Trust")

    assert link.detail == "does not trust sagemaker.amazonaws.com"
    assert mend_of(link).startswith("aws iam update-assume-role-policy --role-name Ben ")


def test_something_as_good_as_full_access_is_green() -> None:
    assert policies(policy(ENOUGH)).status is Status.GREEN
    assert policies(policy(allow("s3:*")), policy(ENOUGH)).detail == "as much as needed by p0, p1"


def test_too_little_is_red_and_says_what_is_missing() -> None:
    none = policies()
    some = policies(policy(allow(["sagemaker:*", "servicecatalog:*"])))

    assert none.detail == (
        "AmazonSageMakerFullAccess is not attached, and nothing grants iam:PassRole, "
        "sagemaker:CreateEndpoint, sagemaker:CreateEndpointConfig and 8 more"
    )
    assert some.detail.endswith("and nothing grants iam:PassRole")
    for link in (none, some):
        assert mend_of(link) == (
            "aws iam attach-role-policy --role-name Ben "
            "--policy-arn arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
        )


def test_what_is_granted_in_part_is_unknown() -> None:
    most = allow(["servicecatalog:*", "iam:*", "sagemaker:Describe*", "sagemaker:List*"])
    link = policies(policy(most, allow("sagemaker:Create*", LIMITED)))

    assert link.status is Status.UNKNOWN
    assert "p0 grants sagemaker:CreateEndpoint, " in link.detail
    assert link.detail.endswith("whether that is enough cannot be read")


def test_policy_that_may_not_be_read_matters_only_if_the_others_do_not_suffice() -> None:
    lacking = policies(policy(allow("s3:*")), unread=(DENIED, Refused("another")))

    assert (lacking.status, lacking.detail) == (Status.UNKNOWN, f"{DENIED.reason}; another")
    assert policies(policy(ENOUGH), unread=(DENIED,)).status is Status.GREEN


def association(
    portfolios: tuple[Portfolio, ...] | Refused,
    arn: str | None = ARN,
    needs: Link = CHOSEN,
    follows: Link = CHOSEN,
) -> Link:
    return association_link(portfolios, arn, needs=(needs,), follows=(follows,), mender=MENDER)


def test_association_says_by_which_principal() -> None:
    patterns = frozenset(
        Principal(f"arn:aws:iam:::role/{name}", PrincipalType.IAM_PATTERN)
        for name in ("B*", "B*n", "Be?", "Ben*", "?en", "Z*")
    )
    both = Portfolio("port-b", "x", patterns | {Principal(ARN)})
    only = Portfolio("port-c", "x", patterns | {Principal(role("Else"))})

    link = association((portfolio("port-a", "Ben"), both, only))

    assert link.status is Status.GREEN
    assert link.detail == (
        f"port-a by IAM {ARN}; port-b by IAM {ARN}; port-c by IAM_PATTERN arn:aws:iam:::role/?en"
    )


def test_role_must_see_every_portfolio() -> None:
    link = association(
        (portfolio("port-a", "Ben"), portfolio("port-b"), portfolio("port-c", "Bent"))
    )

    assert link.detail == "the role does not see port-b, port-c"
    assert mend_of(link) == f"python -m scripts.post_apply apply --role {ARN}"


def test_association_is_unknown_where_it_cannot_be_told() -> None:
    seen = (portfolio("port-a", "Ben"),)

    assert association(Refused("denied")) == Link("Association", Status.UNKNOWN, "denied")
    assert association(seen, None, needs=DARK).detail == 'because "Execution role" is unknown'
    assert association(seen, follows=BROKEN).detail == 'because "Portfolio imported" is red'
    assert association(seen, follows=DARK).status is Status.GREEN
    assert association(seen, None).detail == "there is no role to look for"


def test_trust_is_judged_by_the_document_that_was_read() -> None:
    deny = json.loads(trust_of("sagemaker.amazonaws.com"))
    deny["Statement"][0]["Effect"] = "Deny"

    assert named(links(trust=json.dumps(deny)), "Trust").status is Status.RED
