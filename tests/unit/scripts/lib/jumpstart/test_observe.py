from collections.abc import Iterable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.lib.clients import Clients, open_session
from scripts.lib.errors import InputError
from scripts.lib.jumpstart.model import Principal, PrincipalType, Selection, Space, UserProfile
from scripts.lib.jumpstart.observe import observe, observe_domains, observe_portfolios
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Answer, AnyRule, Refuse
from tests.unit.scripts.lib.jumpstart.builders import SOLUTIONS, role

ALL = Selection()
READS = ("Get", "List", "Describe")


def domain_id(account: Sandbox, name: str) -> str:
    listed: Iterable[dict[str, Any]] = account.client("sagemaker").list_domains()["Domains"]
    return next(str(item["DomainId"]) for item in listed if item["DomainName"] == name)


def enable(account: Sandbox) -> str:
    """Enable the portfolio, wait for it, and return its id."""
    account.client("sagemaker").enable_sagemaker_servicecatalog_portfolio()
    catalog = account.client("servicecatalog")
    for _ in range(10):
        details = catalog.list_accepted_portfolio_shares()["PortfolioDetails"]
        if details:
            return str(details[0]["Id"])
    raise AssertionError("the portfolio has not appeared")


def test_domains_are_found_with_users_and_spaces(account: Sandbox, clients: Clients) -> None:
    science, research = observe_domains(clients, ALL)

    assert science.id == domain_id(account, "data-science")
    assert (science.name, science.status, science.auth_mode) == ("data-science", "InService", "IAM")
    assert science.user_role == science.space_role == role("DataScienceDomainRole")
    assert set(science.users) == {
        UserProfile("amy"),
        UserProfile("ben", role("CustomRoleBen")),
        UserProfile("cleo", role("CustomRoleCleo")),
        UserProfile("dan", role("DataScienceDomainRole")),
    }
    assert science.spaces == (Space("team-space"),)
    assert (research.name, research.users) == (
        "research",
        (UserProfile("eve", role("CustomRoleEve")),),
    )


def test_private_space_is_its_owners(account: Sandbox, clients: Clients) -> None:
    account.client("sagemaker").create_space(
        DomainId=domain_id(account, "research"),
        SpaceName="eves",
        OwnershipSettings={"OwnerUserProfileName": "eve"},
        SpaceSharingSettings={"SharingType": "Private"},
    )

    assert observe_domains(clients, ALL)[1].spaces == (Space("eves", owner="eve"),)


def test_space_of_which_the_list_says_nothing_is_described(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bare_list(name: str, _: int) -> Answer | None:
        bare = {"DomainId": "d", "SpaceName": "team-space", "Status": "InService"}
        return {"Spaces": [bare]} if name == "ListSpaces" else None

    science, _ = through(account, monkeypatch, bare_list, ALL)

    assert science.spaces == (Space("team-space"),)
    assert "DescribeSpace" in [call.operation for call in account.journal()]


def test_every_page_of_users_and_spaces_is_read(account: Sandbox, clients: Clients) -> None:
    sagemaker = account.client("sagemaker")
    research = domain_id(account, "research")
    for number in range(104):
        sagemaker.create_user_profile(DomainId=research, UserProfileName=f"user-{number}")
        sagemaker.create_space(DomainId=research, SpaceName=f"space-{number}")

    _, found = observe_domains(clients, ALL)

    assert {item.name for item in found.users} == {"eve"} | {f"user-{n}" for n in range(104)}
    assert {item.name for item in found.spaces} == {f"space-{n}" for n in range(104)}


def test_users_are_not_read_when_roles_are_given(account: Sandbox, clients: Clients) -> None:
    observe(clients, Selection(role_arns=(role("CustomRoleBen"),)))

    called = {call.operation for call in account.journal()}
    assert "DescribeDomain" in called
    assert not called & {"ListUserProfiles", "DescribeUserProfile", "ListSpaces"}


def test_only_the_domain_selected_is_read(account: Sandbox, clients: Clients) -> None:
    research = domain_id(account, "research")

    (found,) = observe_domains(clients, Selection(domains=(research,)))

    assert found.name == "research"
    described = [call for call in account.journal() if call.operation == "DescribeUserProfile"]
    assert len(described) == 1


def through(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch, rule: AnyRule, selection: Selection
) -> Any:
    """Observe Domains through a proxy with ``rule``."""
    for name, value in account.environment().items():
        monkeypatch.setenv(name, value)
    with account.faults(rule) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        return observe_domains(Clients(open_session()), selection)


def test_what_is_deleted_between_list_and_describe_is_gone(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = Refuse("DescribeUserProfile", "ResourceNotFound", call=5)
    domain = Refuse("DescribeDomain", "ResourceNotFound", call=2)

    found = through(account, monkeypatch, user, ALL)
    assert sum(len(each.users) for each in found) == 4, "of five; they are asked side by side"
    assert len(through(account, monkeypatch, domain, ALL)) == 1


@pytest.mark.parametrize("operation", ["DescribeUserProfile", "DescribeDomain", "ListSpaces"])
def test_fails_when_reading_is_refused(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    with pytest.raises(ClientError, match="AccessDeniedException"):
        through(account, monkeypatch, Refuse(operation, "AccessDeniedException"), ALL)


@pytest.mark.parametrize("status", ["Deleting", "Failed"])
def test_users_and_spaces_that_are_leaving_are_left_out(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    def leaving(name: str, _: int) -> Answer | None:
        if name == "ListUserProfiles":
            return {"UserProfiles": [{"UserProfileName": "amy", "Status": status}]}
        if name == "ListSpaces":
            return {"Spaces": [{"SpaceName": "team-space", "Status": status}]}
        return None

    for domain in through(account, monkeypatch, leaving, ALL):
        assert (domain.users, domain.spaces) == ((), ())


def test_portfolio_is_not_there_before_it_is_enabled(clients: Clients) -> None:
    assert observe_portfolios(clients) == ()
    assert not observe(clients, ALL).enabled


def test_portfolio_is_found_with_every_page_of_its_principals(
    account: Sandbox, clients: Clients
) -> None:
    identifier = enable(account)
    iam, catalog = account.client("iam"), account.client("servicecatalog")
    arns = []
    for number in range(43):
        created = iam.create_role(RoleName=f"R{number}", AssumeRolePolicyDocument=TRUST)["Role"]
        arns.append(created["Arn"])
        catalog.associate_principal_with_portfolio(
            PortfolioId=identifier, PrincipalARN=created["Arn"], PrincipalType="IAM"
        )
    catalog.associate_principal_with_portfolio(
        PortfolioId=identifier,
        PrincipalARN="arn:aws:iam:::role/Data*",
        PrincipalType="IAM_PATTERN",
    )

    (found,) = observe_portfolios(clients)

    assert (found.id, found.name) == (identifier, SOLUTIONS)
    pattern = Principal("arn:aws:iam:::role/Data*", PrincipalType.IAM_PATTERN)
    assert found.principals == {Principal(arn) for arn in arns} | {pattern}


@pytest.mark.usefixtures("clients")
def test_other_providers_portfolios_are_left_out_and_all_of_sagemakers_are_found(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shares(name: str, count: int) -> Answer | None:
        if name == "ListPrincipalsForPortfolio":
            return {"Principals": []}
        if name != "ListAcceptedPortfolioShares":
            return None
        details = {
            1: [("port-b", "Amazon SageMaker"), ("port-x", "Somebody")],
            2: [("port-a", "Amazon SageMaker"), ("port-y", "amazon sagemaker")],
            3: [("port-b", "Amazon SageMaker")],
        }[count]
        return {
            "PortfolioDetails": [
                {"Id": key, "DisplayName": key, "ProviderName": provider}
                for key, provider in details
            ]
        }

    with account.faults(shares) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        found = observe_portfolios(Clients(open_session()))

    assert [item.id for item in found] == ["port-a", "port-b"]


@pytest.mark.usefixtures("clients")
@pytest.mark.parametrize("code", ["InvalidParametersException", "OperationNotSupportedException"])
def test_share_types_that_an_account_may_not_ask_for_are_passed_over(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    identifier = enable(account)

    with account.faults(Refuse("ListAcceptedPortfolioShares", code, call=3)) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        assert [item.id for item in observe_portfolios(Clients(open_session()))] == [identifier]


@pytest.mark.usefixtures("clients")
@pytest.mark.parametrize(
    ("code", "call"), [("InvalidParametersException", 1), ("AccessDeniedException", 3)]
)
def test_fails_when_shares_cannot_be_listed(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch, code: str, call: int
) -> None:
    with account.faults(Refuse("ListAcceptedPortfolioShares", code, call=call)) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(ClientError, match=code):
            observe_portfolios(Clients(open_session()))


def test_fails_when_a_role_is_of_another_account(account: Sandbox, clients: Clients) -> None:
    arn = "arn:aws:iam::210987654321:role/R"

    with pytest.raises(InputError) as caught:
        observe(clients, Selection(role_arns=(arn,)))

    assert str(caught.value) == (
        f"{arn!r} is not a role of this account: expected arn:aws:iam::123456789012:role/..."
    )
    assert [call.operation for call in account.journal()] == ["GetCallerIdentity"]


def test_observing_only_reads(account: Sandbox, clients: Clients) -> None:
    state = observe(clients, ALL)

    assert {item.arn for item in state.roles} == {
        role(name)
        for name in (
            "CustomRoleBen",
            "CustomRoleCleo",
            "CustomRoleEve",
            "DataScienceDomainRole",
            "ResearchDomainRole",
        )
    }
    assert all(call.operation.startswith(READS) for call in account.journal())


TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
    '"Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
)
