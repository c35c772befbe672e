from collections import Counter

import pytest

from scripts.lib import doctor
from scripts.lib.clients import Clients, open_session
from scripts.lib.doctor.examine import diagnose, diagnose_all, diagnose_one
from scripts.lib.doctor.model import Status
from scripts.lib.errors import InputError
from scripts.lib.launch.shell import Shell
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Answer, Deny, Forge, Refusal

ROLE = "arn:aws:iam::123456789012:role/"


def domain_ids(account: Sandbox) -> dict[str, str]:
    domains = account.client("sagemaker").list_domains()["Domains"]
    account.clear_journal()
    return {domain["DomainName"]: domain["DomainId"] for domain in domains}


def calls(account: Sandbox) -> Counter[str]:
    return Counter(call.operation for call in account.journal())


def test_one_user_as_a_function(account: Sandbox, clients: Clients) -> None:
    domain = domain_ids(account)["data-science"]

    found = doctor.diagnose(clients, domain=domain, user="ben")

    assert (found.name, found.role_arn) == ("ben", f"{ROLE}CustomRoleBen")
    assert found.first_red is not None
    assert found.first_red.name == "JumpStart enabled"
    assert found == diagnose(clients, domain=domain, user="ben", shell=Shell())


def test_one_user_takes_few_calls_and_writes_nothing(account: Sandbox, clients: Clients) -> None:
    domain = domain_ids(account)["data-science"]

    diagnose(clients, domain=domain, user="ben")

    assert calls(account) == {
        "GetCallerIdentity": 1,
        "GetSagemakerServicecatalogPortfolioStatus": 1,
        "ListAcceptedPortfolioShares": 3,
        "GetRole": 3,
        "DescribeDomain": 1,
        "DescribeUserProfile": 1,
        "ListAttachedRolePolicies": 1,
    }


def test_all_users_share_the_questions_that_they_have_in_common(
    account: Sandbox, clients: Clients
) -> None:
    domain_ids(account)

    found = diagnose_all(clients)

    assert [diagnosis.name for diagnosis in found.diagnoses if diagnosis.domain_name == "research"]
    assert {diagnosis.name for diagnosis in found.diagnoses} == {"amy", "ben", "cleo", "dan", "eve"}
    # Five users, of whom two share a role; and two service roles.
    assert calls(account) == {
        "GetCallerIdentity": 1,
        "GetSagemakerServicecatalogPortfolioStatus": 1,
        "ListAcceptedPortfolioShares": 3,
        "GetRole": 4 + 2,
        "ListDomains": 1,
        "DescribeDomain": 2,
        "ListUserProfiles": 2,
        "DescribeUserProfile": 5,
        "ListAttachedRolePolicies": 4,
    }


def test_users_of_one_domain_and_in_order(account: Sandbox, clients: Clients) -> None:
    ids = domain_ids(account)

    found = diagnose_all(clients, domain=ids["data-science"])

    assert [diagnosis.name for diagnosis in found.diagnoses] == ["amy", "ben", "cleo", "dan"]
    assert [domain.domain_id for domain in found.domains] == [ids["data-science"]]
    assert calls(account)["ListDomains"] == 0
    assert found.mends[0].line == (
        f"python -m scripts.post_apply apply --domain {ids['data-science']}"
    )


def test_each_chain_is_the_same_alone_and_among_all(account: Sandbox, clients: Clients) -> None:
    account.client("iam").detach_role_policy(
        RoleName="CustomRoleBen", PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    )
    for found in diagnose_all(clients).diagnoses:
        alone = diagnose(clients, domain=found.domain_id, user=found.name)
        assert [(link.name, link.status, link.detail) for link in alone.links] == [
            (link.name, link.status, link.detail) for link in found.links
        ]


def test_domain_without_users_is_judged_by_what_is_in_common(
    account: Sandbox, clients: Clients
) -> None:
    domain = domain_ids(account)["research"]
    account.client("sagemaker").delete_user_profile(DomainId=domain, UserProfileName="eve")

    found = diagnose_all(clients, domain=domain)

    assert (found.diagnoses, found.exit_code) == ((), 2)


def test_portfolio_is_enabled_by_itself_if_no_user_has_a_role_of_use(
    account: Sandbox, clients: Clients
) -> None:
    domain = domain_ids(account)["research"]
    foreign = "arn:aws:iam::210987654321:role/CustomRoleEve"
    account.client("sagemaker").update_user_profile(
        DomainId=domain, UserProfileName="eve", UserSettings={"ExecutionRole": foreign}
    )

    found = diagnose_all(clients, domain=domain)

    assert found.mends[0].line == "aws sagemaker enable-sagemaker-servicecatalog-portfolio"


def test_who_is_deleted_meanwhile_is_left_out(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(operation: str, number: int) -> Answer | None:
        if (operation, number) in {("DescribeUserProfile", 1), ("DescribeDomain", 1)}:
            return Refusal("ResourceNotFound")
        return None

    with account.faults(gone) as proxy:
        for name, value in proxy.environment().items():
            monkeypatch.setenv(name, value)
        clients = Clients(open_session(), workers=1)
        found = diagnose_all(clients)

    left = 4 if found.domains[0].domain_name == "data-science" else 1
    assert (len(found.domains), len(found.diagnoses)) == (1, left - 1)


def test_domain_that_may_not_be_described_leaves_users_with_a_role_of_their_own(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = domain_ids(account)["data-science"]
    with account.faults(Deny(("DescribeDomain",))) as proxy:
        for name, value in proxy.environment().items():
            monkeypatch.setenv(name, value)
        found = diagnose_all(Clients(open_session()), domain=domain)

    roles = {diagnosis.name: diagnosis.role_arn for diagnosis in found.diagnoses}
    assert (roles["amy"], roles["ben"]) == (None, f"{ROLE}CustomRoleBen")
    assert [(item.domain_name, item.link.status) for item in found.domains] == [
        (None, Status.UNKNOWN)
    ]
    assert {diagnosis.domain_name for diagnosis in found.diagnoses} == {None}


def test_shared_space_works_with_the_domains_role(account: Sandbox, clients: Clients) -> None:
    domain = domain_ids(account)["data-science"]

    found = diagnose(clients, domain=domain, space="team-space")

    assert found.role_arn == f"{ROLE}DataScienceDomainRole"
    assert str(found).startswith("Space team-space of Domain data-science (d-")


@pytest.mark.parametrize(("user", "space"), [(None, None), ("ben", "team-space"), ("", "")])
def test_one_of_user_and_space_is_given(
    clients: Clients, user: str | None, space: str | None
) -> None:
    with pytest.raises(InputError, match=r"^give a user or a space, and not both$"):
        diagnose(clients, domain="d-1", user=user, space=space)


def test_portfolio_is_enabled_for_the_role_if_there_is_one(
    account: Sandbox, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = domain_ids(account)["data-science"]
    shell = Shell(region="eu-west-1")
    found = diagnose_one(clients, domain=domain, user="amy", space=None, shell=shell)
    bare = {"DomainName": "data-science", "Status": "InService", "AuthMode": "IAM"}
    with account.faults(Forge("DescribeDomain", bare)) as proxy:
        for name, value in proxy.environment().items():
            monkeypatch.setenv(name, value)
        without = diagnose(Clients(open_session()), domain=domain, user="amy")

    assert found.mends[0].line == (
        f"python -m scripts.post_apply apply --role {ROLE}DataScienceDomainRole --region eu-west-1"
    )
    assert without.role_arn is None
    assert without.mend is not None
    assert without.mend.line == "aws sagemaker enable-sagemaker-servicecatalog-portfolio"
