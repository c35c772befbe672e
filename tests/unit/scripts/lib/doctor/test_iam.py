import json

import pytest

from modules.service_roles import PREFIX
from scripts.lib.clients import Clients, open_session
from scripts.lib.doctor.facts import Policies, Refused, Role, ServiceRole
from scripts.lib.doctor.iam import SERVICE_ROLES, observe_role, observe_service_roles
from scripts.sandbox import Sandbox
from scripts.sandbox.faults import Deny
from tests.unit.scripts.lib.jumpstart.test_policies import ENOUGH, policy

ROLE = "arn:aws:iam::123456789012:role/"
BEN = f"{ROLE}CustomRoleBen"
FULL = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
LAUNCH, USE = SERVICE_ROLES


def observe_denied(account: Sandbox, monkeypatch: pytest.MonkeyPatch, *operations: str) -> Role:
    with account.faults(Deny(operations)) as proxy:
        for name, value in proxy.environment().items():
            monkeypatch.setenv(name, value)
        return observe_role(Clients(open_session()), BEN)


def test_names_are_those_of_the_stack_that_makes_the_roles() -> None:
    assert (f"{PREFIX}LaunchRole", f"{PREFIX}UseRole") == SERVICE_ROLES


def test_role_is_read_with_its_trust(clients: Clients) -> None:
    found = observe_role(clients, BEN)

    (statement,) = json.loads(found.trust)["Statement"]
    assert statement["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert (found.arn, found.found, found.foreign) == (BEN, BEN, False)
    assert found.policies == Policies(full_access=True)


def test_role_that_is_gone_or_elsewhere_is_told(account: Sandbox, clients: Clients) -> None:
    account.client("iam").create_role(
        RoleName="Moved", Path="/team/", AssumeRolePolicyDocument='{"Statement": []}'
    )

    assert observe_role(clients, f"{ROLE}Deleted") == Role(f"{ROLE}Deleted")
    assert observe_role(clients, f"{ROLE}Moved").found == f"{ROLE}team/Moved"


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::210987654321:role/CustomRoleBen",
        "arn:aws-cn:iam::123456789012:role/CustomRoleBen",
        "arn:aws:iam::123456789012:user/CustomRoleBen",
        "CustomRoleBen",
        "",
    ],
)
def test_nothing_is_asked_about_a_role_of_elsewhere(
    account: Sandbox, clients: Clients, arn: str
) -> None:
    assert observe_role(clients, arn) == Role(arn, foreign=True)
    assert [call.operation for call in account.journal()] == ["GetCallerIdentity"]


def test_policies_of_every_kind_are_read_if_full_access_is_not_attached(
    account: Sandbox, clients: Clients
) -> None:
    iam = account.client("iam")
    iam.detach_role_policy(RoleName="CustomRoleBen", PolicyArn=FULL)
    own = iam.create_policy(PolicyName="Own", PolicyDocument=policy(ENOUGH))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="CustomRoleBen", PolicyArn=own)
    iam.create_policy_version(
        PolicyArn=own, PolicyDocument=policy(ENOUGH, ENOUGH), SetAsDefault=True
    )
    for number in range(3):
        iam.put_role_policy(
            RoleName="CustomRoleBen", PolicyName=f"in{number}", PolicyDocument=policy(ENOUGH)
        )

    found = observe_role(clients, BEN).policies

    assert [document.name for document in found.documents] == ["Own", "in0", "in1", "in2"]
    assert len(json.loads(found.documents[0].text)["Statement"]) == 2
    assert json.loads(found.documents[1].text) == json.loads(policy(ENOUGH))
    assert (found.full_access, found.unread) == (False, ())


def test_namesake_of_full_access_is_not_taken_for_it(account: Sandbox, clients: Clients) -> None:
    iam = account.client("iam")
    iam.detach_role_policy(RoleName="CustomRoleBen", PolicyArn=FULL)
    own = iam.create_policy(PolicyName="AmazonSageMakerFullAccess", PolicyDocument=policy(ENOUGH))[
        "Policy"
    ]["Arn"]
    iam.attach_role_policy(RoleName="CustomRoleBen", PolicyArn=own)

    assert not observe_role(clients, BEN).policies.full_access


def test_role_that_may_not_be_described_still_has_policies(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = observe_denied(account, monkeypatch, "GetRole")

    assert isinstance(found.found, Refused)
    assert found.found.reason.startswith("GetRole: AccessDenied: ")
    assert found.policies.full_access


@pytest.mark.parametrize(
    ("denied", "documents"),
    [
        ("ListAttachedRolePolicies", ["in"]),
        ("GetPolicy", ["in"]),
        ("GetPolicyVersion", ["in"]),
        ("ListRolePolicies", ["Own"]),
        ("GetRolePolicy", ["Own"]),
    ],
)
def test_policy_that_may_not_be_read_leaves_the_others(
    account: Sandbox, monkeypatch: pytest.MonkeyPatch, denied: str, documents: list[str]
) -> None:
    iam = account.client("iam")
    iam.detach_role_policy(RoleName="CustomRoleBen", PolicyArn=FULL)
    own = iam.create_policy(PolicyName="Own", PolicyDocument=policy(ENOUGH))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="CustomRoleBen", PolicyArn=own)
    iam.put_role_policy(RoleName="CustomRoleBen", PolicyName="in", PolicyDocument=policy(ENOUGH))

    found = observe_denied(account, monkeypatch, denied).policies

    assert [document.name for document in found.documents] == documents
    assert [each.reason.split(":")[0] for each in found.unread] == [denied]


def test_service_roles_are_found_with_their_path(account: Sandbox, clients: Clients) -> None:
    account.client("iam").create_role(
        RoleName=LAUNCH, Path="/service-role/", AssumeRolePolicyDocument='{"Statement": []}'
    )

    assert observe_service_roles(clients) == (
        ServiceRole(LAUNCH, f"{ROLE}service-role/{LAUNCH}"),
        ServiceRole(USE, None),
    )
