from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from scripts.lib.clients import Clients, open_session
from scripts.lib.doctor.facts import Member, MemberKind, Refused
from scripts.lib.doctor.observe import (
    list_domains,
    list_users,
    look_for_domain,
    look_for_user,
    observe_account,
    observe_domain,
    observe_space,
    observe_user,
)
from scripts.lib.errors import AwsError, InputError
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import AnyRule, Deny, Refuse

ROLE = "arn:aws:iam::123456789012:role/"


@pytest.fixture
def domain_id(account: Sandbox) -> str:
    domains = account.client("sagemaker").list_domains()["Domains"]
    (found,) = [each["DomainId"] for each in domains if each["DomainName"] == "data-science"]
    return str(found)


@contextmanager
def meeting(account: Sandbox, monkeypatch: pytest.MonkeyPatch, rule: AnyRule) -> Iterator[Clients]:
    """Clients whose calls meet ``rule``."""
    with account.faults(rule) as proxy:
        for name, value in proxy.environment().items():
            monkeypatch.setenv(name, value)
        yield Clients(open_session())


def enable(account: Sandbox) -> str:
    account.client("sagemaker").enable_sagemaker_servicecatalog_portfolio()
    catalog = account.client("servicecatalog")
    while not (found := catalog.list_accepted_portfolio_shares()["PortfolioDetails"]):
        pass
    return str(found[0]["Id"])


def test_account_before_and_after_enabling(account: Sandbox, clients: Clients) -> None:
    before = observe_account(clients)
    portfolio = enable(account)
    after = observe_account(clients)

    assert (before.enabled, before.imported, before.portfolios) == (False, False, ())
    assert (after.enabled, after.imported) == (True, True)
    assert not isinstance(after.portfolios, Refused)
    assert [each.id for each in after.portfolios] == [portfolio]
    assert after.account.account_id == "123456789012"


@pytest.mark.parametrize(
    ("operation", "imported"),
    [("ListAcceptedPortfolioShares", False), ("ListPrincipalsForPortfolio", True)],
)
def test_portfolio_may_be_known_although_its_principals_are_not(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch, operation: str, imported: bool
) -> None:
    enable(account)
    with meeting(account, monkeypatch, Deny((operation,))) as clients:
        found = observe_account(clients)

    assert isinstance(found.portfolios, Refused)
    assert found.portfolios.reason.startswith(f"{operation}: AccessDeniedException: ")
    assert found.imported == (True if imported else found.portfolios)


def test_questions_about_the_account_are_refused_one_by_one(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = Deny(("GetSagemakerServicecatalogPortfolioStatus", "GetRole"))
    with meeting(account, monkeypatch, rule) as clients:
        found = observe_account(clients)

    assert isinstance(found.enabled, Refused)
    assert found.imported is False
    assert all(isinstance(each.found, Refused) for each in found.service_roles)


def test_caller_whom_aws_does_not_know_learns_nothing(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = Refuse("GetCallerIdentity", "InvalidClientTokenId")
    with (
        meeting(account, monkeypatch, rule) as clients,
        pytest.raises(AwsError, match="InvalidClientTokenId"),
    ):
        observe_account(clients)


def test_domain_is_read_with_its_roles(clients: Clients, domain_id: str) -> None:
    found = observe_domain(clients, domain_id)

    assert found == look_for_domain(clients, domain_id)
    assert not isinstance(found, Refused)
    assert (found.name, found.status, found.auth_mode) == ("data-science", "InService", "IAM")
    assert found.user_role == found.space_role == f"{ROLE}DataScienceDomainRole"


@pytest.mark.parametrize("name", ["d-none", "data-science", "", "x" * 63, "d-\n"])
def test_domain_that_is_not_there_is_an_input_error(
    clients: Clients, domain_id: str, name: str
) -> None:
    with pytest.raises(InputError) as error:
        observe_domain(clients, name)

    assert str(error.value).startswith(f"no Domain {name!r} here; there are: d-")
    assert f"{domain_id} (data-science)" in str(error.value)
    assert look_for_domain(clients, name) is None


def test_other_domains_are_not_named_if_they_may_not_be_listed(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        meeting(account, monkeypatch, Deny(("ListDomains",))) as clients,
        pytest.raises(InputError, match="there are: ListDomains: AccessDeniedException: "),
    ):
        observe_domain(clients, "d-none")


def test_users_are_read_with_the_role_of_their_own(clients: Clients, domain_id: str) -> None:
    assert observe_user(clients, domain_id, "ben") == Member(
        MemberKind.USER, domain_id, "ben", "InService", f"{ROLE}CustomRoleBen"
    )
    assert observe_user(clients, domain_id, "amy").own_role is None


@pytest.mark.parametrize("name", ["zoe", "eve", "", "-", "ben ", "../ben"])
def test_user_who_is_not_there_is_an_input_error(
    clients: Clients, domain_id: str, name: str
) -> None:
    with pytest.raises(InputError) as error:
        observe_user(clients, domain_id, name)

    assert str(error.value) == f"no user profile {name!r} in Domain {domain_id}"
    assert look_for_user(clients, domain_id, name) is None


def test_shared_space_has_no_role_of_its_own(clients: Clients, domain_id: str) -> None:
    assert observe_space(clients, domain_id, "team-space") == Member(
        MemberKind.SPACE, domain_id, "team-space", "InService"
    )


def test_private_space_sends_to_its_owner(
    account: Sandbox, clients: Clients, domain_id: str
) -> None:
    account.client("sagemaker").create_space(
        DomainId=domain_id,
        SpaceName="bens",
        OwnershipSettings={"OwnerUserProfileName": "ben"},
        SpaceSharingSettings={"SharingType": "Private"},
    )

    with pytest.raises(InputError, match=r"^space 'bens' is private: ask with --user ben$"):
        observe_space(clients, domain_id, "bens")
    with pytest.raises(InputError, match=rf"^no space 'none' in Domain {domain_id}$"):
        observe_space(clients, domain_id, "none")


def test_what_may_not_be_described_is_there_all_the_same(
    account: Sandbox, domain_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = Deny(("DescribeDomain", "DescribeUserProfile", "DescribeSpace"))
    with meeting(account, monkeypatch, rule) as clients:
        domain = observe_domain(clients, domain_id)
        members = [
            observe_user(clients, domain_id, "ben"),
            observe_space(clients, domain_id, "team-space"),
        ]

    assert isinstance(domain, Refused)
    assert [(member.name, member.own_role) for member in members] == [
        ("ben", None),
        ("team-space", None),
    ]
    assert all(isinstance(member.status, Refused) for member in members)


def test_lists_are_read_to_the_last_page(
    account: Sandbox, clients: Clients, domain_id: str
) -> None:
    sagemaker = account.client("sagemaker")
    more = [f"user-{number:03}" for number in range(120)]
    for name in more:
        sagemaker.create_user_profile(DomainId=domain_id, UserProfileName=name)

    assert list_users(clients, domain_id) == ("amy", "ben", "cleo", "dan", *more)
    assert list(list_domains(clients).values()) == ["data-science", "research"]
    assert list_domains(clients)[domain_id] == "data-science"
