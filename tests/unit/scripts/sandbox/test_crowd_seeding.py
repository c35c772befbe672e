"""A crowd in the account, as a client sees it."""

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.lib.clients import Clients
from scripts.lib.jumpstart.model import RoleFacts
from scripts.lib.jumpstart.roles import read_role
from scripts.sandbox import Crowd, Sandbox, SandboxError
from scripts.sandbox.crowd_seeding import FULL_ACCESS

CROWD = Crowd(users=125, roles=12, existing_roles=4)


def role(name: str) -> str:
    return f"arn:aws:iam::123456789012:role/{name}"


def profiles(sandbox: Sandbox, domain: str) -> list[dict[str, Any]]:
    sagemaker = sandbox.client("sagemaker")
    pages = sagemaker.get_paginator("list_user_profiles").paginate(
        DomainIdEquals=domain, PaginationConfig={"PageSize": 100}
    )
    return [
        sagemaker.describe_user_profile(DomainId=domain, UserProfileName=profile["UserProfileName"])
        for page in pages
        for profile in page["UserProfiles"]
    ]


def test_users_are_in_a_domain_of_their_own_and_spread_over_the_roles(account: Sandbox) -> None:
    domain = account.add_crowd(CROWD)

    found = profiles(account, domain)
    names = [profile["UserProfileName"] for profile in found]
    shares = Counter(profile["UserSettings"]["ExecutionRole"] for profile in found)
    assert names == [f"crowd-user-{number:05}" for number in range(1, 126)]
    assert shares.keys() == {role(CROWD.role(number)) for number in range(1, 13)}
    assert set(shares.values()) == {10, 11}
    described = account.client("sagemaker").describe_domain(DomainId=domain)
    assert described["DomainName"] == "crowd"
    assert described["DefaultUserSettings"] == {"ExecutionRole": role("crowd-domain-role")}
    assert described["DefaultSpaceSettings"] == {"ExecutionRole": role("crowd-domain-role")}
    assert described["Status"] == "InService"


def test_the_rest_of_the_account_stays_as_it_was(account: Sandbox, seeded: Sandbox) -> None:
    domain = account.add_crowd(CROWD)

    def others(sandbox: Sandbox) -> list[str]:
        domains = sandbox.client("sagemaker").list_domains()["Domains"]
        return [each["DomainId"] for each in domains if each["DomainId"] != domain]

    def roles(sandbox: Sandbox) -> set[str]:
        found = sandbox.client("iam").list_roles()["Roles"]
        return {each["RoleName"] for each in found if not each["RoleName"].startswith("crowd-")}

    assert others(account) == others(seeded)
    assert roles(account) == roles(seeded)
    assert account.journal()[-1].operation == "ListRoles", "the seeding itself is no call"


def test_the_first_roles_exist_and_are_fit_for_jumpstart(
    account: Sandbox, clients: Clients
) -> None:
    account.add_crowd(CROWD)

    for name in ("crowd-domain-role", *(CROWD.role(number) for number in range(1, 5))):
        facts = read_role(clients, role(name))
        assert (facts.error, facts.trusts_sagemaker, facts.has_full_access) == ("", True, True)
    for number in range(5, 13):
        missing = role(CROWD.role(number))
        assert read_role(clients, missing) == RoleFacts(missing, error="does not exist")


def test_a_role_of_the_crowd_can_be_changed_by_itself(account: Sandbox) -> None:
    account.add_crowd(CROWD)
    iam = account.client("iam")
    iam.detach_role_policy(RoleName=CROWD.role(1), PolicyArn=FULL_ACCESS)

    def attached(number: int) -> list[str]:
        found = iam.list_attached_role_policies(RoleName=CROWD.role(number))["AttachedPolicies"]
        return [policy["PolicyArn"] for policy in found]

    assert (attached(1), attached(2)) == ([], [FULL_ACCESS])
    with pytest.raises(ClientError, match="NoSuchEntity"):
        attached(5)


def test_settings_of_one_user_are_not_anothers(account: Sandbox) -> None:
    domain = account.add_crowd(Crowd(users=3, roles=1, existing_roles=1))
    account.client("sagemaker").update_user_profile(
        DomainId=domain,
        UserProfileName="crowd-user-00001",
        UserSettings={"ExecutionRole": role("CustomRoleBen")},
    )
    own = [each["UserSettings"]["ExecutionRole"] for each in profiles(account, domain)]
    assert own == [role("CustomRoleBen"), *[role("crowd-role-0001")] * 2]


def test_users_without_roles_of_their_own_name_none(account: Sandbox) -> None:
    domain = account.add_crowd(Crowd(users=2))
    assert all("UserSettings" not in each for each in profiles(account, domain))


def test_two_crowds_stand_side_by_side_but_not_under_one_name(account: Sandbox) -> None:
    first = account.add_crowd(Crowd(users=2, roles=1, existing_roles=1))
    second = account.add_crowd(Crowd(users=3, roles=1, existing_roles=1, domain="other"))
    assert [len(profiles(account, domain)) for domain in (first, second)] == [2, 3]
    with pytest.raises(SandboxError, match=r"refused crowd: .*crowd already exists"):
        account.add_crowd(Crowd(users=9, roles=2, existing_roles=2))
    assert len(profiles(account, first)) == 2
