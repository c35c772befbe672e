from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from scripts.lib.doctor.chain import account_links, diagnose
from scripts.lib.doctor.facts import (
    Facts,
    Member,
    MemberKind,
    Policies,
    Refused,
    ServiceRole,
)
from scripts.lib.doctor.iam import SERVICE_ROLES
from scripts.lib.doctor.model import Diagnosis, Status
from tests.unit.scripts.lib.doctor.builders import (
    ARN,
    MENDER,
    SERVICE_PATH,
    account_with,
    healthy,
    healthy_role,
    member_with,
    named,
    role_with,
    trust_of,
)
from tests.unit.scripts.lib.doctor.random_facts import DENIED, MENDS, broken
from tests.unit.scripts.lib.jumpstart.builders import domain, portfolio, role

NAMES = [
    "Domain",
    "JumpStart enabled",
    "Portfolio imported",
    "User profile",
    "Execution role",
    "Role exists",
    "Trust",
    "Policies",
    "Association",
    "Service roles",
]
LAUNCH, USE = SERVICE_ROLES


def services(launch: str | Refused | None, use: str | Refused | None) -> Facts:
    return account_with(service_roles=(ServiceRole(LAUNCH, launch), ServiceRole(USE, use)))


def without_role(**changes: Any) -> Facts:
    facts = member_with(own_role=None)
    return replace(facts, role=None, **changes)


def space(**changes: Any) -> Facts:
    member = Member(MemberKind.SPACE, "d-lab", "team", "InService")
    facts = healthy(member=member, role=healthy_role(role("Shared")))
    return replace(facts, **changes)


def status_of(diagnosis: Diagnosis, status: Status) -> list[str]:
    return [link.name for link in diagnosis.links if link.status is status]


def test_all_is_well() -> None:
    found = diagnose(healthy(), MENDER)

    assert [link.name for link in found.links] == NAMES
    assert (found.verdict, found.mend) == (Status.GREEN, None)
    assert (found.name, found.domain_id, found.domain_name) == ("ben", "d-lab", "lab")
    assert found.role_arn == ARN


@pytest.mark.parametrize(
    ("facts", "red", "unknown", "mend"),
    [
        (
            healthy(domain=domain(status="Failed")),
            "Domain",
            [],
            "aws sagemaker describe-domain --domain-id d-lab --query FailureReason",
        ),
        (
            healthy(domain=domain(status="Updating")),
            "Domain",
            [],
            "python -m scripts.doctor --domain d-lab",
        ),
        (
            account_with(enabled=False),
            "JumpStart enabled",
            ["Portfolio imported", "Association"],
            f"python -m scripts.post_apply apply --role {ARN}",
        ),
        (
            account_with(imported=False, portfolios=()),
            "Portfolio imported",
            ["Association"],
            "aws sagemaker enable-sagemaker-servicecatalog-portfolio",
        ),
        (
            member_with(status="Update_Failed"),
            "User profile",
            [],
            (
                "aws sagemaker describe-user-profile --domain-id d-lab --user-profile-name ben "
                "--query FailureReason"
            ),
        ),
        (
            member_with(status="Pending"),
            "User profile",
            [],
            "python -m scripts.doctor --domain d-lab --user ben",
        ),
        (
            without_role(domain=domain(own=None)),
            "Execution role",
            ["Role exists", "Trust", "Policies", "Association"],
            (
                "aws sagemaker update-user-profile --domain-id d-lab --user-profile-name ben "
                f"--user-settings ExecutionRole={role('NAME-OF-ROLE')}"
            ),
        ),
        (
            role_with(found=role("other/Ben")),
            "Role exists",
            ["Trust", "Policies", "Association"],
            (
                "aws sagemaker update-user-profile --domain-id d-lab --user-profile-name ben "
                f"--user-settings ExecutionRole={role('other/Ben')}"
            ),
        ),
        (
            role_with(policies=Policies()),
            "Policies",
            [],
            (
                "aws iam attach-role-policy --role-name Ben "
                "--policy-arn arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
            ),
        ),
        (
            account_with(portfolios=(portfolio("port-a", "Ann"),)),
            "Association",
            [],
            f"python -m scripts.post_apply apply --role {ARN}",
        ),
        (services(SERVICE_PATH + LAUNCH, None), "Service roles", [], "npx cdktf deploy jumpstart"),
        (
            services(SERVICE_PATH + LAUNCH, role(USE)),
            "Service roles",
            [],
            f"aws iam delete-role --role-name {USE}",
        ),
        (services(None, DENIED), "Service roles", [], "npx cdktf deploy jumpstart"),
        (
            space(role=None, domain=domain(shared=None)),
            "Execution role",
            ["Role exists", "Trust", "Policies", "Association"],
            (
                "aws sagemaker update-domain --domain-id d-lab "
                f"--default-space-settings ExecutionRole={role('NAME-OF-ROLE')}"
            ),
        ),
    ],
)
def test_one_broken_link_is_red_with_one_mend_and_hides_what_needs_it(
    facts: Facts, red: str, unknown: list[str], mend: str
) -> None:
    found = diagnose(facts, MENDER)

    assert status_of(found, Status.RED) == [red]
    assert status_of(found, Status.UNKNOWN) == unknown
    assert found.mend is not None
    assert found.mend.line == mend
    for name in unknown:
        assert named(found.links, name).detail == f'because "{red}" is red'


def test_trust_is_mended_by_a_policy_that_trusts() -> None:
    found = diagnose(role_with(trust=trust_of("lambda.amazonaws.com")), MENDER)

    assert status_of(found, Status.RED) == ["Trust"]
    assert found.mend is not None
    assert found.mend.line.startswith("aws iam update-assume-role-policy --role-name Ben ")


@pytest.mark.parametrize(
    ("facts", "unknown", "followers"),
    [
        (healthy(domain=DENIED), "Domain", []),
        (
            without_role(domain=DENIED),
            "Domain",
            ["Execution role", "Role exists", "Trust", "Policies", "Association"],
        ),
        (account_with(enabled=DENIED), "JumpStart enabled", []),
        (
            account_with(imported=DENIED, portfolios=DENIED),
            "Portfolio imported",
            ["Association"],
        ),
        (account_with(portfolios=DENIED), "Association", []),
        (
            replace(member_with(status=DENIED, own_role=None), role=None),
            "User profile",
            ["Execution role", "Role exists", "Trust", "Policies", "Association"],
        ),
        (role_with(found=DENIED), "Role exists", ["Trust"]),
        (role_with(policies=Policies(unread=(DENIED,))), "Policies", []),
        (services(SERVICE_PATH + LAUNCH, DENIED), "Service roles", []),
        (
            replace(space(), member=Member(MemberKind.SPACE, "d-lab", "team", DENIED), role=None),
            "Shared space",
            ["Execution role", "Role exists", "Trust", "Policies", "Association"],
        ),
    ],
)
def test_what_aws_does_not_tell_is_unknown_with_the_reason(
    facts: Facts, unknown: str, followers: list[str]
) -> None:
    found = diagnose(facts, MENDER)

    assert (found.verdict, found.mend) == (Status.UNKNOWN, None)
    assert status_of(found, Status.UNKNOWN) == [unknown, *followers]
    assert named(found.links, unknown).detail.endswith(DENIED.reason)


@pytest.mark.parametrize(
    ("mode", "words"),
    [("IAM", "sign-in by IAM"), ("SSO", "sign-in by SSO (IAM Identity Center)"), ("X", "by X")],
)
def test_either_way_to_sign_in_is_fine(mode: str, words: str) -> None:
    link = diagnose(healthy(domain=replace(domain(), auth_mode=mode)), MENDER).links[0]

    assert link.status is Status.GREEN
    assert link.detail.endswith(words)


def test_role_says_where_it_comes_from() -> None:
    own = diagnose(healthy(), MENDER)
    domains = diagnose(replace(member_with(own_role=None), role=healthy_role(role("Own"))), MENDER)
    spaces = diagnose(space(), MENDER)

    assert own.links[4].detail == f"{ARN}, the profile's own"
    assert domains.links[4].detail == f"{role('Own')}, from the Domain's default user settings"
    assert spaces.links[4].detail == f"{role('Shared')}, from the Domain's default space settings"
    assert [each.verdict for each in (own, domains, spaces)] == [Status.GREEN] * 3
    assert spaces.links[3].name == "Shared space"


def test_portfolios_are_named_also_where_their_principals_are_not_told() -> None:
    told = diagnose(
        account_with(portfolios=(portfolio("port-a", "Ben"), portfolio("port-b"))), MENDER
    )
    hidden = diagnose(account_with(portfolios=DENIED), MENDER)

    assert [part.split(" ")[0] for part in told.links[2].detail.split(", ")] == ["port-a", "port-b"]
    assert hidden.links[2].detail == "at least one of provider Amazon SageMaker"


def test_account_links_are_those_of_every_chain() -> None:
    for facts in (healthy(), account_with(enabled=False), services(None, None)):
        links = diagnose(facts, MENDER).links
        assert account_links(facts.account, MENDER) == (links[1], links[2], links[9])


@given(broken())
def test_mending_the_first_red_link_leads_to_a_later_one_or_to_none(facts: Facts) -> None:
    seen = -1
    for _ in NAMES:
        found = diagnose(facts, MENDER)
        red = found.first_red
        if red is None:
            break
        place = found.links.index(red)
        assert place > seen
        seen = place
        facts = MENDS[red.name](facts)
    assert diagnose(facts, MENDER).first_red is None


@given(broken())
def test_every_chain_has_all_links_in_order_and_a_mend_for_each_red_one(facts: Facts) -> None:
    found = diagnose(facts, MENDER)

    names = [link.name.replace("Shared space", "User profile") for link in found.links]
    assert names == NAMES
    assert all((link.mend is not None) == (link.status is Status.RED) for link in found.links)
    assert all(link.detail for link in found.links)
    assert (found.mend is None) == (found.verdict is not Status.RED)
